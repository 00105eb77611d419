import { walkAtRandom } from './walk';

describe('A shop where anybody does anything, on mysql', () => walkAtRandom('mysql'));

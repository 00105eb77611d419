import { walkAtRandom } from './walk';

describe('A shop where anybody does anything, on sqlite', () => walkAtRandom('sqlite'));

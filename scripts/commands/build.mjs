import { build } from '../launcher/build.mjs';

export default function buildAnew() {
  return build({ force: true });
}

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const editorFolder = join(root, 'editor');
/** Everything the launcher makes on this machine; deleting it starts afresh. */
export const stateFolder = join(root, '.orderloom');

/** The file that holds the output of a step or a server. */
export function logFile(name) {
  const folder = join(stateFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.log`);
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds `templates/`; the same whether this runs from source, from `server/dist` or in a container. */
export const projectRoot = findRoot(__dirname);
export const templatesFolder = join(projectRoot, 'templates');

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'templates'))) return folder;
    if (folder === dirname(folder))
      throw new Error(`No folder above ${start} holds templates/; it must be installed too.`);
  }
}

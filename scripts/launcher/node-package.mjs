import { cpSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, writeJson } from './json-file.mjs';
import { root, stateFolder } from './paths.mjs';

/** What `npm publish` would ship. */
const SHIPPED = ['package.json', 'dist'];

/**
 * Puts a package, by default the one just built, where n8n looks for installed community nodes below `userFolder`, so that its types are
 * named as they are when installed from npm (`n8n-nodes-orderloom.createOrder`).
 *
 * n8n follows the link, and would find this repository's own n8n-workflow beside a link to the root: therefore the
 * link points at a copy that has no node_modules.
 */
export function linkNodePackage(userFolder, packageFolder = assembleNodePackage()) {
  const { name, version } = readJson(join(packageFolder, 'package.json'));
  const nodes = join(userFolder, '.n8n', 'nodes');
  const link = join(nodes, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
  symlinkSync(packageFolder, link, 'junction');
  const manifest = join(nodes, 'package.json');
  const content = readJson(manifest, { name: 'installed-nodes', private: true, dependencies: {} });
  writeJson(manifest, { ...content, dependencies: { ...content.dependencies, [name]: version } });
}

/** A running n8n keeps what it has loaded, so the files may be replaced under it. */
function assembleNodePackage() {
  const folder = join(stateFolder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of SHIPPED.filter((name) => existsSync(join(root, name)))) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  return folder;
}

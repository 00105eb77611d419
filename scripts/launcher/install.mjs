import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { readJson, writeJson } from './json-file.mjs';
import { findProgram, npm } from './processes.mjs';
import { step } from './progress.mjs';
import { pinnedNode, pinnedVersion } from './runtime.mjs';
import { editorFolder, root } from './paths.mjs';

/** What of a package.json decides what is installed; scripts and the list of nodes change without an install. */
const INSTALLED_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'workspaces'];

/** Installs the root's packages and the pinned Node, unless they are there already. */
export async function installPackages() {
  if (isInstalled(root) && existsSync(pinnedNode())) return;
  await step('Installing packages', () => npm(['install', '--no-audit', '--no-fund'], { log: 'install' }));
  if (!existsSync(pinnedNode())) {
    await step(`Fetching Node ${pinnedVersion()}`, () => rebuild(root, ['node'], 'install-node'));
  }
  markInstalled(root);
}

/** Installs the pinned n8n with its own Node and database driver, unless they are there already. */
export async function installEditor() {
  if (isInstalled(editorFolder) && existsSync(sqliteBinary())) return;
  await step('Installing the n8n editor (about 2 GB; 3 to 6 minutes the first time)', () =>
    npm(['install', '--no-audit', '--no-fund'], { log: 'install-editor', cwd: editorFolder }),
  );
  if (!existsSync(pinnedNode(editorFolder))) {
    await step('Fetching the Node of the editor', () => rebuild(editorFolder, ['node'], 'install-editor-node'));
  }
  if (!existsSync(sqliteBinary())) {
    await step(
      "Preparing the editor's database driver (compiles for 4 minutes if it can't be downloaded)",
      buildSqlite,
    );
  }
  markInstalled(editorFolder);
}

/** Install scripts are off (see .npmrc); these few packages need theirs. */
function rebuild(folder, packages, log, env = process.env) {
  return npm(['rebuild', ...packages, '--ignore-scripts=false'], { log, cwd: folder, env });
}

/**
 * sqlite3 downloads its binary, and compiles where it can't. The compiler needs Node's headers: given as a folder,
 * because a place without the binary has no headers to download either.
 */
async function buildSqlite() {
  const headers = join(
    editorFolder,
    'node_modules',
    'node',
    'node_modules',
    `node-${process.platform}-${process.arch}`,
  );
  const env = existsSync(join(headers, 'include')) ? { ...process.env, npm_config_nodedir: headers } : process.env;
  try {
    await rebuild(editorFolder, ['sqlite3'], 'install-editor-sqlite3', env);
  } catch (error) {
    const missing = ['g++', 'make', 'python3'].filter((program) => !findProgram(program));
    if (missing.length === 0) throw error;
    throw new Refusal(
      `The editor's database driver could be neither downloaded nor compiled: ${missing.join(', ')} missing.\n` +
        `Install them (Debian: apt-get install g++ make python3), or run npm start -- --no-editor.`,
    );
  }
}

function sqliteBinary() {
  return join(editorFolder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');
}

function isInstalled(folder) {
  return readJson(stampFile(folder), {}).fingerprint === fingerprint(folder);
}

/** Called after the install, because npm may rewrite the lock. */
function markInstalled(folder) {
  writeJson(stampFile(folder), { fingerprint: fingerprint(folder) });
}

/** Inside node_modules, so that whoever deletes that folder deletes the claim with it. */
function stampFile(folder) {
  return join(folder, 'node_modules', '.orderloom-install.json');
}

function fingerprint(folder) {
  const hash = createHash('sha256');
  for (const manifest of [join(folder, 'package.json'), join(folder, 'server', 'package.json')]) {
    const content = readJson(manifest, {});
    hash.update(JSON.stringify(INSTALLED_FIELDS.map((field) => content[field] ?? null)));
  }
  const lock = join(folder, 'package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex');
}

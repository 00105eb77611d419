import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { readJson } from './json-file.mjs';
import { runInForeground } from './processes.mjs';
import { root } from './paths.mjs';

const OLDEST_HOST_NODE = [20, 19];

/** npm itself and this launcher need a host Node; the rest runs on the pinned one. */
export function checkHostNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_HOST_NODE[0] || (major === OLDEST_HOST_NODE[0] && minor >= OLDEST_HOST_NODE[1])) return;
  throw new Refusal(
    `Node ${process.versions.node} is too old: install Node ${OLDEST_HOST_NODE.join('.')} or newer from https://nodejs.org.`,
  );
}

/** Where npm's `node` package puts its binary inside `folder`. */
export function pinnedNode(folder = root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(folder, 'node_modules', 'node', 'bin', name);
}

/** The version that package.json pins, e.g. "24.21.0". */
export function pinnedVersion() {
  return readJson(join(root, 'package.json')).devDependencies.node;
}

/** The path that lets everything we start find the pinned Node first. */
export function pathWithPinnedNode() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return [join(root, 'node_modules', '.bin'), process.env.PATH].join(separator);
}

/**
 * Starts this launcher again on the pinned Node if it runs on another one.
 * @returns {Promise<boolean>} true if the command was carried out by that second launcher
 */
export async function continueOnPinnedNode(args) {
  if (process.versions.node === pinnedVersion()) return false;
  const node = pinnedNode();
  if (!existsSync(node)) throw new Refusal(`${node} is missing; delete node_modules and run this again.`);
  process.exitCode = await runInForeground(node, [join(root, 'scripts', 'run.mjs'), ...args], {
    env: { ...process.env, PATH: pathWithPinnedNode() },
    // The channel carries no messages: its closing tells the second launcher that this one was killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  return true;
}

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { readJson, writeJson } from './json-file.mjs';
import { signalGroup } from './processes.mjs';
import { root, stateFolder } from './paths.mjs';

const file = join(stateFolder, 'running.json');

/**
 * Makes sure that one launcher works in this folder: two would write to the same ledger and the same n8n.
 * The servers of a launcher that was killed are ended first.
 */
export function claimFolder() {
  const { launcher, servers = [] } = readJson(file, {});
  if (launcher !== process.pid && isOurs(launcher)) {
    throw new Refusal(
      `Orderloom already runs from this folder (process ${launcher}). Stop it there with Ctrl-C, or: kill ${launcher}`,
    );
  }
  for (const pid of servers.filter(isOurs)) {
    console.log(`! ended process ${pid}, left over from an earlier start`);
    signalGroup(pid, 'SIGKILL');
  }
  noteServers([]);
}

/** Remembers the servers' process ids for the next start, in case this launcher is killed. */
export function noteServers(servers) {
  writeJson(file, { launcher: process.pid, servers });
}

export function releaseFolder() {
  rmSync(file, { force: true });
}

/** A process id is used again some day: only a process that was started from this folder is ours. */
function isOurs(pid) {
  if (!pid || process.platform === 'win32') return false;
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return (stdout ?? '').includes(root);
}

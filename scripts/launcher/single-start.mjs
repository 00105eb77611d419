import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { readJson, writeJson } from './json-file.mjs';
import { signalGroup } from './processes.mjs';
import { stateFolder } from './paths.mjs';

const file = join(stateFolder, 'running.json');

/**
 * Makes sure that one launcher works in this folder: two would write to the same ledger and the same n8n.
 * The servers of a launcher that was killed are ended first.
 */
export function claimFolder() {
  const { launcher, servers } = readJson(file, { servers: [] });
  if (launcher && isAlive(launcher)) {
    throw new Refusal(
      `Orderloom already runs from this folder (process ${launcher.pid}). ` +
        `Stop it there with Ctrl-C, or: kill ${launcher.pid}`,
    );
  }
  for (const server of servers.filter(isAlive)) {
    console.log(`! ended process ${server.pid}, left over from an earlier start`);
    signalGroup(server.pid, 'SIGKILL');
  }
  noteServers([]);
}

/** Remembers the servers' process ids for the next start, in case this launcher is killed. */
export function noteServers(pids) {
  writeJson(file, { launcher: identify(process.pid), servers: pids.map(identify) });
}

export function releaseFolder() {
  rmSync(file, { force: true });
}

/** A process id is used again some day, but not with the same start time and command. */
function identify(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return { pid, startedAs: (stdout ?? '').trim() };
}

function isAlive({ pid, startedAs }) {
  return startedAs !== '' && identify(pid).startedAs === startedAs;
}

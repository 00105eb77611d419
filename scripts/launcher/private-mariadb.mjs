import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from './paths.mjs';
import { findFreePort } from './ports.mjs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';
import { Refusal } from './refusal.mjs';

const READY_WITHIN_MS = 60_000;
const USER = 'orderloom';

/** For tests: the data is thrown away afterwards, so nothing needs to survive a power cut. */
const FORGETFUL = ['--skip-log-bin', '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0'];
/** For measuring: every commit is on the disk before it is answered, as in production; the rest is MariaDB's default. */
const DURABLE = ['--innodb-flush-log-at-trx-commit=1'];

/**
 * A MariaDB of our own in a temporary folder, on a free port of this machine only.
 * @param {{durable?: boolean}} options
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export function startPrivateMariadb({ durable = false } = {}) {
  return step('Starting MariaDB', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orderloom-mariadb-'));
    const data = join(folder, 'data');
    const socket = join(folder, 'socket');
    const port = await findFreePort();
    const user = `--user=${userInfo().username}`;
    await run(
      findProgram('mariadb-install-db'),
      ['--no-defaults', `--datadir=${data}`, user, '--auth-root-authentication-method=normal', '--skip-test-db'],
      { log: 'mariadb-install' },
    );
    const output = openSync(logFile('mariadb'), 'w');
    const settings = [
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--max-connections=500',
      ...(durable ? DURABLE : FORGETFUL),
    ];
    const server = spawn(findProgram('mariadbd'), ['--no-defaults', user, ...settings], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const stop = async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.kill('SIGTERM')) await gone;
      rmSync(folder, { recursive: true, force: true });
    };
    await ready(socket);
    return { url: `mysql://${USER}:${USER}@127.0.0.1:${port}`, stop };
  });
}

/** Answers once the server takes the statement that makes the tests' user. */
async function ready(socket) {
  const grant = `GRANT ALL ON *.* TO '${USER}'@'127.0.0.1' IDENTIFIED BY '${USER}'`;
  for (const until = Date.now() + READY_WITHIN_MS; ;) {
    try {
      return await run(findProgram('mariadb'), ['--no-defaults', '-uroot', `--socket=${socket}`, '-e', grant], {
        log: 'mariadb-user',
      });
    } catch (error) {
      if (Date.now() > until) throw new Refusal(`MariaDB did not start; see ${logFile('mariadb')}.\n${error.message}`);
      await sleep(200);
    }
  }
}

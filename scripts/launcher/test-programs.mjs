import { existsSync } from 'node:fs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';
import { Refusal } from './refusal.mjs';

/** What the tests run against for real, and where it comes from. */
const PROGRAMS = [
  { name: 'mariadbd', debian: 'mariadb-server' },
  { name: 'mariadb-install-db', debian: 'mariadb-server' },
  { name: 'chromium', debian: 'chromium' },
];

/**
 * Makes sure that the real servers and the browser are there; as root on Debian it installs them.
 * @throws {Refusal} that names what to install elsewhere
 */
export async function requireTestPrograms() {
  const missing = PROGRAMS.filter(({ name }) => !findProgram(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(({ debian }) => debian))];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new Refusal(
      `The tests need ${names}. On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}. ` +
        'Elsewhere, install MariaDB 10.11 or newer and Chromium, and put them on the PATH.',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${packages.join(', ')}`, async () => {
    await run('apt-get', ['update'], { log: 'apt-update', env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { log: 'apt-install', env });
  });
}

import { existsSync } from 'node:fs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';
import { Refusal } from './refusal.mjs';

/** What the tests run against for real, and where it comes from. */
const TEST_PROGRAMS = [
  { name: 'mariadbd', debian: 'mariadb-server' },
  { name: 'mariadb-install-db', debian: 'mariadb-server' },
  { name: 'chromium', debian: 'chromium' },
];

/** Any of these prints labels. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Makes sure that the real servers and the browser are there; as root on Debian it installs them.
 * @throws {Refusal} that names what to install elsewhere
 */
export async function requireTestPrograms() {
  const missing = TEST_PROGRAMS.filter(({ name }) => !findProgram(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(({ debian }) => debian))];
  if (!mayInstall()) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new Refusal(
      `The tests need ${names}. On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}. ` +
        'Elsewhere, install MariaDB 10.11 or newer and Chromium, and put them on the PATH.',
    );
  }
  await install(packages);
}

/**
 * Labels are printed by a browser. On a Linux machine without one it is installed, as root on Debian, or asked for;
 * elsewhere the service finds the browser by itself. Nothing else depends on it, so nothing stops here.
 */
export async function offerBrowser() {
  if (process.platform !== 'linux' || process.env.CHROMIUM_PATH || BROWSERS.some((name) => findProgram(name))) return;
  if (mayInstall()) {
    try {
      return await install(['chromium']);
    } catch (error) {
      console.log(`! ${error.message}`);
    }
  }
  console.log(
    '! There is no Chromium or Chrome, so labels can’t be printed. On Debian: sudo apt-get install chromium.',
  );
  console.log('  Where one lies elsewhere, start again with CHROMIUM_PATH=<its path>.');
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${packages.join(', ')}`, async () => {
    await run('apt-get', ['update'], { log: 'apt-update', env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { log: 'apt-install', env });
  });
}

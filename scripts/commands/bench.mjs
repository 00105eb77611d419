import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { requireTestPrograms } from '../launcher/debian-programs.mjs';
import { root } from '../launcher/paths.mjs';
import { startPrivateMariadb } from '../launcher/private-mariadb.mjs';
import { onStopRequest, runInForeground } from '../launcher/processes.mjs';

const FOLDER = join(root, 'test', 'bench');
/** What a shell answers for a program that was interrupted. */
const INTERRUPTED = 130;

/** The benchmarks against a MariaDB of their own, durable as in production; see test/bench/README.md. */
export default async function bench(args) {
  await requireTestPrograms();
  await build();
  let stopped = false;
  // The database is stopped also when we are asked to end before the benchmark runs and hears it.
  const forget = onStopRequest(() => (stopped = true));
  try {
    const mariadb = await startPrivateMariadb({ durable: true });
    try {
      process.exitCode = stopped ? INTERRUPTED : await measure(mariadb.url, args);
    } finally {
      await mariadb.stop();
    }
  } finally {
    forget();
  }
}

function measure(url, args) {
  const program = ['--require', join(FOLDER, 'run-typescript.cjs'), join(FOLDER, 'main.ts')];
  return runInForeground(process.execPath, [...program, ...args], { env: { ...process.env, BENCH_MYSQL_URL: url } });
}

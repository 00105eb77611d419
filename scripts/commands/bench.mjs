import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { root } from '../launcher/paths.mjs';
import { startPrivateMariadb } from '../launcher/private-mariadb.mjs';
import { onStopRequest, runInForeground } from '../launcher/processes.mjs';
import { showProgressOnStderr } from '../launcher/progress.mjs';
import { requireTestPrograms } from '../launcher/debian-programs.mjs';

const FOLDER = join(root, 'test', 'bench');

/** The benchmarks against a MariaDB of their own, durable as in production; see test/bench/README.md. */
export default async function bench(args) {
  showProgressOnStderr();
  let stopped = false;
  // Until the benchmark itself runs and hears it, so that the database is stopped too.
  const forget = onStopRequest(() => (stopped = true));
  await requireTestPrograms();
  await build();
  const mariadb = await startPrivateMariadb({ durable: true });
  try {
    const env = { ...process.env, BENCH_MYSQL_URL: mariadb.url };
    const program = ['--require', join(FOLDER, 'run-typescript.cjs'), join(FOLDER, 'main.ts')];
    process.exitCode = stopped ? 130 : await runInForeground(process.execPath, [...program, ...args], { env });
  } finally {
    forget();
    await mariadb.stop();
  }
}

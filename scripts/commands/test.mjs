import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { installEditor } from '../launcher/install.mjs';
import { root } from '../launcher/paths.mjs';
import { startPrivateMariadb } from '../launcher/private-mariadb.mjs';
import { runInForeground } from '../launcher/processes.mjs';
import { requireTestPrograms } from '../launcher/test-programs.mjs';

/** Tests that start programs of their own and measure them against the clock; they run one after the other. */
const SERIAL = 'test/(workflows|browser|faults)/';

/** Every test on real servers; with arguments only what matches them. The last line counts them. */
export default async function test(filters) {
  const wanted = filters.filter((filter) => !filter.startsWith('-'));
  const all = wanted.length === 0;
  await requireTestPrograms();
  if (all || wanted.some((filter) => filter.includes('workflows'))) await installEditor();
  await build();
  const mariadb = await startPrivateMariadb();
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-test-results-'));
  try {
    const runs = [
      ['quick', [`--testPathIgnorePatterns=${SERIAL}`, '--maxWorkers=2']],
      ['serial', [`--testPathIgnorePatterns=^(?!.*${SERIAL})`, '--runInBand']],
    ];
    let passed = 0;
    let failed = 0;
    for (const [name, options] of runs) {
      const counts = await runJest([...options, ...filters], join(folder, `${name}.json`), mariadb.url);
      passed += counts.passed;
      failed += counts.failed;
    }
    if (passed + failed === 0) failed = 1;
    process.exitCode = failed === 0 ? 0 : 1;
    console.log(`${passed} passed, ${failed} failed`);
  } finally {
    await mariadb.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runJest(args, resultFile, mysqlUrl) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await runInForeground(
    process.execPath,
    [jest, '--json', `--outputFile=${resultFile}`, '--passWithNoTests', '--forceExit', '--silent=false', ...args],
    { env: { ...process.env, TEST_MYSQL_URL: mysqlUrl }, stdio: ['inherit', 'ignore', 'inherit'] },
  );
  return countTests(resultFile, code);
}

/** A suite that could not even start counts as one failure, and so does a run that left no result. */
function countTests(resultFile, code) {
  try {
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    const broken = result.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    );
    return { passed: result.numPassedTests, failed: result.numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: code === 0 ? 0 : 1 };
  }
}

import { build } from '../launcher/build.mjs';
import { installEditor } from '../launcher/install.mjs';
import { addCounts, listTests, MAX_WORKERS, runJest } from '../launcher/jest.mjs';
import { startPrivateMariadb } from '../launcher/private-mariadb.mjs';
import { Refusal } from '../launcher/refusal.mjs';
import { requireTestPrograms } from '../launcher/debian-programs.mjs';

/** These start servers of their own and measure them against the clock, so they run one after the other. */
const SERIAL = '/test/(workflows|browser|faults)/';
const NOT_SERIAL = '/test/(?!(workflows|browser|faults)/)';
const WITH_EDITOR = /\/test\/(workflows|browser)\//;

/** Every test on real servers; with arguments only what matches them. The last line counts them. */
export default async function test(args) {
  const files = listTests(args.filter((arg) => !arg.startsWith('-')));
  if (files.length === 0) throw new Refusal(`No test file matches ${args.join(' ')}.`);
  await requireTestPrograms();
  if (files.some((file) => WITH_EDITOR.test(file))) await installEditor();
  await build();

  const mariadb = await startPrivateMariadb();
  try {
    const env = { ...process.env, TEST_MYSQL_URL: mariadb.url };
    const groups = [
      {
        matching: files.filter((file) => !file.match(SERIAL)),
        options: [MAX_WORKERS, `--testPathIgnorePatterns=${SERIAL}`],
      },
      {
        matching: files.filter((file) => file.match(SERIAL)),
        options: ['--runInBand', `--testPathIgnorePatterns=${NOT_SERIAL}`],
      },
    ];
    let counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { options } of groups.filter(({ matching }) => matching.length > 0)) {
      counts = addCounts(counts, await runJest([...args, ...options], env));
    }
    report(counts);
  } finally {
    await mariadb.stop();
  }
}

/** On a build machine a skipped test is a failure: nobody would notice it otherwise. */
function report({ passed, failed, skipped }) {
  const missing = process.env.CI === 'true' ? skipped : 0;
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed + missing} failed`);
  process.exitCode = failed + missing > 0 || passed === 0 ? 1 : 0;
}

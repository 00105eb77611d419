import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { root } from '../launcher/paths.mjs';
import { runInForeground } from '../launcher/processes.mjs';
import { Refusal } from '../launcher/refusal.mjs';

/** Suites that need other servers or much time; `npm test` runs them. */
const SLOW = 'test/(workflows|browser|faults)/';

const CHECKS = [
  ['format', ['prettier/bin/prettier.cjs', '--check', '.']],
  ['lint', ['eslint/bin/eslint.js', '.']],
  ['types', ['typescript/bin/tsc', '-p', 'tsconfig.check.json']],
  [
    'fast tests',
    [
      'jest/bin/jest.js',
      `--testPathIgnorePatterns=${SLOW}`,
      '--testNamePattern=^((?!on mysql|MariaDB).)*$',
      '--forceExit',
    ],
  ],
];

/** What a developer runs before a commit; stops at the first thing that is not right. */
export default async function check() {
  await build();
  for (const [name, [script, ...args]] of CHECKS) {
    console.log(`\n── ${name}`);
    const code = await runInForeground(process.execPath, [join(root, 'node_modules', script), ...args]);
    if (code !== 0) throw new Refusal(`The check "${name}" failed; see above.`);
  }
  console.log('\nEverything is in order.');
}

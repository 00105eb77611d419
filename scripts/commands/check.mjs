import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { MAX_WORKERS, runJest } from '../launcher/jest.mjs';
import { root } from '../launcher/paths.mjs';
import { run } from '../launcher/processes.mjs';
import { step } from '../launcher/progress.mjs';
import { Refusal } from '../launcher/refusal.mjs';

/** Suites that need other servers or much time; `npm test` runs them. */
const SLOW = '/test/(workflows|browser|faults|journeys/random-walk)/';
const WITHOUT_MARIADB = '--testNamePattern=^((?!on mysql|MariaDB).)*$';

const CHECKS = [
  { name: 'Format', script: 'prettier/bin/prettier.cjs', args: ['--check', '.'], remedy: 'npx prettier --write .' },
  { name: 'Lint', script: 'eslint/bin/eslint.js', args: ['.'], remedy: 'npx eslint --fix .' },
  { name: 'Types', script: 'typescript/bin/tsc', args: ['-p', 'tsconfig.check.json'] },
];

/** What a developer runs before a commit; every check is made, so that one run shows everything. */
export default async function check() {
  await build();
  const findings = [];
  await step('Format, lint and types', () => Promise.all(CHECKS.map((one) => look(one, findings))));
  findings.forEach(({ message, remedy }) =>
    console.log(`${message}\n${remedy ? `Most is repaired by: ${remedy}\n` : ''}`),
  );

  const { passed, failed } = await runJest([MAX_WORKERS, `--testPathIgnorePatterns=${SLOW}`, WITHOUT_MARIADB]);
  console.log(`${passed} passed, ${failed} failed`);
  const broken = findings.map(({ name }) => name).concat(failed > 0 ? ['Tests'] : []);
  if (broken.length > 0) throw new Refusal(`Not in order: ${broken.join(', ')}; see above.`);
  console.log('Everything is in order.');
}

async function look({ name, script, args, remedy }, findings) {
  try {
    await run(process.execPath, [join(root, 'node_modules', script), ...args], { log: `check-${name.toLowerCase()}` });
  } catch ({ message }) {
    findings.push({ name, message, remedy });
  }
}

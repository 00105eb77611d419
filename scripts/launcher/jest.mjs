import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { root } from './paths.mjs';
import { runInForeground } from './processes.mjs';
import { Refusal } from './refusal.mjs';

/** Both cores of a small machine; more would only fight over one MariaDB. */
export const MAX_WORKERS = '--maxWorkers=2';

const JEST = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** The test files whose path matches one of `patterns`; all of them without patterns. */
export function listTests(patterns = []) {
  const args = [JEST, '--listTests', '--json', ...patterns];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Refusal(`jest can't list the tests:\n${stderr}`);
  return JSON.parse(stdout);
}

/**
 * Runs jest on the user's terminal. In `args` patterns come before options: some options take every word that follows.
 * @returns {Promise<{passed: number, failed: number, skipped: number}>}
 */
export async function runJest(args, env = process.env) {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-jest-'));
  const resultFile = join(folder, 'result.json');
  const ours = ['--json', `--outputFile=${resultFile}`, '--forceExit'];
  try {
    // jest reports on stderr; on stdout it would repeat the result as JSON.
    const stdio = ['inherit', 'ignore', 'inherit'];
    const code = await runInForeground(process.execPath, [JEST, ...ours, ...args], { env, stdio });
    const result = readJson(resultFile, undefined);
    if (!result) throw new Refusal(`jest ended with ${code} and left no result.`);
    return countTests(result, code);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that could not even start counts as one failure, and so does whatever else jest was unhappy about. */
function countTests({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }, code) {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  );
  const failed = numFailedTests + broken.length;
  return {
    passed: numPassedTests,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: numPendingTests + numTodoTests,
  };
}

export function addCounts(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

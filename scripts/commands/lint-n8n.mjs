import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { readJson } from '../launcher/json-file.mjs';
import { npm, run, runInForeground } from '../launcher/processes.mjs';
import { root } from '../launcher/paths.mjs';
import { step } from '../launcher/progress.mjs';
import { Refusal } from '../launcher/refusal.mjs';

/** n8n's own lint rules on the sources, and its package scanner on what `npm publish` would ship. */
export default async function lintN8n() {
  await build();
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const code = await runInForeground(process.execPath, [eslint, 'nodes', 'credentials', 'package.json']);
  if (code !== 0) throw new Refusal("n8n's lint rules found the problems above.");

  const folder = mkdtempSync(join(tmpdir(), 'orderloom-pack-'));
  try {
    const findings = await step('Scanning the package', () => scan(folder));
    if (findings.length > 0) throw new Refusal(findings.join('\n'));
    console.log("n8n's lint rules and package scanner have nothing to say.");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The scanner's command line downloads what is published already, so its two analyses, of the sources and of what
 * is shipped, are called on our own package with its own patterns.
 */
async function scan(folder) {
  await npm(['pack', '--pack-destination', folder], { log: 'pack' });
  const { name, version } = readJson(join(root, 'package.json'));
  await run('tar', ['-xzf', join(folder, `${name}-${version}.tgz`), '-C', folder], { log: 'unpack' });
  const { analyzePackage, SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
  const results = [
    await analyzePackage(root, SOURCE_FILE_PATTERNS),
    await analyzePackage(join(folder, 'package'), ['**/*.js', 'package.json']),
  ];
  return results.filter(({ passed }) => !passed).map(({ message, details }) => `${message}\n${details ?? ''}`);
}

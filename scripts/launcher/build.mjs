import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readJson, writeJson } from './json-file.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { root } from './paths.mjs';

const SOURCES = ['nodes', 'credentials', 'server', 'package.json', 'tsconfig.json', 'gulpfile.js'];
const NOT_SOURCES = new Set(['node_modules', 'dist']);
const COMPILED = /(\.d\.ts|\.d\.ts\.map|\.js\.map|\.js)$/;

/** Compiles the n8n package and the service, unless no source has changed since the last time. */
export async function build({ force = false } = {}) {
  const stamp = join(root, 'dist', '.build.json');
  const fingerprint = fingerprintSources();
  if (!force && readJson(stamp, {}).fingerprint === fingerprint && existsSync(join(root, 'server', 'dist'))) return;
  await step('Building', compile);
  removeOrphans(join(root, 'dist'), root);
  removeOrphans(join(root, 'server', 'dist'), join(root, 'server'));
  writeJson(stamp, { fingerprint });
}

async function compile() {
  const script = (path, args, log) => run(process.execPath, [join(root, 'node_modules', path), ...args], { log });
  await Promise.all([
    script('typescript/bin/tsc', ['-p', 'tsconfig.json'], 'build-nodes'),
    script('typescript/bin/tsc', ['-p', 'server/tsconfig.json'], 'build-server'),
    script('gulp/bin/gulp.js', ['build:icons'], 'build-icons'),
  ]);
}

/** Sizes and times are enough to notice an edit, and cost milliseconds. */
function fingerprintSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of listFiles(join(root, source))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** A renamed source leaves its old output behind, which n8n or the service's migrations would still load. */
function removeOrphans(output, source) {
  for (const file of listFiles(output)) {
    const origin = join(source, relative(output, file).replace(COMPILED, '.ts'));
    if (COMPILED.test(file) && !existsSync(origin)) rmSync(file);
  }
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !NOT_SOURCES.has(entry.name))
    .flatMap((entry) => listFiles(join(path, entry.name)))
    .sort();
}

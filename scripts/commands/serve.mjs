import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { runInForeground } from '../launcher/processes.mjs';
import { root } from '../launcher/paths.mjs';

/** The service as in production: every setting comes from the environment. */
export default async function serve() {
  await build();
  process.exitCode = await runInForeground(process.execPath, [join(root, 'server', 'dist', 'main.js'), 'serve']);
}

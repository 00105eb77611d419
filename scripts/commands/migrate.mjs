import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { runInForeground } from '../launcher/processes.mjs';
import { root } from '../launcher/paths.mjs';

/** Brings the database that DATABASE_URL names to the newest schema. */
export default async function migrate() {
  await build();
  process.exitCode = await runInForeground(process.execPath, [join(root, 'server', 'dist', 'main.js'), 'migrate']);
}

#!/usr/bin/env node
/**
 * The one way in: `node scripts/run.mjs <command>`, called by every npm script.
 *
 * It runs before anything is installed, on whatever Node the host has, so it may import Node's built-ins only.
 * It installs what is missing, carries on under the pinned Node, and hands over to the command.
 */
import { Refusal } from './launcher/refusal.mjs';
import { checkHostNode, continueOnPinnedNode } from './launcher/runtime.mjs';
import { installPackages } from './launcher/install.mjs';
import { showProgressOnStderr } from './launcher/progress.mjs';
import { root } from './launcher/paths.mjs';
import { requireShop } from './launcher/shop-choice.mjs';

const commands = {
  start:
    'the service and the n8n editor with a demo store (-- --no-editor: the service alone; -- --shop counter: another)',
  demo: 'orders through the pipelines of a running npm start; -- 50 sends 50, -- --shop counter: in that shop',
  test: 'every test; -- test/orders runs only what matches',
  check: 'format, lint, types and the fast tests, before a commit',
  build: 'compile the n8n package to dist/ and the service to server/dist/',
  serve: 'the service alone, as in production',
  migrate: 'bring the database to the newest schema',
  bench: 'how fast it is beside bare SQL, one JSON line a figure; -- --quick only shows that it works',
  'lint:n8n': "n8n's own lint rules and package scanner",
};

/** Commands whose standard output is for programs. */
const FOR_PROGRAMS = new Set(['bench']);

async function main([name, ...args]) {
  if (!Object.hasOwn(commands, name ?? '')) throw new Refusal(describeCommands(name));
  process.chdir(root);
  requireShop();
  if (FOR_PROGRAMS.has(name)) showProgressOnStderr();
  checkHostNode();
  await installPackages();
  if (await continueOnPinnedNode([name, ...args])) return;
  const command = await import(`./commands/${name.replace(':', '-')}.mjs`);
  await command.default(args);
}

function describeCommands(name) {
  const list = Object.entries(commands).map(([command, does]) => `  ${command.padEnd(10)} ${does}`);
  const question = name ? `There is no command "${name}".` : 'Which command?';
  return [`${question} These exist:`, ...list].join('\n');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Refusal ? `\n${error.message}` : error);
  process.exitCode = 1;
}

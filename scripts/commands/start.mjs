import { join } from 'node:path';
import { build } from '../launcher/build.mjs';
import { offerBrowser } from '../launcher/debian-programs.mjs';
import { readDemoShop, seedDemoShop } from '../launcher/demo-shop.mjs';
import { describeEditor } from '../launcher/editor.mjs';
import { EditorClient } from '../launcher/editor-client.mjs';
import { installEditor } from '../launcher/install.mjs';
import { logFile, MAIN_SHOP, SHOP_FLAG, shopName, stateFolder } from '../launcher/paths.mjs';
import { onStopRequest } from '../launcher/processes.mjs';
import { pipelinesKey } from '../launcher/pipelines-key.mjs';
import { requireFreePort } from '../launcher/ports.mjs';
import { step } from '../launcher/progress.mjs';
import { ServerProcess } from '../launcher/server-process.mjs';
import { describeService, ServiceClient } from '../launcher/service.mjs';
import { EDITOR_PORT, portFromEnvironment, readSecrets, SERVICE_PORT } from '../launcher/settings.mjs';
import { claimFolder, noteServers, releaseFolder } from '../launcher/single-start.mjs';
import { Supervisor } from '../launcher/supervisor.mjs';
import { loadWorkflows, readWorkflows, restoreSubscriptions, shippedFiles } from '../launcher/workflows.mjs';

/** One Ctrl-C arrives several times: from the terminal, from npm and from the launcher that started this one. */
const SAME_SIGNAL_MS = 1_000;

/** `npm start`: the service with a demo store, and the n8n editor with our nodes, credential and workflows. */
export default async function start(args) {
  const demo = {
    withEditor: !args.includes('--no-editor'),
    servicePort: portFromEnvironment('PORT', SERVICE_PORT),
    editorPort: portFromEnvironment('N8N_PORT', EDITOR_PORT),
    secrets: readSecrets(),
  };
  claimFolder();
  await requireFreePort(demo.servicePort, 'PORT', 'the service');
  if (demo.withEditor) await requireFreePort(demo.editorPort, 'N8N_PORT', 'the editor');
  if (demo.withEditor) {
    await installEditor();
    await offerBrowser();
  }
  await build();

  const supervisor = new Supervisor({ onChange: noteServers });
  stopOnSignals(supervisor);
  try {
    const service = await startService(supervisor, demo);
    if (demo.withEditor) await startEditor(supervisor, demo, service);
    printAddresses(demo);
  } catch (error) {
    // Stopped by the user while starting: what fails then is no news.
    if (supervisor.isStopping) return;
    await supervisor.stop();
    releaseFolder();
    throw error;
  }
}

async function startService(supervisor, { servicePort, secrets }) {
  const server = new ServerProcess(describeService({ port: servicePort, adminApiKey: secrets.adminApiKey }));
  await step('Starting the service', () => supervisor.keep(server));
  const service = new ServiceClient(`http://localhost:${servicePort}`, secrets.adminApiKey);
  await step('Filling the demo shop', () => seedDemoShop(service));
  return service;
}

async function startEditor(supervisor, { editorPort, servicePort, secrets }, service) {
  const userFolder = join(stateFolder, 'n8n');
  const server = new ServerProcess(await describeEditor({ port: editorPort, userFolder, logFile: logFile('editor') }));
  await step('Starting the n8n editor', () => supervisor.keep(server));

  const editorUrl = `http://localhost:${editorPort}`;
  const editor = new EditorClient(editorUrl);
  if (!(await logIn(editor, secrets))) return;
  const workflows = readWorkflows(shippedFiles(readDemoShop().pipelines));
  const baseUrl = `http://localhost:${servicePort}`;
  const apiKey = await pipelinesKey(service, baseUrl);
  const outcomes = await step(`Loading ${workflows.length} workflows`, () =>
    loadWorkflows(editor, {
      workflows,
      service: { baseUrl, apiKey },
      memoryFile: join(userFolder, 'loaded-workflows.json'),
    }),
  );
  outcomes.forEach(reportOutcome);
  const subscribedUrls = (await service.list('/webhooks')).map((subscription) => subscription.url);
  const restored = await restoreSubscriptions(editor, { workflows, editorUrl, subscribedUrls });
  if (restored.length > 0) console.log(`✔ Subscribed again to the service's events: ${restored.join(', ')}`);
}

/** A user who has changed the owner's password has taken the editor over; the rest works as before. */
async function logIn(editor, secrets) {
  try {
    await editor.logIn(secrets);
    return true;
  } catch (error) {
    console.log(`! The editor runs, but its workflows were not looked at, because the log-in failed: ${error.message}`);
    console.log(`  If you changed the password, write the new one to ${join(stateFolder, 'secrets.json')}.`);
    return false;
  }
}

function reportOutcome({ name, outcome, reason }) {
  if (outcome === 'kept') console.log(`  "${name}" was changed in the editor and stays as it is`);
  if (outcome === 'failed') console.log(`! "${name}" was not published: ${reason}`);
}

function printAddresses({ withEditor, editorPort, servicePort, secrets }) {
  const service = `http://localhost:${servicePort}`;
  const lines = [
    ['Service', `${service}   API key ${secrets.adminApiKey}`],
    ['API', `${service}/docs`],
    ['Mailbox', `${service}/mailbox`],
  ];
  const login = `http://localhost:${editorPort}   ${secrets.editorEmail} / ${secrets.editorPassword}`;
  if (withEditor) {
    lines.unshift(['n8n editor', login]);
    const demo = shopName === MAIN_SHOP ? 'npm run demo' : `npm run demo -- ${SHOP_FLAG} ${shopName}`;
    lines.push(['See it work', `${portsForDemo({ servicePort, editorPort })}${demo}   in a second terminal`]);
  }
  console.log(
    `\n${lines.map(([label, value]) => `  ${label.padEnd(12)} ${value}`).join('\n')}\n\n  Ctrl-C stops everything.`,
  );
}

/** The demonstration looks at the usual ports unless it is told others. */
function portsForDemo({ servicePort, editorPort }) {
  const service = servicePort === SERVICE_PORT ? '' : `PORT=${servicePort} `;
  const editor = editorPort === EDITOR_PORT ? '' : `N8N_PORT=${editorPort} `;
  return service + editor;
}

/** The first request stops everything in order, a second Ctrl-C at once. */
function stopOnSignals(supervisor) {
  let stoppingSince;
  const stop = async (signal) => {
    if (stoppingSince) {
      if (signal !== 'SIGINT' || Date.now() - stoppingSince < SAME_SIGNAL_MS) return;
      await supervisor.kill();
      process.exit(1);
    }
    stoppingSince = Date.now();
    console.log('\nStopping …');
    await supervisor.stop();
    releaseFolder();
    process.exit(0);
  };
  onStopRequest(stop);
}

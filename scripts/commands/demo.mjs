import { join } from 'node:path';
import { requestJson } from '../launcher/json-client.mjs';
import { stateFolder } from '../launcher/paths.mjs';
import { Refusal } from '../launcher/refusal.mjs';
import { ServiceClient } from '../launcher/service.mjs';
import { EDITOR_PORT, portFromEnvironment, readSecrets, SERVICE_PORT } from '../launcher/settings.mjs';
import { withoutShop } from '../launcher/shop-choice.mjs';
import { saveKeepsakes } from '../demo/keepsakes.mjs';
import { runDemo } from '../demo/run-demo.mjs';
import { StageBar } from '../demo/stage-bar.mjs';
import { summaryLines } from '../demo/summary.mjs';

const COUNT = 20;
const COUNT_MAX = 500;
const LIMIT_MS = 300_000;
const LIMIT_PER_ORDER_MS = 8_000;
const UNAVAILABLE = 503;
const ASK_TIMEOUT_MS = 5_000;

/**
 * `npm run demo`: sends orders through the pipelines of a running `npm start`, and says how each ended.
 * @param {string[]} args how many
 */
export default async function demo(args) {
  const [wanted] = withoutShop(args);
  const count = readCount(wanted);
  const serviceUrl = `http://localhost:${portFromEnvironment('PORT', SERVICE_PORT)}`;
  const editorUrl = `http://localhost:${portFromEnvironment('N8N_PORT', EDITOR_PORT)}`;
  const service = await findService(serviceUrl);
  await requirePipelines(service, editorUrl);

  const bar = new StageBar();
  let progress = { ended: 0, count, byStatus: {}, waiting: [] };
  const limitMs = LIMIT_MS + count * LIMIT_PER_ORDER_MS;
  console.log(`Sending ${count} orders through the pipelines, and playing the people of the shop.`);
  const onProgress = (now) => {
    progress = now;
    bar.show(now);
  };
  const result = await runDemo({ service, count, limitMs, onProgress }).catch(sayThatItIsGone(serviceUrl));
  bar.end(progress);
  const keepsakes = await saveKeepsakes(service, result, join(stateFolder, 'demo'));
  console.log(summaryLines(result, { serviceUrl, editorUrl, keepsakes }).join('\n'));
  process.exitCode = result.isGood ? 0 : 1;
}

function readCount(wanted = String(COUNT)) {
  const count = Number(wanted);
  if (Number.isInteger(count) && count > 0 && count <= COUNT_MAX) return count;
  throw new Refusal(`Say how many orders, from 1 to ${COUNT_MAX}, such as: npm run demo -- 50`);
}

/** @throws {Refusal} if the service is not there, is not this folder's, has other stores, or catches no mail */
async function findService(url) {
  if (!(await answers(`${url}/readyz`))) {
    throw new Refusal(
      `Nothing runs at ${url}. Start it first with npm start, in a terminal of its own.\n` +
        'If it runs on other ports, name them here too: PORT=3300 N8N_PORT=5700 npm run demo',
    );
  }
  const { adminApiKey: apiKey } = readSecrets();
  const stores = await new ServiceClient(url, apiKey).get('/stores').catch((error) => {
    throw new Refusal(
      `The service at ${url} was not started from this folder, or for another shop: ${error.message}\n` +
        'Set PORT to the one that was, or name its shop: npm run demo -- --shop counter',
    );
  });
  if (stores.items.length > 1) {
    throw new Refusal(`The demo wants the demo shop alone, and this ledger has ${stores.items.length} stores.`);
  }
  if (!(await answers(`${url}/mailbox.json`))) {
    throw new Refusal('The service sends its mail out (SMTP_URL is set), and the demo reads it in the demo mailbox.');
  }
  return { url, apiKey };
}

/** @throws {Refusal} if n8n is not there, or its pipelines hear of no orders */
async function requirePipelines({ url, apiKey }, editorUrl) {
  if (!(await answers(`${editorUrl}/healthz/readiness`))) {
    throw new Refusal(
      `The service runs, but n8n does not answer at ${editorUrl}. Start both with npm start (without --no-editor).`,
    );
  }
  const subscriptions = await new ServiceClient(url, apiKey).list('/webhooks');
  if (subscriptions.some(({ events }) => events.includes('order.placed'))) return;
  throw new Refusal(
    'n8n runs, but no pipeline of it starts when an order is placed. ' +
      'Publish the pipelines in the editor, or start npm start again.',
  );
}

/** What an order refuses is part of the summary; a service that is gone ends the demonstration half-way. */
function sayThatItIsGone(url) {
  return (error) => {
    const isGone = error.name === 'TimeoutError' || error.message === 'fetch failed' || error.status === UNAVAILABLE;
    if (!isGone) throw error;
    throw new Refusal(`The service at ${url} does not answer any more: ${error.cause?.message ?? error.message}`);
  };
}

async function answers(url) {
  try {
    await requestJson('GET', url, { timeoutMs: ASK_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

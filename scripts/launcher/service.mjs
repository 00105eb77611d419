import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { requestJson } from './json-client.mjs';
import { logFile, root, stateFolder } from './paths.mjs';

const CONFLICT = 409;
const READY_TIMEOUT_MS = 60_000;

/** How to start the built service for the demo; what the environment says stands above our defaults. */
export function describeService({ port, adminApiKey }) {
  const url = `http://localhost:${port}`;
  return {
    name: 'The service',
    command: process.execPath,
    args: [join(root, 'server', 'dist', 'main.js'), 'serve'],
    cwd: root,
    env: {
      DEMO: 'true',
      DATABASE_URL: `sqlite:${join(stateFolder, 'ledger.sqlite')}`,
      DATA_FOLDER: stateFolder,
      PUBLIC_URL: url,
      ...process.env,
      PORT: String(port),
      ADMIN_API_KEY: adminApiKey,
    },
    logFile: logFile('service'),
    readyUrl: `${url}/readyz`,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}

/** The service's API as its admin. */
export class ServiceClient {
  #url;
  #apiKey;

  constructor(url, apiKey) {
    this.#url = `${url}/api/v1`;
    this.#apiKey = apiKey;
  }

  async get(path) {
    const { content } = await requestJson('GET', this.#url + path, { headers: this.#headers() });
    return content;
  }

  async post(path, body, idempotencyKey) {
    const headers = { ...this.#headers(), 'idempotency-key': idempotencyKey };
    const { content } = await requestJson('POST', this.#url + path, { headers, body });
    return content;
  }

  /** Every element of a list, page after page. */
  async list(path) {
    const items = [];
    for (let after = ''; after !== null;) {
      const page = await this.get(`${path}?limit=100${after && `&after=${encodeURIComponent(after)}`}`);
      items.push(...page.items);
      after = page.nextCursor;
    }
    return items;
  }

  #headers() {
    return { authorization: `Bearer ${this.#apiKey}` };
  }
}

/**
 * Fills an empty ledger with the demo shop. Each call carries a key of its own, so that a start killed half-way
 * is taken up by the next one.
 * @param {ServiceClient} service
 * @returns {Promise<boolean>} whether anything was missing
 */
export async function seedDemoShop(service) {
  const stock = await service.get('/inventory?limit=1');
  if (stock.items.length > 0) return false;
  const shop = readJson(join(root, 'demo', 'shop.json'));
  for (const user of shop.users) await makeOnce(service, '/users', user, `demo-user-${user.email}`);
  for (const product of shop.products) await makeOnce(service, '/products', product, `demo-product-${product.sku}`);
  await service.post('/inventory/receipts', shop.receipt, 'demo-receipt');
  return true;
}

async function makeOnce(service, path, body, key) {
  try {
    await service.post(path, body, key);
  } catch (error) {
    if (error.status !== CONFLICT) throw error;
  }
}

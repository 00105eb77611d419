import { join } from 'node:path';
import { readDemoShop } from './demo-shop.mjs';
import { requestJson } from './json-client.mjs';
import { logFile, root, stateFolder } from './paths.mjs';

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
      STORE_NAME: readDemoShop().store.name,
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

  post(path, body, idempotencyKey) {
    return this.#write('POST', path, body, idempotencyKey);
  }

  put(path, body, idempotencyKey) {
    return this.#write('PUT', path, body, idempotencyKey);
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

  async #write(method, path, body, idempotencyKey) {
    const headers = { ...this.#headers(), 'idempotency-key': idempotencyKey };
    const { content } = await requestJson(method, this.#url + path, { headers, body });
    return content;
  }

  #headers() {
    return { authorization: `Bearer ${this.#apiKey}` };
  }
}

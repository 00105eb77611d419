import { setTimeout as sleep } from 'node:timers/promises';
import { RequestFailed, requestJson } from '../launcher/json-client.mjs';
import { ServiceClient } from '../launcher/service.mjs';

const UNAVAILABLE = 503;
/** A service that was killed is back within seconds; on a busy machine it takes a while. */
const GIVEN_UP_AFTER_MS = 60_000;
const BETWEEN_TRIES_MS = 1_000;

/**
 * The service as the demonstration calls it. A service that is started again in the middle is called again: every write
 * has a key of its own, so it counts once.
 */
export class Api {
  #service;

  constructor({ url, apiKey }) {
    this.url = url;
    this.#service = new ServiceClient(url, apiKey);
  }

  get(path) {
    return persistently(() => this.#service.get(path));
  }

  list(path) {
    return persistently(() => this.#service.list(path));
  }

  post(path, body, idempotencyKey) {
    return persistently(() => this.#service.post(path, body, idempotencyKey));
  }

  put(path, body, idempotencyKey) {
    return persistently(() => this.#service.put(path, body, idempotencyKey));
  }

  /** What the demo shows outside its API: the mailbox and the courier's sandbox. */
  async outside(method, path, body) {
    const { content } = await persistently(() => requestJson(method, this.url + path, { body }));
    return content;
  }
}

/** A refusal is an answer and is passed on; no answer, or "not now", is asked again. */
async function persistently(call) {
  for (const until = Date.now() + GIVEN_UP_AFTER_MS; ;) {
    try {
      return await call();
    } catch (error) {
      const isRefusal = error instanceof RequestFailed && error.status !== UNAVAILABLE;
      if (isRefusal || Date.now() > until) throw error;
      await sleep(BETWEEN_TRIES_MS);
    }
  }
}

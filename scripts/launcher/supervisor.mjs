import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A server that ran this long before it died is restarted without a longer pause. */
const STEADY_MS = 60_000;

/** Keeps servers running until it is told to stop; a server that keeps dying is restarted ever more slowly. */
export class Supervisor {
  #servers = [];
  #stopping = false;
  #stopped = new AbortController();
  #onChange;

  /** @param {{onChange: (pids: number[]) => void}} options told the servers' process ids whenever they change */
  constructor({ onChange }) {
    this.#onChange = onChange;
  }

  get isStopping() {
    return this.#stopping;
  }

  /** Starts `server`, and starts it again whenever it dies. */
  async keep(server) {
    if (this.#stopping) return;
    this.#servers.unshift(server);
    await this.#start(server);
    void this.#watch(server);
  }

  /** Stops the servers, the last one started first, because it calls the ones before. */
  async stop() {
    this.#stopping = true;
    this.#stopped.abort();
    for (const server of this.#servers) await server.stop();
  }

  /** Ends the servers at once. */
  async kill() {
    this.#stopping = true;
    await Promise.all(this.#servers.map((server) => server.kill()));
  }

  async #start(server) {
    const ready = server.start();
    this.#onChange(this.#servers.map(({ pid }) => pid).filter(Boolean));
    await ready;
  }

  async #watch(server) {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stopping) {
      const startedAt = Date.now();
      await server.exited;
      if (this.#stopping) return;
      if (Date.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      console.log(`! ${server.name} ended; starting it again in ${pauseMs / 1000} s. Its log: ${server.logFile}`);
      await this.#restart(server, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  async #restart(server, pauseMs) {
    try {
      // What the dead server had started itself still holds ports and files.
      await server.kill();
      await sleep(pauseMs, undefined, { signal: this.#stopped.signal });
      await this.#start(server);
      console.log(`✔ ${server.name} runs again`);
    } catch (error) {
      if (!this.#stopping) console.log(`! ${error.message}`);
    }
  }
}

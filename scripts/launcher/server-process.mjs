import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';
import { signalGroup, tail } from './processes.mjs';

const POLL_MS = 200;
const STOP_TIMEOUT_MS = 15_000;

/** A server as a child process: started, waited for, stopped with everything it started itself. */
export class ServerProcess {
  #child;
  #exited = Promise.resolve();
  #description;

  /**
   * @param {object} description
   * @param {string} description.name for messages, e.g. "the service"
   * @param {string} description.command
   * @param {string[]} description.args
   * @param {string} description.cwd
   * @param {Record<string, string>} description.env
   * @param {string} description.logFile receives the output; begun anew by the first start, kept over restarts
   * @param {string} description.readyUrl answers 200 once the server can work
   * @param {number} description.readyTimeoutMs
   */
  constructor(description) {
    this.#description = description;
  }

  get name() {
    return this.#description.name;
  }

  get logFile() {
    return this.#description.logFile;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Resolves when the process has ended; at once if it does not run. */
  get exited() {
    return this.#exited;
  }

  get #running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process and waits until it can work. */
  async start() {
    const { command, args, cwd, env, logFile } = this.#description;
    const output = openSync(logFile, this.#child ? 'a' : 'w');
    // A group of its own: Ctrl-C reaches only the launcher, which then stops its servers in order.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve);
    });
    await this.#untilReady();
  }

  /** Asks the process to end, and ends it after a while. */
  async stop() {
    if (!this.#running) return;
    const child = this.#child;
    child.kill('SIGTERM');
    const timeout = new AbortController();
    await Promise.race([this.#exited, sleep(STOP_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => {})]);
    timeout.abort();
    await this.kill();
  }

  /** Ends the process and all it started, as a power cut would. */
  async kill() {
    if (this.#child?.pid) signalGroup(this.#child.pid, 'SIGKILL');
    await this.#exited;
  }

  async #untilReady() {
    const { name, readyUrl, readyTimeoutMs, logFile } = this.#description;
    const deadline = Date.now() + readyTimeoutMs;
    while (Date.now() < deadline) {
      if (!this.#running) throw new Refusal(`${name} ended while starting. The end of ${logFile}:\n\n${tail(logFile)}`);
      if (await answers(readyUrl)) return;
      await sleep(POLL_MS);
    }
    await this.kill();
    const seconds = readyTimeoutMs / 1000;
    throw new Refusal(`${name} was not ready after ${seconds} s. The end of ${logFile}:\n\n${tail(logFile)}`);
  }
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

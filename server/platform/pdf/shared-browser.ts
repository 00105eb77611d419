import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';

const LAUNCH_TIMEOUT_MS = 10_000;
const ALIVE_WITHIN_MS = 1_000;
const CLOSE_WITHIN_MS = 3_000;

/** Where installers put Chromium and Chrome. */
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const ARGUMENTS = [
  // Its pages run no scripts and reach no network, and as root or in a container there is no sandbox to be had.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Containers have little shared memory.
  '--disable-dev-shm-usage',
  // A second bar behind the pages' own: no name leads anywhere.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** One Chromium for all PDFs: started when it is first needed, started anew when it died, sent home after a while. */
export class SharedBrowser {
  private running: Promise<Browser> | undefined;
  private rest: NodeJS.Timeout | undefined;

  /** `chromiumPath` is CHROMIUM_PATH; empty looks in the usual places. */
  constructor(
    private readonly chromiumPath: string,
    private readonly idleMs: number,
    private readonly logger: Logger,
  ) {}

  /** The running browser, or a new one. Throws 503 PDF_UNAVAILABLE. */
  async open(): Promise<Browser> {
    clearTimeout(this.rest);
    this.running ??= this.launch();
    return this.running;
  }

  /** Closes it when nobody asks for it in the time it may be idle. */
  restSoon(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.close(), this.idleMs);
    this.rest.unref();
  }

  /** Ends a browser that does not answer; whoever comes next gets a new one. */
  async retireUnlessAlive(browser: Browser): Promise<void> {
    const answered = await within(ALIVE_WITHIN_MS, browser.version());
    if (answered) return;
    this.logger.warn({ pid: browser.process()?.pid }, 'pdf.browser_lost');
    browser.process()?.kill('SIGKILL');
    await this.forget(browser);
  }

  async close(): Promise<void> {
    clearTimeout(this.rest);
    const running = this.running;
    this.running = undefined;
    const browser = await running?.catch(() => undefined);
    if (!browser) return;
    if (
      !(await within(
        CLOSE_WITHIN_MS,
        browser.close().then(() => true),
      ))
    )
      browser.process()?.kill('SIGKILL');
  }

  private async launch(): Promise<Browser> {
    try {
      const browser = await puppeteer.launch({
        executablePath: this.findProgram(),
        args: ARGUMENTS,
        timeout: LAUNCH_TIMEOUT_MS,
        // Over a pipe the browser ends with us, even when we are killed.
        pipe: true,
        // Signals are the service's own business: it finishes what is in hand first.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      browser.once('disconnected', () => void this.forget(browser));
      this.logger.info({ pid: browser.process()?.pid }, 'pdf.browser_started');
      return browser;
    } catch (error) {
      this.running = undefined;
      if (error instanceof UnavailableError) throw error;
      throw unavailable('Chromium, which makes the PDFs, does not start. See the log, and CHROMIUM_PATH.', error);
    }
  }

  private findProgram(): string {
    const program = this.chromiumPath
      ? [this.chromiumPath].find((path) => existsSync(path))
      : USUAL_PLACES.find((path) => existsSync(path));
    if (program) return program;
    const looked = this.chromiumPath
      ? `CHROMIUM_PATH names ${this.chromiumPath}, where nothing is`
      : 'no Chromium was found in the usual places';
    throw unavailable(`PDFs are made by Chromium, but ${looked}. Install it, or set CHROMIUM_PATH to the program.`);
  }

  private async forget(browser: Browser): Promise<void> {
    const current = await this.running?.catch(() => undefined);
    if (current === browser) this.running = undefined;
  }
}

function unavailable(message: string, cause?: unknown): UnavailableError {
  return new UnavailableError('PDF_UNAVAILABLE', message, { cause, facts: { setting: 'CHROMIUM_PATH' } });
}

/** What the work answers, or nothing when it fails or takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), ms);
  });
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

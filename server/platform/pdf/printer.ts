import type { Browser, Page } from 'puppeteer-core';
import type { Config } from '../config';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { SharedBrowser, within } from './shared-browser';
import { Slots } from './slots';

export interface PdfLimits {
  /** Pages open at the same time; each costs about 100 MB. */
  pagesAtOnce: number;
  /** Prints that may wait for a page; one more is refused. */
  waitingMax: number;
  /** How long a print waits for a page, in milliseconds. */
  waitMaxMs: number;
  /** How long one PDF may take, the start of the browser and a second try included, in milliseconds. */
  timeoutMs: number;
  /** How long a browser without work stays open, in milliseconds. */
  idleMs: number;
}

/** Waiting and printing together stay below the 30 seconds that our steps wait for an answer. */
export const PDF_LIMITS: PdfLimits = {
  pagesAtOnce: 3,
  waitingMax: 50,
  waitMaxMs: 10_000,
  timeoutMs: 15_000,
  idleMs: 300_000,
};

const TRIES = 2;
const RETRY_AFTER_SECONDS = 5;
const CLOSE_PAGE_WITHIN_MS = 1_000;

/** Makes PDFs of HTML pages that carry all they need: no script of theirs runs, and nothing is fetched for them. */
export class PdfPrinter {
  private readonly browser: SharedBrowser;
  private readonly slots: Slots;
  private closed = false;

  constructor(
    { chromiumPath }: Pick<Config, 'chromiumPath'>,
    logger: Logger,
    private readonly limits: PdfLimits = PDF_LIMITS,
  ) {
    this.browser = new SharedBrowser(chromiumPath, limits.idleMs, logger);
    this.slots = new Slots({ atOnce: limits.pagesAtOnce, ...limits });
  }

  /**
   * The page as PDF, in the size its own style sheet says (`@page`). A browser that dies over it is replaced and the
   * page printed once more. Throws 503 PDF_UNAVAILABLE, PDF_BUSY, PDF_TIMEOUT or PDF_FAILED.
   */
  async print(html: string): Promise<Buffer> {
    const giveBack = await this.slots.take();
    const print = new Print(html);
    try {
      if (this.closed) throw stopping();
      return await this.inTime(print);
    } finally {
      giveBack();
      if (this.slots.inUse === 0) this.browser.restSoon();
    }
  }

  /** Ends the browser; a print that comes later is refused. */
  async close(): Promise<void> {
    this.closed = true;
    await this.browser.close();
  }

  private async inTime(print: Print): Promise<Buffer> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<'expired'>((done) => {
      timer = setTimeout(() => done('expired'), this.limits.timeoutMs);
    });
    try {
      const outcome = await Promise.race([this.try(print), expired]);
      if (outcome !== 'expired') return outcome;
    } finally {
      clearTimeout(timer);
    }
    print.abandoned = true;
    if (print.browser) await this.browser.retireUnlessAlive(print.browser);
    await print.close();
    throw new UnavailableError(
      'PDF_TIMEOUT',
      `The PDF was not ready within ${this.limits.timeoutMs / 1000} seconds. Nothing was changed; ask for it again.`,
      { facts: { timeoutMs: this.limits.timeoutMs, retryAfterSeconds: RETRY_AFTER_SECONDS } },
    );
  }

  private async try(print: Print): Promise<Buffer> {
    let cause: unknown;
    for (let tries = 0; tries < TRIES && !print.abandoned; tries += 1) {
      print.browser = await this.browser.open();
      if (print.abandoned) break;
      try {
        return await print.make();
      } catch (error) {
        cause = error;
        if (!print.abandoned) await this.browser.retireUnlessAlive(print.browser);
      } finally {
        await print.close();
      }
    }
    throw new UnavailableError('PDF_FAILED', 'The PDF could not be made. Nothing was changed; ask for it again.', {
      cause,
      facts: { retryAfterSeconds: RETRY_AFTER_SECONDS },
    });
  }
}

/** One document on its way through the browser. */
class Print {
  browser: Browser | undefined;
  /** Nobody waits for it any more. */
  abandoned = false;
  private page: Page | undefined;

  constructor(private readonly html: string) {}

  async make(): Promise<Buffer> {
    const page = await this.browser?.newPage();
    if (!page) throw new Error('There is no browser to print with.');
    this.page = page;
    await page.setJavaScriptEnabled(false);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      // An aborted visit leaves the page as it is. It may be gone before the answer; then the request is, too.
      const settle = request.url().startsWith('data:') ? request.continue() : request.abort('aborted');
      settle.catch(() => undefined);
    });
    await page.setContent(this.html, { waitUntil: 'load', timeout: 0 });
    return Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true, timeout: 0 }));
  }

  async close(): Promise<void> {
    const page = this.page;
    this.page = undefined;
    if (page) await within(CLOSE_PAGE_WITHIN_MS, page.close());
  }
}

function stopping(): UnavailableError {
  return new UnavailableError('PDF_UNAVAILABLE', 'The service is stopping. Ask again when it has started anew.', {
    facts: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}

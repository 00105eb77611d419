import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 500;
const PAGE_TIMEOUT_MS = 20_000;
const SEE_OTHER = 303;
const TASK_LINK = /\/t\/[^/?#]+$/;

/** The page said no, in a sentence. */
class PageRefused extends Error {}

/**
 * The people of the floor, who have nothing but their mail: they open the link of each task, scan what the page lists,
 * and finish. What they do with an order's picking is said by its story: `all`, `short` or `leave`.
 */
export class Picker {
  #postbox;
  #prefix;
  #habits = new Map();
  #closedLinks = new Set();
  #ended = false;
  scans = 0;
  /** Sentences about tasks that could not be done. */
  problems = [];
  finishedTasks = 0;

  /** @param {import('./postbox.mjs').Postbox} postbox */
  constructor(postbox, prefix) {
    this.#postbox = postbox;
    this.#prefix = prefix;
  }

  /** @param {'all'|'short'|'leave'} habit what is done with the picking of this order */
  setHabit(number, habit) {
    this.#habits.set(number, habit);
  }

  end() {
    this.#ended = true;
  }

  async run() {
    while (!this.#ended) {
      for (const mail of await this.#taskMails()) await this.#try(mail);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Mails whose task is not known to be closed, the oldest first. Customers' mails link elsewhere: to their courier. */
  async #taskMails() {
    await this.#postbox.look();
    return this.#postbox
      .mailsToStaff()
      .map(({ subject, links }) => ({ subject, link: links.find((address) => TASK_LINK.test(address)) }))
      .filter(({ link }) => link && !this.#closedLinks.has(link));
  }

  async #try({ subject, link }) {
    const habit = subject.startsWith('Picking') ? this.#habits.get(numberIn(subject, this.#prefix)) : 'all';
    if (!habit || habit === 'leave') return;
    try {
      await this.#work(link, habit);
    } catch (error) {
      // A service that was gone for a moment is asked again; the page then shows what is left to do.
      if (!(error instanceof PageRefused)) return;
      this.problems.push(`${subject}: ${error.message}`);
    }
    this.#closedLinks.add(link);
  }

  async #work(link, habit) {
    const page = await readPage(link);
    if (!page.includes('name="confirmed"') && !page.includes('id="scan"')) return;
    let missing = habit === 'short' ? 1 : 0;
    for (const { id, barcode, open } of linesOn(page)) {
      const found = open - missing;
      for (let unit = 0; unit < found; unit += 1) await this.#scan(link, barcode);
      if (missing > 0) await submit(link, 'short', { lineId: id, reason: 'not_found', note: 'Shelf is empty' });
      missing = 0;
    }
    await submit(link, 'finish', { confirmed: 'yes', note: '' });
    this.finishedTasks += 1;
  }

  async #scan(link, code) {
    await submit(link, 'scan', { code });
    this.scans += 1;
  }
}

/** `Picking: order DEMO-1-07` is about DEMO-1-07. */
function numberIn(subject, prefix) {
  return prefix + (/^\d+/.exec(subject.slice(subject.indexOf(prefix) + prefix.length))?.[0] ?? '');
}

/** What is still open on the page, as a person reads it: the code under the name, and "1 of 2". */
export function linesOn(page) {
  return page
    .split('<li id="line-')
    .slice(1)
    .map((part) => {
      const [, done, units] = /<strong>(\d+)<\/strong> of <strong>(\d+)<\/strong>/.exec(part);
      const codes = /<\/h2>\s*<p class="quiet">([^<]*)<\/p>/.exec(part)[1].split(' · ');
      return { id: part.slice(0, part.indexOf('"')), barcode: codes.at(-1), open: Number(units) - Number(done) };
    });
}

async function readPage(link) {
  const answer = await fetch(link, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
  const page = await answer.text();
  if (answer.ok) return page;
  throw new PageRefused(`The page ${link} answered ${answer.status}: ${sentenceOn(page)}`);
}

/** @throws {PageRefused} with the sentence on the page if the form was refused */
async function submit(link, form, fields) {
  const answer = await fetch(`${link}/${form}`, {
    method: 'POST',
    body: new URLSearchParams({ ...fields, clientActionId: randomUUID() }),
    redirect: 'manual',
    signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
  });
  const page = await answer.text();
  if (answer.status !== SEE_OTHER) throw new PageRefused(`The form ${form} was refused: ${sentenceOn(page)}`);
}

function sentenceOn(page) {
  return /id="said"[^>]*>([^<]*)</.exec(page)?.[1] ?? page.slice(0, 200);
}

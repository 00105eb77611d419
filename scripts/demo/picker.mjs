import { setTimeout as sleep } from 'node:timers/promises';
import { linesOn, PageRefused, readPage, submit, taskLinkIn } from './task-page.mjs';

const LOOK_EVERY_MS = 500;
/** What others do: `counter.mjs`. */
const OF_OTHERS = ['Hand-off'];

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

  /** Mails whose task is not known to be closed, the oldest first. */
  async #taskMails() {
    await this.#postbox.look();
    return this.#postbox
      .mailsToStaff()
      .map((mail) => ({ subject: mail.subject, link: taskLinkIn(mail) }))
      .filter(({ link }) => link && !this.#closedLinks.has(link))
      .filter(({ subject }) => !OF_OTHERS.some((title) => subject.startsWith(title)));
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

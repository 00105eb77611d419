import { setTimeout as sleep } from 'node:timers/promises';
import { workOn } from './floor-work.mjs';
import { PageRefused, taskLinkIn } from './task-page.mjs';

const LOOK_EVERY_MS = 500;
const PICKING = 'Picking';
/** What others do: `counter.mjs`. */
const OF_OTHERS = ['Hand-off'];

/**
 * The people of the floor, who have nothing but their mail: they open the link of each task and do what its page
 * asks (`floor-work.mjs`). What they do with an order's picking is said by its story: `all`, `short` or `leave`.
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
      // Several people, each with a task of their own.
      await Promise.all((await this.#taskMails()).map((mail) => this.#try(mail)));
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
    const title = subject.slice(0, subject.indexOf(':'));
    const number = numberIn(subject, this.#prefix);
    const habit = title === PICKING ? this.#habits.get(number) : 'all';
    if (!habit || habit === 'leave') return;
    try {
      const isShort = habit === 'short';
      if (await workOn({ title, link, isShort, onScan: () => (this.scans += 1) })) this.finishedTasks += 1;
      // What was missing once is there when it is looked for again.
      if (isShort) this.#habits.set(number, 'all');
    } catch (error) {
      // A service that was gone for a moment is asked again; the page then shows what is left to do.
      if (!(error instanceof PageRefused)) return;
      this.problems.push(`${subject}: ${error.message}`);
    }
    this.#closedLinks.add(link);
  }
}

/** `Picking: order DEMO-1-07` is about DEMO-1-07. */
function numberIn(subject, prefix) {
  return prefix + (/^\d+/.exec(subject.slice(subject.indexOf(prefix) + prefix.length))?.[0] ?? '');
}

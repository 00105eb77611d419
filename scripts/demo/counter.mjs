import { readPage, submit, taskLinkIn } from './task-page.mjs';

const HAND_OFF = 'Hand-off';
const CODE = /\b(\d{6})\b/;
const CODE_SENTENCE = /^Your code, for us alone: (\d{6})$/m;

/** Whoever hands goods over: opens the link in the mail, and types in the code that the customer reads out. */
export class Counter {
  #postbox;

  /** @param {import('./postbox.mjs').Postbox} postbox */
  constructor(postbox) {
    this.#postbox = postbox;
  }

  /** The customer has the code in a mail and shows it. @param {object} [more] what else is asked for on the page */
  async handOver(order, more = {}) {
    const code = await this.codeOf(order);
    const link = await this.#linkOf(order);
    await submit(link, 'confirm', { code, ...more });
  }

  /** The customer reads out another code first; the page takes no notice of the order for that. */
  async handOverAtSecondTry(order) {
    const code = await this.codeOf(order);
    const link = await this.#linkOf(order);
    const wrong = code.replace(CODE, String((Number(code) + 1) % 1_000_000).padStart(code.length, '0'));
    await submit(link, 'confirm', { code: wrong });
    const page = await readPage(link);
    if (!page.includes('That is not the code')) throw new Error('A wrong code was taken');
    await submit(link, 'confirm', { code });
  }

  async noteAbsence(order) {
    await submit(await this.#linkOf(order), 'absent', { note: 'Nobody picked up the phone' });
  }

  /** As the customer was told it. */
  codeOf(order) {
    return order.until('the mail with the code', async () => {
      for (const { id, subject } of this.#postbox.mailsToCustomers()) {
        if (!isAbout(subject, order)) continue;
        const code = CODE_SENTENCE.exec(await this.#postbox.textOf(id))?.[1];
        if (code) return code;
      }
      return undefined;
    });
  }

  #linkOf(order) {
    return order.until('the mail about its hand-over', () => {
      const mails = this.#postbox.mailsToStaff();
      const mail = mails.findLast(({ subject }) => subject.startsWith(HAND_OFF) && isAbout(subject, order));
      return mail && taskLinkIn(mail);
    });
  }
}

/** DEMO-1-10 is not about DEMO-1-100. */
function isAbout(subject, { number }) {
  return subject.split(/[\s:,]+/).includes(number);
}

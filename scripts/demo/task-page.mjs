import { randomUUID } from 'node:crypto';

const PAGE_TIMEOUT_MS = 20_000;
const SEE_OTHER = 303;
const TASK_LINK = /\/t\/[^/?#]+$/;

/** The page said no, in a sentence. */
export class PageRefused extends Error {}

/** The address of the task's page in a mail to staff. Customers' mails link elsewhere: to their courier. */
export function taskLinkIn({ links }) {
  return links.find((address) => TASK_LINK.test(address));
}

export async function readPage(link) {
  const answer = await fetch(link, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
  const page = await answer.text();
  if (answer.ok) return page;
  throw new PageRefused(`The page ${link} answered ${answer.status}: ${sentenceOn(page)}`);
}

/** @throws {PageRefused} with the sentence on the page if the form was refused */
export async function submit(link, form, fields) {
  const answer = await fetch(`${link}/${form}`, {
    method: 'POST',
    body: new URLSearchParams({ ...fields, clientActionId: randomUUID() }),
    redirect: 'manual',
    signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
  });
  const page = await answer.text();
  if (answer.status !== SEE_OTHER) throw new PageRefused(`The form ${form} was refused: ${sentenceOn(page)}`);
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

function sentenceOn(page) {
  return /id="said"[^>]*>([^<]*)</.exec(page)?.[1] ?? page.slice(0, 200);
}

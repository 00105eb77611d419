import { linesOn, readPage, submit } from './task-page.mjs';

const GRAMS = { g: 1, kg: 1000 };

/**
 * What is done on the page of each kind of task, by the first words of its mail. What is not listed here is ticked off
 * if its page can be.
 */
const works = {
  Packing: pack,
  'Pickup dispatch': dispatchPickup,
  'Quality check': ({ link }) => submit(link, 'passed', { note: '' }),
  'Missing goods': takeOffTheBill,
};

/**
 * @param {{title: string, link: string, isShort: boolean, onScan: () => void}} task `isShort`: one unit is not found
 * @returns {Promise<boolean>} false when the page has nothing to do, or no longer
 */
export async function workOn(task) {
  const page = await readPage(task.link);
  if (!page.includes('<form')) return false;
  await (works[task.title] ?? countAll)({ ...task, page });
  return true;
}

async function countAll(task) {
  if (!task.page.includes('name="confirmed"') && !task.page.includes('id="scan"')) return;
  await scanLines(task);
  await submit(task.link, 'finish', { confirmed: 'yes', note: '' });
}

async function scanLines({ link, page, isShort, onScan }) {
  let missing = isShort ? 1 : 0;
  for (const { id, barcode, open } of linesOn(page)) {
    for (let unit = 0; unit < open - missing; unit += 1) {
      await submit(link, 'scan', { code: barcode });
      onScan();
    }
    if (missing > 0) await submit(link, 'short', { lineId: id, reason: 'not_found', note: 'Shelf is empty' });
    missing = 0;
  }
}

/** Everything into one box, weighed, every check made; sealing the last one finishes the task. */
async function pack(task) {
  await scanLines(task);
  for (const form of formsOn(await readPage(task.link), 'seal')) {
    const checks = [...form.matchAll(/name="(check_\w+)"/g)].map(([, name]) => [name, 'yes']);
    const [, weight, unit] = /Its items weigh ([\d.]+) (k?g)/.exec(form) ?? [];
    await submit(task.link, 'seal', {
      packageId: /name="packageId" value="(\w+)"/.exec(form)[1],
      type: 'box',
      weightGrams: weight ? String(Math.round(Number(weight) * GRAMS[unit])) : '',
      ...Object.fromEntries(checks),
      ...(form.includes('name="finish"') ? { finish: 'yes' } : {}),
    });
  }
}

function dispatchPickup({ link }) {
  return submit(link, 'picked_up', { driver: 'Rafiq', reference: '', note: '' });
}

/** The manager lets the customer have the money back for what was not found. */
function takeOffTheBill({ link, page }) {
  const missing = [...page.matchAll(/name="seen_(\w+)" value="(\d+)"/g)];
  const answers = missing.flatMap(([, id, units]) => [
    [`seen_${id}`, units],
    [`answer_${id}`, 'refund'],
  ]);
  return submit(link, 'decide', { note: '', ...Object.fromEntries(answers) });
}

function formsOn(page, name) {
  return page
    .split(`<form class="${name}"`)
    .slice(1)
    .map((part) => part.slice(0, part.indexOf('</form>')));
}

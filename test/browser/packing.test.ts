import type { Browser, Page } from 'puppeteer-core';
import { type Body, mailsTo, reach, startFloor } from '../fulfillment/floor';
import { CHECKER, openPacking, packagesOf, pickedOrder } from '../fulfillment/packing/packing-floor';
import type { TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { expectStatus } from '../support/shop';
import { openOnPhone, scan, startBrowser, textOf, waitForText } from './phone';

const TARGET_HEIGHT_MIN_PX = 44;

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startFloor(), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

async function expectFits(page: Page): Promise<void> {
  await page.$$eval('details', (all) => all.forEach((one) => one.setAttribute('open', '')));
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  const small = await page.$$eval(
    'main button, main select, main input:not([type=checkbox]):not([type=hidden]), main label.confirm, main summary',
    (targets, least) =>
      targets
        .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < least)
        .map((target) => target.outerHTML.slice(0, 80)),
    TARGET_HEIGHT_MIN_PX,
  );
  expect(small).toEqual([]);
}

async function tickChecks(page: Page): Promise<void> {
  await page.$$eval('.seal [name^=check_]', (boxes) => boxes.forEach((box) => (box as { click(): void }).click()));
}

describe.each([true, false])('Packing on a phone, with scripts: %s', (scripts) => {
  it('counts, is asked about the weight, seals and is done', async () => {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id);
    const page = await openOnPhone(browser, reach(app, task.url as string), { scripts });
    const press = async (selector: string): Promise<void> => {
      const loaded = scripts ? undefined : page.waitForNavigation();
      // Found and pressed in one turn of the page: an answer to what was pressed before may put another in its place.
      await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
      await loaded;
    };
    for (const line of task.lines as Body[]) {
      const button = (line.quantity as number) > 1 ? `#all-${line.id}` : `#one-${line.id}`;
      await page.waitForSelector(button);
      await press(button);
    }
    const packages = await eventually('all to be counted', async () => {
      const found = await packagesOf(app, order.id);
      return sumOf(found) === 3 && found;
    });
    const [box] = packages;
    await page.waitForSelector(`#seal-${box?.id}`);
    if (scripts) await waitForText(page, `#seal-${box?.id}`, 'and finish');
    await expectFits(page);
    await page.$eval('.seal [name=weightGrams]', (input) => ((input as unknown as { value: string }).value = '999'));
    await tickChecks(page);
    await press(`#seal-${box?.id}`);
    await page.waitForSelector('.seal [name=acceptDifference]');
    expect(await textOf(page, '#said')).toContain('Package 1 weighs 999 g and its items 360 g');
    await expectFits(page);
    expect(await page.$$eval('.seal [name^=check_]:checked', (all) => all.length)).toBe(8);
    await page.$eval('.seal [name=acceptDifference]', (tick) => (tick as unknown as { click(): void }).click());
    await page.$eval('.seal textarea', (note) => ((note as unknown as { value: string }).value = 'glass jar'));
    await press(`#seal-${box?.id}`);
    await waitForText(page, '#said', 'This task is finished.');
    expect(await packagesOf(app, order.id)).toMatchObject([
      { status: 'sealed', weightAccepted: true, note: 'glass jar' },
    ]);
    await page.close();
  });
});

describe('The check of a package on a phone', () => {
  it('shows what is in it, and fits', async () => {
    expectStatus(await app.post('/users', CHECKER), 201);
    expectStatus(await app.call('PATCH', '/stores/main', { qualityCheck: 'required' }), 200);
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id, { assigneeEmail: 'picker@example.com' });
    const packer = await openOnPhone(browser, reach(app, task.url as string), { scripts: true });
    await scan(packer, 'CUP-01');
    await waitForText(packer, '#said', 'Cup: 1 of 1 packed.');
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
    const [mail] = await mailsTo(app, CHECKER.email);
    const link = /http:\/\/\S+\/t\/[A-Za-z0-9]+/.exec(String(mail?.text))?.[0] ?? '';
    const page = await openOnPhone(browser, reach(app, link), { scripts: true });
    expect(await textOf(page, '.package')).toContain('2 × Green tea 100 g');
    await expectFits(page);
    await page.$eval('#passed', (button) => (button as unknown as { click(): void }).click());
    await waitForText(page, '#said', 'You have passed these packages.');
    expect((await app.get(`/tasks/${task.id}`)).body).toMatchObject({ status: 'done' });
  });
});

function sumOf(found: readonly Body[]): number {
  const items = found.flatMap(({ items: some }) => some as Body[]);
  return items.reduce((sum, { quantity }) => sum + (quantity as number), 0);
}

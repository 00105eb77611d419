import type { Browser, Page } from 'puppeteer-core';
import {
  type Body,
  lineOf,
  mailsTo,
  openPicking,
  orderInProcess,
  PICKER,
  reach,
  readOrder,
  startFloor,
} from '../fulfillment/floor';
import type { TestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { listen, openOnPhone, scan, startBrowser, tap, textOf, waitForText } from './phone';

const TEA_CODE = '8901234567894';
const TARGET_HEIGHT_MIN_PX = 48;
let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startFloor();
  expectStatus(
    await app.post('/products', { sku: 'POT-01', name: 'Pot', priceMinor: 1, costMinor: 1, barcode: '4012345678901' }),
    201,
  );
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** A picking, and the page that opens from the link in its mail. */
async function openFromMail(options: { scripts: boolean }): Promise<{ task: Body; page: Page }> {
  const task = await openPicking(app, (await orderInProcess(app)).id);
  const mail = (await mailsTo(app, PICKER.email)).find(({ subject }) => subject.endsWith(task.orderNumber));
  return { task, page: await openOnPhone(browser, reach(app, mail?.links[0]), options) };
}

async function read(task: Body): Promise<Body> {
  return expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
}

/** Presses a button and waits for the page that answers. */
async function press(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), tap(page, selector)]);
}

describe('The task page on a phone', () => {
  it('fits 360 pixels, has targets for a thumb, and names everything that can be pressed', async () => {
    const { page } = await openFromMail({ scripts: true });
    await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const targets = await page.$$eval('button, summary, input:not([type=hidden]):not([type=checkbox]), select', (all) =>
      all.map((one) => ({ heightPx: one.getBoundingClientRect().height, name: one.id || one.textContent })),
    );
    expect(targets.length).toBeGreaterThan(6);
    for (const { heightPx } of targets) expect(heightPx).toBeGreaterThanOrEqual(TARGET_HEIGHT_MIN_PX);
    const tree = await page.accessibility.snapshot();
    const unnamed = JSON.stringify(tree).match(/"role":"(button|textbox|combobox|checkbox|progressbar)","name":""/);
    expect(unnamed).toBeNull();
    await page.close();
  });

  it('with scripts: counts scans, refuses wrong and surplus ones aloud, misses one and finishes, never reloading', async () => {
    const { task, page } = await openFromMail({ scripts: true });
    const tones = await listen(page);
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.id');

    expect(await focused()).toBe('code');
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Green tea 100 g: 1 of 2 picked.');
    expect([await focused(), await tones()]).toEqual(['code', ['high']]);
    await scan(page, '4012345678901');
    await waitForText(page, '#said', 'Wrong item: Pot (POT-01) is not on this list. Put it back.');
    expect(await tones()).toEqual(['high', 'low']);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await scan(page, TEA_CODE);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Too many: Green tea 100 g (TEA-01) is needed 2 times and 2 are picked.');
    expect(await page.$eval('#said', (said) => said.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    expect([await focused(), await tones()]).toEqual(['code', ['high', 'low', 'high', 'low']]);
    expect((await read(task)).progress).toMatchObject({ doneUnits: 2, units: 3 });

    const cup = lineOf(task, 'CUP-01');
    await tap(page, `#line-${cup.id} summary`);
    await page.select(`#reason-${cup.id}`, 'not_found');
    await tap(page, `#short-${cup.id}`);
    await waitForText(page, `#line-${cup.id}`, '1 missing: Not on the shelf');
    expect(await textOf(page, 'label[for=progress]')).toBe('2 of 3 units picked, 1 missing');
    await tap(page, 'input[name=confirmed]');
    await tap(page, '#finish');
    await waitForText(page, 'main', 'This task is finished with units missing.');
    expect(await tones()).toHaveLength(4);
    expect(await read(task)).toMatchObject({ status: 'done', outcome: 'short' });
    expect((await readOrder(app, task.orderId)).lines.map((line: Body) => line.preparedQuantity)).toEqual([0, 2]);
    await page.close();
  });

  it('with scripts: keeps every scan of a fast scanner, and sends again what a dead connection swallowed', async () => {
    const { task, page } = await openFromMail({ scripts: true });
    for (const code of [TEA_CODE, 'CUP-01', TEA_CODE]) await scan(page, code);
    await waitForText(page, 'label[for=progress]', '3 of 3 units picked');
    await tap(page, '#undo');
    await waitForText(page, 'label[for=progress]', '2 of 3 units picked');
    await page.setOfflineMode(true);
    await page.focus('#code');
    await scan(page, TEA_CODE);
    await page.setOfflineMode(false);
    await waitForText(page, 'label[for=progress]', '3 of 3 units picked');
    expect((await read(task)).progress.doneUnits).toBe(3);
    await page.close();
  });

  it('without scripts: does the same by plain forms', async () => {
    const { task, page } = await openFromMail({ scripts: false });
    const [tea, cup] = [lineOf(task, 'TEA-01'), lineOf(task, 'CUP-01')];
    await page.type('#code', TEA_CODE);
    await press(page, '#scan button');
    expect(await textOf(page, '#said')).toBe('Green tea 100 g: 1 of 2 picked.');
    await page.type('#code', '4012345678901');
    await press(page, '#scan button');
    expect(await textOf(page, '#said')).toContain('Wrong item: Pot');
    await press(page, `#one-${tea.id}`);
    await page.type('#code', TEA_CODE);
    await press(page, '#scan button');
    expect(await textOf(page, '#said')).toContain('Too many: Green tea 100 g');
    await press(page, '#undo');
    await press(page, `#one-${tea.id}`);
    await tap(page, `#line-${cup.id} summary`);
    await page.select(`#reason-${cup.id}`, 'damaged');
    await page.type(`#note-${cup.id}`, 'handle broken');
    await press(page, `#short-${cup.id}`);
    expect(await textOf(page, `#line-${cup.id} .missing`)).toBe('1 missing: Damaged (handle broken)');
    await page.type('#finish-note', 'at desk 2');
    await tap(page, 'input[name=confirmed]');
    await press(page, '#finish');
    expect(await textOf(page, '#said')).toBe('This task is finished with units missing. There is nothing more to do.');
    expect(await read(task)).toMatchObject({ status: 'done', outcome: 'short', note: 'at desk 2' });
    await page.close();
  });
});

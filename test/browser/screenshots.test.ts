import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { openHandOff, payAtTheTill, pickedForPickup, taskOf } from '../fulfillment/hand-off-floor';
import { openPacking, pickedOrder } from '../fulfillment/packing/packing-floor';
import { type Body, mailsTo, openPicking, orderInProcess, PICKER, reach, startFloor } from '../fulfillment/floor';
import { confirmedOrders, startWave } from '../fulfillment/wave-floor';
import type { TestApp } from '../support/app';
import { expectStatus, stockProduct } from '../support/shop';
import { openOnPhone, scan, startBrowser, tap, waitForText } from './phone';

/**
 * Pictures of the pages people work on. To make those in docs/images anew, say where they go:
 * SCREENSHOTS_FOLDER=docs/images npm test -- test/browser/screenshots
 */
const keptFolder = process.env.SCREENSHOTS_FOLDER;
const TARGET_HEIGHT_MIN_PX = 44;
const GOODS = [
  { sku: 'MUG-BLUE', name: 'Mug, blue, 350 ml', shelf: 'B-2', barcode: '4006381333948' },
  { sku: 'HONEY-1', name: 'Sundarban honey 500 g', shelf: 'C-1', barcode: '4006381333955' },
] as const;
const LINES = [
  { sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 },
  { sku: 'MUG-BLUE', quantity: 3, unitPriceMinor: 35_000 },
  { sku: 'HONEY-1', quantity: 1, unitPriceMinor: 80_000 },
];

let app: TestApp;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = keptFolder ? resolve(keptFolder) : mkdtempSync(join(tmpdir(), 'orderloom-pictures-'));
  mkdirSync(folder, { recursive: true });
  [app, browser] = await Promise.all([startFloor(), startBrowser()]);
  for (const product of GOODS) await stockProduct(app, product, 100);
  const manager = { name: 'Mina Akter', email: 'mina@example.com', role: 'store_manager', storeIds: [] };
  expectStatus(await app.post('/users', manager), 201);
});
afterAll(async () => {
  await browser.close();
  await app.close();
  if (!keptFolder) rmSync(folder, { recursive: true, force: true });
});

function open(url: string): Promise<Page> {
  return openOnPhone(browser, reach(app, url), { scripts: true });
}

/** Everything on the page can be pressed by a thumb, and nothing is wider than the phone. */
async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  const small = await page.$$eval(
    'button, summary, select, textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])',
    (all, least) =>
      all
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
        .map((one) => one.outerHTML.slice(0, 80)),
    TARGET_HEIGHT_MIN_PX,
  );
  expect(small).toEqual([]);
}

async function picture(page: Page, name: string, heightPx = 740): Promise<void> {
  await expectToFit(page);
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  await page.setViewport({ width: 360, height: heightPx, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file as `${string}.png` });
  expect(statSync(file).size).toBeGreaterThan(10_000);
}

describe('The pages people work on, pictured', () => {
  it.each(['light', 'dark'])('picking, with one line done and the next on top (%s)', async (value) => {
    const order = await orderInProcess(app, { lines: LINES, notes: 'A gift: no invoice in the box' });
    const task = await openPicking(app, order.id, { dueAt: '2026-12-31T11:30:00Z' });
    const page = await open(task.url);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    await scan(page, '8901234567894');
    await scan(page, '8901234567894');
    await scan(page, '4006381333948');
    await waitForText(page, '#said', 'Mug, blue, 350 ml: 1 of 3 picked.');
    const ground = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    expect(Number(/\d+/.exec(ground)?.[0]) > 128).toBe(value === 'light');
    await (value === 'light' ? picture(page, 'picking-page') : expectToFit(page));
    await page.close();
  });

  it('the mail that brings it', async () => {
    const order = await orderInProcess(app, { lines: LINES, notes: 'A gift: no invoice in the box' });
    await openPicking(app, order.id, { dueAt: '2026-12-31T11:30:00Z' });
    const [mail] = await mailsTo(app, PICKER.email);
    const page = await open(`${app.url}/mailbox/${mail?.id}/html`);
    await picture(page, 'picking-mail');
    await page.close();
  });

  it('packing', async () => {
    const order = await pickedOrder(app, { lines: LINES, notes: 'A gift: no invoice in the box' });
    const page = await open((await openPacking(app, order.id)).url as string);
    const codes = ['8901234567894', '8901234567894', ...Array<string>(3).fill('4006381333948'), '4006381333955'];
    for (const code of codes) await scan(page, code);
    await waitForText(page, '#said', 'Sundarban honey 500 g: 1 of 1 packed');
    await picture(page, 'packing-page', 1500);
    await page.close();
  });

  it('deciding what becomes of missing goods', async () => {
    const order = await orderInProcess(app, { lines: LINES });
    const task = await openPicking(app, order.id);
    const [missed, ...found] = task.lines as Body[];
    const lines = [
      { id: missed?.id, doneQuantity: 0, shortReason: 'not_found' },
      ...found.map(({ id, quantity }) => ({ id, doneQuantity: quantity })),
    ];
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { lines }), 200);
    const decision = expectStatus(await app.post(`/orders/${order.id}/shortage_decision`, {}), 201).body;
    const page = await open(decision.url as string);
    await picture(page, 'shortage-decision', 900);
    await page.close();
  });

  it('a wave of orders', async () => {
    const orders = await confirmedOrders(app, [
      { 'TEA-01': 2, 'MUG-BLUE': 1 },
      { 'TEA-01': 1 },
      { 'HONEY-1': 1, 'MUG-BLUE': 2 },
    ]);
    const wave = await startWave(app, orders);
    const page = await open(wave.url as string);
    await picture(page, 'wave-page');
    await page.close();
  });

  it('handing over at the counter', async () => {
    const order = await pickedForPickup(app);
    await payAtTheTill(app, order);
    const task = await taskOf(app, await openHandOff(app, order, { confirmBy: 'signature' }));
    const page = await open(task.url as string);
    await tap(page, '#signed-by');
    await page.keyboard.type('Rahima Akter');
    await picture(page, 'hand-off-page', 1000);
    await page.close();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { type Body, lineOf, openPicking, orderInProcess, reach, startFloor } from '../fulfillment/floor';
import type { TestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { choosePhoto, listen, openOnPhone, scan, startBrowser, tap, textOf, waitForText, waitUntilSent } from './phone';

const TEA_CODE = '8901234567894';
const CUP_CODE = '4006381333931';
const LINES = [
  { sku: 'CUP-01', quantity: 2, unitPriceMinor: 20_000 },
  { sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000 },
];

let app: TestApp;
let browser: Browser;
let folder: string;
/** What keeps the worker offline, for as long as it is attached. */
let worker: CDPSession | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-offline-'));
  [app, browser] = await Promise.all([startFloor(), startBrowser()]);
});
afterEach(async () => {
  await worker?.detach().catch(() => undefined);
  worker = undefined;
});
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openTask(): Promise<{ task: Body; page: Page }> {
  const task = await openPicking(app, (await orderInProcess(app, { lines: LINES })).id);
  const page = await openOnPhone(browser, reach(app, task.url), { scripts: true });
  const store = JSON.stringify(`task ${new URL(page.url()).pathname}`);
  await page.waitForFunction(`caches.open(${store}).then(async (kept) => (await kept.keys()).length > 10)`);
  return { task, page };
}

async function read(task: Body): Promise<Body> {
  return expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
}

/** A dead spot: neither the page nor the worker that serves it reaches anything. */
async function setDeadSpot(page: Page, offline: boolean): Promise<void> {
  await worker?.detach();
  worker = undefined;
  if (offline) {
    const target = await browser.waitForTarget((one) => one.type() === 'service_worker');
    worker = await target.createCDPSession();
    await worker.send('Network.enable');
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await worker.send('Network.emulateNetworkConditions', { offline, ...unlimited });
  }
  await page.setOfflineMode(offline);
}

function bannerOf(page: Page): Promise<string> {
  return textOf(page, '#waiting .banner');
}

function keptOnPhone(page: Page): Promise<unknown> {
  return page.evaluate(
    `(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])()`,
  );
}

describe('The task page in a dead spot', () => {
  it('goes on counting, keeps it over a reload, marks what was not sent, and sends it once in order', async () => {
    const { task, page } = await openTask();
    const tones = await listen(page);
    const tea = lineOf(task, 'TEA-01');
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', '1 of 3 picked');
    await setDeadSpot(page, true);
    await scan(page, TEA_CODE);
    await waitForText(page, '#waiting', '1 action waiting for a connection');
    await waitForText(page, '#said', `Scan ${TEA_CODE}: kept, and sent when there is a connection.`);
    await tap(page, `#one-${lineOf(task, 'CUP-01').id}`);
    await waitForText(page, '#waiting', '2 actions waiting for a connection');
    await page.focus('#code');
    await scan(page, '999');
    await waitForText(page, '#said', '999 is not on this list. Leave it out, or scan it again.');
    await scan(page, TEA_CODE);
    await waitForText(page, '#waiting', '3 actions waiting for a connection');
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Too many: Green tea 100 g is needed 3 times at most. Leave this one out.');
    expect(await tones()).toEqual(['high', 'high', 'low', 'high', 'low']);
    expect(await textOf(page, `#line-${tea.id} .units`)).toBe('3 of 3 picked');
    expect(await textOf(page, `#line-${tea.id} .unsent`)).toBe('2 not sent yet');

    await page.reload({ waitUntil: 'load' });
    await waitForText(page, '#waiting', '3 actions waiting for a connection');
    expect(await textOf(page, `#line-${tea.id} .unsent`)).toBe('2 not sent yet');
    await tap(page, '#undo');
    await waitForText(page, '#waiting', '4 actions waiting for a connection');
    expect(await textOf(page, `#line-${tea.id} .unsent`)).toBe('1 not sent yet');
    // Chromium may let a request slip out while it loads a page in a dead spot, and cut its answer off: the first of the
    // four may have arrived. That it is sent again and counted once is what the end says.
    expect((await read(task)).progress.doneUnits).toBeLessThanOrEqual(2);

    await setDeadSpot(page, false);
    await waitUntilSent(page);
    await waitForText(page, 'label[for=progress]', '3 of 5 units picked');
    expect(await bannerOf(page)).toBe('0 actions waiting for a connection');
    expect(await page.$('.unsent')).toBeNull();
    expect((await read(task)).lines.map((line: Body) => [line.sku, line.doneQuantity])).toEqual([
      ['TEA-01', 2],
      ['CUP-01', 1],
    ]);
    await page.close();
  });

  it('lists what was refused once it was sent, with what it was about, and goes on with the rest', async () => {
    const { task, page } = await openTask();
    await setDeadSpot(page, true);
    for (const code of [TEA_CODE, TEA_CODE, CUP_CODE]) await scan(page, code);
    await waitForText(page, '#waiting', '3 actions waiting');
    // Meanwhile somebody else has found two of the three.
    expectStatus(await app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01', quantity: 2 }), 200);
    await setDeadSpot(page, false);
    await waitUntilSent(page);
    await waitForText(page, 'label[for=progress]', '4 of 5 units picked');
    expect(await textOf(page, '#waiting .refused')).toContain(
      `Not counted: Scan ${TEA_CODE}. Too many: Green tea 100 g (TEA-01) is needed 3 times and 3 are picked.`,
    );
    await tap(page, '#waiting .refused button');
    expect(await page.$('#waiting .refused')).toBeNull();
    await page.close();
  });

  it('keeps a photo of damage too, made smaller, and lets nothing of a finished task stay on the phone', async () => {
    const { task, page } = await openTask();
    const { id } = lineOf(task, 'CUP-01');
    const file = join(folder, 'dent.jpg');
    writeFileSync(file, createCanvas(2400, 1200).toBuffer('image/jpeg'));
    await setDeadSpot(page, true);
    await tap(page, `#missing-${id} summary`);
    await page.select(`#reason-${id}`, 'damaged');
    await page.type(`#note-${id}`, 'dented');
    await choosePhoto(page, `#photo-${id}`, file);
    await tap(page, `#short-${id}`);
    await waitForText(page, `#line-${id} .unsent`, '2 missing, not sent yet');
    await setDeadSpot(page, false);
    await waitForText(page, `#line-${id}`, '2 missing: Damaged (dented)');
    const [photo] = (await app.get(`/tasks/${task.id}/photos`)).body.items as Body[];
    expect(photo).toMatchObject({ lineId: id, mediaType: 'image/jpeg', width: 1600, height: 800, note: 'dented' });
    expect(await page.$eval(`#line-${id} .thumbs img`, (image) => image.getAttribute('alt'))).toBe('dented');

    const { pathname } = new URL(reach(app, task.url));
    expect(await keptOnPhone(page)).toEqual([expect.arrayContaining([`task ${pathname}`]), 1]);
    await tap(page, `#all-${lineOf(task, 'TEA-01').id}`);
    await tap(page, 'input[name=confirmed]');
    await tap(page, '#finish');
    await waitForText(page, 'main', 'This task is finished with units missing.');
    const [stores] = (await keptOnPhone(page)) as [string[], number];
    expect(stores).not.toContain(`task ${pathname}`);
    await page.close();
  });

  it('says what came too late when the task was cancelled meanwhile, and keeps nothing of it', async () => {
    const { task, page } = await openTask();
    await setDeadSpot(page, true);
    await scan(page, TEA_CODE);
    await waitForText(page, '#waiting', '1 action waiting');
    expectStatus(await app.post(`/tasks/${task.id}/cancel`, { note: 'the customer changed her mind' }), 200);
    await setDeadSpot(page, false);
    await waitForText(page, 'main', 'This task was cancelled. Stop here');
    expect(await textOf(page, '#waiting .refused')).toContain(
      `Not counted: Scan ${TEA_CODE}. This task was cancelled.`,
    );
    const { pathname } = new URL(reach(app, task.url));
    await page.waitForFunction(`caches.has('task ${pathname}').then((has) => !has)`);
    await page.close();
  });
});

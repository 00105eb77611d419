import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { Browser, Page } from 'puppeteer-core';
import { type Body, lineOf, openPicking, orderInProcess, PICKER, startFloor } from '../fulfillment/floor';
import type { TestApp } from '../support/app';
import { expectIntegrity, expectStatus } from '../support/shop';
import { choosePhoto, openOnPhone, scan, startBrowser, tap, textOf, waitForText } from './phone';

const TEA_CODE = '8901234567894';

let app: TestApp;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-journey-'));
  // Links in mails must lead somewhere in this one, so the port is said beforehand.
  const port = String(20_000 + (process.pid % 20_000));
  const env = { PORT: port, PUBLIC_URL: `http://localhost:${port}` };
  [app, browser] = await Promise.all([startFloor('sqlite', { env }), startBrowser()]);
  expectStatus(
    await app.post('/products', { sku: 'POT-01', name: 'Pot', priceMinor: 1, costMinor: 1, barcode: '4012345678901' }),
    201,
  );
});
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The newest mail to somebody, as it opens on a phone. */
async function openMail(recipient: string): Promise<Page> {
  await app.settled();
  const list = await openOnPhone(browser, `${app.url}/mailbox?to=${recipient}`, { scripts: true });
  await Promise.all([list.waitForNavigation(), list.click('.list a')]);
  return list;
}

describe('From the mail to the last packet', () => {
  it('opens the mail, follows its link, scans right, wrong and too many, misses one with a photo, and finishes', async () => {
    const order = await orderInProcess(app);
    const task: Body = await openPicking(app, order.id, { dueAt: '2026-12-31T17:30:00Z' });
    const mail = await openMail(PICKER.email);
    expect(await textOf(mail, 'h1')).toBe(`Picking: order ${task.orderNumber}`);

    const frame = await (await mail.waitForSelector('iframe'))?.contentFrame();
    const widthPx = await frame?.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(widthPx).toBe(0);
    const opened = browser.waitForTarget((target) => target.url().includes('/t/'));
    await (await frame?.waitForSelector('a'))?.click();
    const page = (await (await opened).page()) as Page;
    await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    await page.waitForSelector('#code');
    expect(await textOf(page, '.due')).toBe('Due 31 Dec 2026, 23:30 GMT+6');

    await page.bringToFront();
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Green tea 100 g: 1 of 2 picked.');
    await scan(page, '4012345678901');
    await waitForText(page, '#said', 'Wrong item: Pot (POT-01) is not on this list. Put it back.');
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Green tea 100 g: 2 of 2 picked.');
    expect(await textOf(page, '#done-lines summary')).toBe('Done: 1 of 2 lines');
    expect(await page.$$eval('#work > .lines > li', (lines) => lines.length)).toBe(1);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Too many: Green tea 100 g (TEA-01) is needed 2 times and 2 are picked.');

    const { id } = lineOf(task, 'CUP-01');
    const photo = join(folder, 'crack.jpg');
    writeFileSync(photo, createCanvas(800, 600).toBuffer('image/jpeg'));
    await tap(page, `#missing-${id} summary`);
    await page.select(`#reason-${id}`, 'damaged');
    await choosePhoto(page, `#photo-${id}`, photo);
    await tap(page, `#short-${id}`);
    await waitForText(page, '#done-lines', '1 missing: Damaged');
    await tap(page, 'input[name=confirmed]');
    await tap(page, '#finish');
    await waitForText(page, 'main', 'This task is finished with units missing.');

    const done = expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
    expect(done).toMatchObject({ status: 'done', outcome: 'short', photos: [{ lineId: id }] });
    const { lines } = expectStatus(await app.get(`/orders/${order.id}`), 200).body;
    expect(lines.map((line: Body) => [line.sku, line.preparedQuantity])).toEqual([
      ['CUP-01', 0],
      ['TEA-01', 2],
    ]);
    await expectIntegrity(app);
  });

  it('keeps what was typed when it is refused, and shows one phone what the other did when it acts', async () => {
    const task: Body = await openPicking(app, (await orderInProcess(app)).id);
    const [one, two] = await Promise.all([1, 2].map(() => openOnPhone(browser, task.url as string, { scripts: true })));
    await two.bringToFront();
    await scan(two, TEA_CODE);
    await waitForText(two, '#said', '1 of 2 picked');
    await one.bringToFront();
    const { id } = lineOf(task, 'CUP-01');
    await tap(one, `#missing-${id} summary`);
    await one.type(`#note-${id}`, 'behind the box');
    await one.focus('#code');
    await scan(one, '999');
    await waitForText(one, '#said', 'No product has the code 999.');
    expect(await textOf(one, 'label[for=progress]')).toBe('1 of 3 units picked');
    expect(await one.$eval(`#note-${id}`, (note) => (note as unknown as { value: string }).value)).toBe(
      'behind the box',
    );
    expect(await one.$eval(`#missing-${id}`, (group) => group.hasAttribute('open'))).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { type Body, openPicking, orderInProcess, reach, startFloor } from '../fulfillment/floor';
import type { TestApp } from '../support/app';
import { writeFilm } from './camera-film';
import { listen, openOnPhone, startBrowser, tap, textOf, waitForText } from './phone';

const CUP_CODE = '4006381333931';
const LINES = [
  { sku: 'CUP-01', quantity: 2, unitPriceMinor: 20_000 },
  { sku: 'TEA-01', quantity: 1, unitPriceMinor: 50_000 },
];

let app: TestApp;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-camera-'));
  const cameraFile = join(folder, 'shelf.y4m');
  await writeFilm(cameraFile, [
    { seconds: 2, code: CUP_CODE },
    { seconds: 2 },
    { seconds: 2, code: 'TEA-01', kind: 'qrcode' },
    { seconds: 2 },
  ]);
  [app, browser] = await Promise.all([startFloor(), startBrowser({ cameraFile })]);
});
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('The phone’s camera', () => {
  it('counts a barcode once until it has left the picture, aloud and with a frame, and stops when nobody looks', async () => {
    const task: Body = await openPicking(app, (await orderInProcess(app, { lines: LINES })).id);
    const page = await openOnPhone(browser, reach(app, task.url), { scripts: true });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(request.postData() ?? '');
    });
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url)) foreign.push(request.url());
    });
    const tones = await listen(page);
    expect(await textOf(page, '#use-camera')).toBe('Use the camera');
    await tap(page, '#use-camera');
    await page.waitForSelector('#camera-frame:not([hidden])', { timeout: 20_000 });
    await page.waitForFunction(`document.querySelector('label[for=progress]').textContent.startsWith('3 of 3')`, {
      timeout: 40_000,
    });
    // Both cups and the tea: each came into the picture anew, and no code was sent twice meanwhile.
    const codes = asked.map((form) => new URLSearchParams(form).get('code'));
    expect(codes.filter((code) => code === CUP_CODE).length).toBeLessThanOrEqual(3);
    expect((await tones())?.slice(0, 3)).toEqual(expect.arrayContaining(['high', 'high']));
    await waitForText(page, '#said', 'Too many:');

    await page.evaluate(`
      globalThis.track = document.getElementById('camera-view').srcObject.getTracks()[0];
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
    expect(await page.evaluate('track.readyState')).toBe('ended');
    expect(await textOf(page, '#use-camera')).toBe('Use the camera');
    expect(await page.$eval('#camera', (box) => (box as unknown as { hidden: boolean }).hidden)).toBe(true);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it('is not offered where the browser has none to give, and the page says what it would need', async () => {
    const task: Body = await openPicking(app, (await orderInProcess(app)).id);
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(`
      Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
      Object.defineProperty(globalThis, 'isSecureContext', { value: false });
    `);
    await page.goto(reach(app, task.url), { waitUntil: 'networkidle0' });
    expect(await page.$eval('#use-camera', (button) => (button as unknown as { hidden: boolean }).hidden)).toBe(true);
    expect(await page.$eval('#camera-note', (note) => (note as unknown as { hidden: boolean }).hidden)).toBe(false);
    await page.close();
  });
});

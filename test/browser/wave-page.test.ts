import type { Browser } from 'puppeteer-core';
import { type Body, reach, startFloor } from '../fulfillment/floor';
import { confirmedOrders, inWave, itemOf, readWave, startWave } from '../fulfillment/wave-floor';
import type { TestApp } from '../support/app';
import { openOnPhone, scan, startBrowser, tap, textOf, waitForText } from './phone';

const TEA_CODE = '8901234567894';
const TARGET_HEIGHT_MIN_PX = 48;

describe('The wave’s page on a phone', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    app = await startFloor();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const newWave = async (): Promise<{ wave: Body; orders: Body[] }> => {
    const orders = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 1, 'CUP-01': 1 }]);
    return { orders, wave: await startWave(app, orders) };
  };

  it.each(['collect', 'sort'])('fits 360 pixels and has targets for a thumb, in the step %s', async (step) => {
    const { wave } = await newWave();
    await inWave(app, wave.id, 'collect', { lineId: itemOf(wave, 'TEA-01').id, quantity: 2 });
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=${step}`, { scripts: true });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const heights = await page.$$eval('button, summary, nav a, input:not([type=hidden])', (all) =>
      all.map((one) => one.getBoundingClientRect().height),
    );
    expect(heights.length).toBeGreaterThan(5);
    for (const height of heights) expect(height).toBeGreaterThanOrEqual(TARGET_HEIGHT_MIN_PX);
    await page.close();
  });

  it('takes a scanner as fast as it fires, names the slot in large type, and refuses the wrong code', async () => {
    const { wave, orders } = await newWave();
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=sort`, { scripts: true });
    await scan(page, TEA_CODE);
    await waitForText(page, '#said .place', `Slot 1 · order ${orders[0]?.number}`);
    const size = await page.evaluate("getComputedStyle(document.querySelector('#said .place')).fontSize");
    expect(parseFloat(String(size))).toBeGreaterThanOrEqual(30);
    await scan(page, TEA_CODE);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said .place', `Slot 2 · order ${orders[1]?.number}`);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Too many');
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 3 });
    await page.close();
  });

  it('works without scripts', async () => {
    const { wave } = await newWave();
    const page = await openOnPhone(browser, reach(app, wave.url), { scripts: false });
    const press = (selector: string): Promise<unknown> =>
      Promise.all([page.waitForNavigation({ waitUntil: 'load' }), tap(page, selector)]);
    await press(`#all-${itemOf(wave, 'TEA-01').id}`);
    expect(await textOf(page, '#said')).toBe('Green tea 100 g: 3 collected.');
    await press('#to-sort');
    await press(`#all-${itemOf(wave, 'TEA-01').id}`);
    expect(await textOf(page, '#slot-1')).toContain('2 of 2');
    await press('#undo');
    expect(await textOf(page, '#said')).toContain('Taken back');
    await page.close();
  });
});

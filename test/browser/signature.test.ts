import type { Browser, Page } from 'puppeteer-core';
import { reach, readOrder, startFloor } from '../fulfillment/floor';
import { handOffOf, openHandOff, payAtTheTill, pickedForPickup, taskOf } from '../fulfillment/hand-off-floor';
import type { TestApp } from '../support/app';
import { actionsKept, openOnPhone, startBrowser, tap, textOf, waitForText } from './phone';

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

async function openHandOver(confirmBy: string, options: { scripts: boolean }) {
  const order = await pickedForPickup(app);
  const handOff = await openHandOff(app, order, { confirmBy });
  await payAtTheTill(app, order);
  const task = await taskOf(app, handOff);
  return { order, page: await openOnPhone(browser, reach(app, task.url), options) };
}

/** As a finger does. */
async function drawName(page: Page): Promise<void> {
  await page.$eval('#signature-canvas', (pad) => pad.scrollIntoView({ block: 'center' }));
  const box = await (await page.$('#signature-canvas'))!.boundingBox();
  const { x, y, width, height } = box!;
  await page.touchscreen.touchStart(x + width * 0.1, y + height * 0.7);
  for (let step = 1; step <= 10; step += 1)
    await page.touchscreen.touchMove(x + width * (0.1 + 0.08 * step), y + height * (step % 2 ? 0.3 : 0.7));
  await page.touchscreen.touchEnd();
}

const pictureLength = (page: Page): Promise<number> =>
  page.$eval('#signature-picture', (field) => (field as unknown as { value: string }).value.length);

describe('The page of a hand-off on a phone', () => {
  it('takes a signature drawn with a finger, which can be cleared and drawn again', async () => {
    const { order, page } = await openHandOver('signature', { scripts: true });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.type('#signed-by', 'Rahima');
    await drawName(page);
    expect(await pictureLength(page)).toBeGreaterThan(500);
    await tap(page, '#signature-clear');
    expect(await pictureLength(page)).toBe(0);
    await drawName(page);
    await tap(page, '#hand-over');
    await waitForText(page, 'main', 'The goods were handed over.');
    const handOff = await handOffOf(app, order);
    expect(handOff).toMatchObject({ confirmedWith: 'signature', signedBy: 'Rahima' });
    const picture = await fetch(`${app.url}/api/v1/handoffs/${handOff.id}/signature`, {
      headers: { authorization: `Bearer ${app.apiKey}` },
    });
    expect(Number((await picture.arrayBuffer()).byteLength)).toBeGreaterThan(500);
    await page.close();
  });

  it('without scripts takes the typed name, and shows no pad', async () => {
    const { order, page } = await openHandOver('signature', { scripts: false });
    expect(await page.$eval('#signature-pad', (pad) => (pad as unknown as { hidden: boolean }).hidden)).toBe(true);
    await page.type('#signed-by', 'Rahima');
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), tap(page, '#hand-over')]);
    expect(await textOf(page, 'main')).toContain('The goods were handed over.');
    expect((await readOrder(app, order.id)).status).toBe('completed');
    await page.close();
  });

  it('in a dead spot says that it needs an answer now, and keeps neither the code nor the goods’ way out', async () => {
    const { order, page } = await openHandOver('code', { scripts: true });
    await page.setOfflineMode(true);
    await page.type('#hand-off-code', '000000');
    await tap(page, '#hand-over');
    await waitForText(page, '#said', 'No connection: this needs an answer now. Try again when you are online.');
    expect(await textOf(page, '#said')).not.toContain('kept');
    expect(await actionsKept(page)).toBe(0);
    await page.setOfflineMode(false);
    await page.waitForNetworkIdle({ idleTime: 1500 });
    expect((await handOffOf(app, order)).wrongTries).toBe(0);
    await tap(page, '#hand-over');
    await waitForText(page, '.wrong', '4 tries are left');
    await page.close();
  });

  it('says that a code was wrong without losing the page, and goes on to the pad after five', async () => {
    const { page } = await openHandOver('code', { scripts: true });
    for (const left of ['4 tries are left', '3 tries', '2 tries', '1 try is left', 'have the customer sign']) {
      await page.type('#hand-off-code', '000000');
      await tap(page, '#hand-over');
      await waitForText(page, '.wrong', left);
    }
    await page.waitForSelector('#signature-canvas', { visible: true });
    await page.close();
  });
});

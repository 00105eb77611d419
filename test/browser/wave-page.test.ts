import type { Browser, HTTPRequest } from 'puppeteer-core';
import { type Body, reach, startFloor } from '../fulfillment/floor';
import { confirmedOrders, inWave, itemOf, readWave, startWave } from '../fulfillment/wave-floor';
import type { TestApp } from '../support/app';
import { openOnPhone, scan, startBrowser, tap, textOf, waitForText, waitUntilSent } from './phone';

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

  it('in a dead spot keeps what is collected and sends it once, and sorts nothing whose slot nobody can say', async () => {
    const { wave } = await newWave();
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=collect`, { scripts: true });
    const tea = itemOf(wave, 'TEA-01').id as string;
    await page.setOfflineMode(true);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', `Scan ${TEA_CODE}: kept, and sent when there is a connection.`);
    await tap(page, `#one-${tea}`);
    await waitForText(page, '#waiting', '2 actions waiting for a connection');
    expect(await textOf(page, `#line-${tea} .unsent`)).toBe('2 not sent yet');
    await page.focus('#code');
    await scan(page, '999');
    await waitForText(page, '#said', '999 is not on this list.');
    await page.setOfflineMode(false);
    await waitUntilSent(page);
    await waitForText(page, 'label[for=progress]', '2 of 4 units collected');
    expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({ collectedQuantity: 2 });

    await page.goto(`${reach(app, wave.url)}?step=sort`, { waitUntil: 'load' });
    await page.setOfflineMode(true);
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'No connection: this needs an answer now.');
    await page.setOfflineMode(false);
    await page.waitForNetworkIdle({ idleTime: 1500 });
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 0 });
    await page.close();
  });

  it('puts a unit into one slot when the answer was lost and it is scanned again', async () => {
    const { wave } = await newWave();
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=sort`, { scripts: true });
    let answers = 0;
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (request.method() !== 'POST' || (answers += 1) > 1) return void request.continue();
      // It reaches the service, and its answer does not reach the phone.
      const body = request.postData() ?? '';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      void fetch(request.url(), { method: 'POST', headers, body }).then(() => request.abort());
    });
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'No connection');
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 1 });
    await scan(page, TEA_CODE);
    await waitForText(page, '#said .place', 'Slot 1');
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 1 });
    await page.close();
  });

  it('stays as it is when something else than the service answers, and can be pressed again', async () => {
    const { wave } = await newWave();
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=sort`, { scripts: true });
    const tea = itemOf(wave, 'TEA-01').id as string;
    await page.setRequestInterception(true);
    const strangers = [
      { status: 502, contentType: 'text/plain', body: 'Bad gateway' },
      { status: 500, contentType: 'text/plain', body: 'Oops', headers: { 'X-Task-State': 'open' } },
    ];
    page.on('request', (request) => {
      const stranger = request.method() === 'POST' ? strangers.shift() : undefined;
      void (stranger ? request.respond(stranger) : request.continue());
    });
    await tap(page, `#one-${tea}`);
    await waitForText(page, '#said', 'No connection');
    await tap(page, `#one-${tea}:enabled`);
    await waitForText(page, '#said', 'The service could not take this in.');
    expect(await textOf(page, 'h1')).toContain(`Wave ${wave.number}`);
    await tap(page, `#one-${tea}:enabled`);
    await waitForText(page, '#said .place', 'Slot 1');
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 1 });
    await page.close();
  });

  it('says that it is being finished until there is an answer, and takes no second press meanwhile', async () => {
    const { wave } = await newWave();
    for (const { id } of wave.lines as Body[]) await inWave(app, wave.id, 'collect', { lineId: id, all: true });
    for (const { id } of wave.lines as Body[]) await inWave(app, wave.id, 'sort', { lineId: id, all: true });
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=sort`, { scripts: true });
    const held: HTTPRequest[] = [];
    await page.setRequestInterception(true);
    page.on('request', (request) => void (request.method() === 'POST' ? held.push(request) : request.continue()));
    await tap(page, 'input[name=confirmed]');
    await tap(page, '#finish');
    await waitForText(page, '#finish:disabled', 'Finishing 2 orders …');
    await page.$eval('#finish', (button) => (button as unknown as { click(): void }).click());
    await held[0]?.abort();
    await waitForText(page, '#said', 'No connection');
    expect(await textOf(page, '#finish:enabled')).toBe('Finish the wave');
    expect([held.length, (await readWave(app, wave.id)).status]).toEqual([1, 'in_progress']);
    await tap(page, '#finish');
    await waitForText(page, '#finish:disabled', 'Finishing 2 orders …');
    await held[1]?.continue();
    await waitForText(page, 'main', 'This wave is finished.');
    expect((await readWave(app, wave.id)).status).toBe('done');
    await page.close();
  });

  it('says to who had it that somebody else has it now, also to what their phone kept in a dead spot', async () => {
    const { wave } = await newWave();
    const page = await openOnPhone(browser, `${reach(app, wave.url)}?step=collect`, { scripts: true });
    await page.setOfflineMode(true);
    await scan(page, TEA_CODE);
    await waitForText(page, '#waiting', '1 action waiting for a connection');
    const given = await inWave(app, wave.id, 'assign', { assigneeEmail: 'takes-over@example.com' });
    await page.setOfflineMode(false);
    await waitForText(page, 'main', `Wave ${wave.number} was given to somebody else`);
    expect((await readWave(app, wave.id)).progress).toMatchObject({ collectedUnits: 0 });
    const next = await openOnPhone(browser, reach(app, given.url), { scripts: true });
    await scan(next, TEA_CODE);
    await waitForText(next, '#said', '1 collected');
    await Promise.all([page.close(), next.close()]);
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

import type { Browser } from 'puppeteer-core';
import { startTestApp, type TestApp } from '../support/app';
import { expectStatus, placeOrder, stockProduct } from '../support/shop';
import { openOnPhone, startBrowser } from './phone';

describe('The mailbox of the demonstration in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let id: string;

  beforeAll(async () => {
    [app, browser] = await Promise.all([startTestApp(), startBrowser()]);
    await stockProduct(app);
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    expectStatus(await app.post('/notifications/customer', { orderId: order.id, message: 'order_received' }), 201);
    await app.settled();
    const { items } = (await (await fetch(`${app.url}/mailbox.json`)).json()) as { items: { id: string }[] };
    id = items[0]?.id ?? '';
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it.each(['/mailbox', '/mailbox/:id'])('shows on %s when a mail came by the clock of whoever looks', async (path) => {
    const page = await openOnPhone(browser, 'about:blank', { scripts: true });
    await page.emulateTimezone('Asia/Dhaka');
    await page.goto(app.url + path.replace(':id', id));
    const { text, title, sentAt } = await page.$eval('time', (time) => ({
      text: time.textContent ?? '',
      title: time.title,
      sentAt: time.dateTime,
    }));
    const inDhaka = new Date(Date.parse(sentAt) + 6 * 3_600_000).toISOString();
    expect(text).toContain(inDhaka.slice(11, 16));
    expect(text).toContain('GMT+6');
    expect(title).toMatch(/\d\d:\d\d UTC$/);
    expect(title).toContain(sentAt.slice(11, 16));
    await page.close();
  });

  it('says UTC where no script runs', async () => {
    const page = await openOnPhone(browser, `${app.url}/mailbox`, { scripts: false });
    expect(await page.$eval('time', ({ textContent }) => textContent)).toMatch(/\d\d:\d\d UTC$/);
    await page.close();
  });
});

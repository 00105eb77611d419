import type { Browser, Page } from 'puppeteer-core';
import { type Body, lineOf, openPicking, orderInProcess, reach, startFloor } from '../fulfillment/floor';
import { newProduct, orderFor } from '../orders/open-orders';
import type { TestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { openOnPhone, startBrowser, textOf } from './phone';

const MANAGER = { name: 'Moushumi', email: 'boss@example.com', role: 'store_manager', storeIds: [] };

describe('counting and deciding on a phone without scripts', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    [app, browser] = await Promise.all([startFloor(), startBrowser()]);
    expectStatus(await app.post('/users', MANAGER), 201);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const taskOf = async (order: Body, taskKind: string): Promise<Body> => {
    await app.settled();
    return (await app.get(`/tasks?orderId=${order.id}&kind=${taskKind}`)).body.items[0];
  };

  async function open(task: Body): Promise<Page> {
    const page = await openOnPhone(browser, reach(app, task.url), { scripts: false });
    const { clientWidth, scrollWidth } = await page.$eval('html', ({ clientWidth: shown, scrollWidth: whole }) => ({
      clientWidth: shown,
      scrollWidth: whole,
    }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    const heights = await page.$$eval('main button, main input:not([type=hidden]):not([type=radio])', (targets) =>
      targets.map((target) => target.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(48);
    return page;
  }

  async function press(page: Page, selector: string): Promise<void> {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
  }

  it('counts a shelf, and a manager takes the figure over', async () => {
    const sku = await newProduct(app, 12);
    const order = await orderFor(app, sku, 1);
    const task = expectStatus(await app.post('/tasks', { kind: 'count', orderId: order.id }), 201).body;
    const counting = await open(task);
    await counting.type('.figure', '10');
    await press(counting, '#count');
    expect(await textOf(counting, '#said')).toContain('A manager looks at what differs.');
    const deciding = await open(await taskOf(order, 'stock_decision'));
    expect(await textOf(deciding, '.worth')).toContain('2 fewer');
    await deciding.click('input[value=accept]');
    await press(deciding, '#decide');
    expect(await textOf(deciding, '#said')).toContain('Accepted');
    const { body } = await app.get(`/inventory?sku=${sku}`);
    expect(body.items[0].onHand).toBe(10);
  }, 120_000);

  it('lets an order go on, with a reason', async () => {
    const order = await orderInProcess(app);
    const picking = await openPicking(app, order.id);
    const lines = [{ id: lineOf(picking, 'TEA-01').id, doneQuantity: 1 }];
    expectStatus(await app.post(`/tasks/${picking.id}/items`, { lines }), 200);
    const asked = { reason: 'operational', note: 'no van today', requesterEmail: 'asker@example.com' };
    expectStatus(await app.post(`/orders/${order.id}/cancellation_requests`, asked), 202);
    const deciding = await open(await taskOf(order, 'cancellation_decision'));
    expect(await textOf(deciding, 'main')).toContain('What cancelling would do');
    await deciding.type('#decide-note', 'a van was found');
    await press(deciding, '#reject');
    expect(await textOf(deciding, '#said')).toContain('The order goes on.');
    expect((await app.get(`/orders/${order.id}`)).body).toMatchObject({ status: 'processing', holds: [] });
  }, 120_000);
});

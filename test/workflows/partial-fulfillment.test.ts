import { PipelineShop } from './pipeline-shop';
import { ALL_WORK, type Json } from './runs';

const FULFILLMENT = 'olOrderFulfillment';
const PARTIAL = 'olPartialFulfillment';
const UNIT_MINOR = 50_000;
const SHIPPING_MINOR = 6_000;
const STEEP = { sku: 'TEA-02', name: 'Oolong 100 g', priceMinor: 40_000, costMinor: 25_000, barcode: '8901234567801' };

/** Goods are missing again and again, and everybody is asked, told and paid right each time. */
describe('Partial fulfillment in the real n8n', () => {
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await PipelineShop.open(['order-received.json', 'order-fulfillment.json', 'partial-fulfillment.json']);
    await shop.floor.call('POST', '/products', { ...STEEP, category: 'tea', weightGrams: 120, shelf: 'A-4' });
    await receive('TEA-02', 20, 'PO-OOLONG');
  }, 240_000);
  afterAll(() => shop?.close());

  const receive = (sku: string, quantity: number, reference: string): Promise<Json> =>
    shop.floor.call('POST', '/inventory/receipts', { lines: [{ sku, quantity, unitCostMinor: 20_000 }], reference });
  const place = (quantity: number): Promise<Json> =>
    shop.place({ lines: [{ sku: 'TEA-01', quantity, unitPriceMinor: UNIT_MINOR }], shippingMinor: SHIPPING_MINOR });

  /** So many of the first line are there. */
  async function pickShort(order: Json, doneQuantity: number): Promise<void> {
    const task = await shop.floor.call('GET', `/tasks/${(await shop.floor.openTask(order)).id}`);
    const lines = [{ id: task.lines[0].id, doneQuantity, shortReason: 'not_found' }];
    await shop.floor.call('POST', `/tasks/${task.id}/complete`, { lines });
  }

  async function decide(order: Json, answer: Json): Promise<void> {
    const task = await shop.floor.openTask(order, 'shortage_decision');
    const { lines } = await shop.order(order);
    const body = { lines: [{ id: lines[0].id, ...answer }], reason: 'nothing left on the shelf' };
    await shop.floor.call('POST', `/tasks/${task.id}/shortage_decision`, body);
  }

  /** What was posted for the order, event by event, with its amount. */
  async function journalOf({ id }: Json): Promise<[string, number][]> {
    const { items } = await shop.floor.call('GET', `/accounting/entries?orderId=${id}`);
    const sumOf = (postings: Json[]): number => postings.reduce((sum, one) => sum + Number(one.amountMinor), 0);
    return (items as Json[]).reverse().map(({ event, postings }) => [event as string, sumOf(postings as Json[])]);
  }

  async function parcelsOf({ number }: Json): Promise<Json[]> {
    const answer = await fetch(`${shop.service.url}/sandbox/steadfast/control/parcels`);
    const { items } = (await answer.json()) as { items: Json[] };
    const own = items.filter(({ invoice }) => String(invoice).startsWith(number));
    return own.sort((one, other) => String(one.invoice).localeCompare(String(other.invoice)));
  }

  const countersOf = (order: Json): Json[] =>
    order.lines.map(({ sku, preparedQuantity, shippedQuantity, deliveredQuantity, backorderedQuantity }: Json) => {
      return { sku, preparedQuantity, shippedQuantity, deliveredQuantity, backorderedQuantity };
    });

  /** Part n has left: its people have done their work, and the customer was told of it. */
  async function sent(order: Json, status: string, parts: number): Promise<Json> {
    await shop.floor.finish(order, 'packing', 'pickup_dispatch');
    const isTold = async (): Promise<boolean> =>
      (await shop.mails(order.customer.email)).filter(({ subject }) => /on its way/.test(subject)).length === parts;
    await shop.until(`part ${parts} of ${order.number}`, isTold);
    await shop.untilQuiet();
    const now = await shop.order(order);
    expect({ status: now.status, ships: await shop.floor.countActions(order, 'order.ship') }).toEqual({
      status,
      ships: { 'order.ship': parts },
    });
    return now;
  }

  async function delivered({ number }: Json, reference: string): Promise<void> {
    const path = `/sandbox/steadfast/control/parcels/${encodeURIComponent(reference)}`;
    await fetch(shop.service.url + path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'delivered' }),
    });
    const { items } = await shop.floor.call('GET', '/consignments?limit=100');
    const parcel = (items as Json[]).find((one) => one.reference === reference);
    expect({ number, parcel }).toMatchObject({ parcel: { reference } });
    await shop.floor.call('POST', `/consignments/${parcel?.id}/sync`, {});
  }

  const expectNothingFailed = async (): Promise<void> =>
    expect((await shop.n8n.executions()).filter(({ status }) => ['error', 'crashed'].includes(status))).toEqual([]);

  it('sends two parts and then the rest; goods, money and mails are right each time', async () => {
    const order = await place(6);
    await pickShort(order, 3);
    await decide(order, { resolution: 'backorder' });
    const first = await sent(order, 'partially_fulfilled', 1);
    expect(countersOf(first)).toMatchObject([{ preparedQuantity: 3, shippedQuantity: 3, backorderedQuantity: 3 }]);
    expect(await journalOf(order)).toEqual([['placed', 6 * UNIT_MINOR + SHIPPING_MINOR]]);

    await receive('TEA-01', 3, `PO-${order.number}-A`);
    await pickShort(order, 2);
    await decide(order, { resolution: 'backorder' });
    const second = await sent(order, 'partially_fulfilled', 2);
    expect(countersOf(second)).toMatchObject([{ preparedQuantity: 5, shippedQuantity: 5, backorderedQuantity: 1 }]);
    await delivered(order, order.number);
    await shop.untilQuiet();
    expect(countersOf(await shop.order(order))).toMatchObject([{ shippedQuantity: 5, deliveredQuantity: 3 }]);

    await receive('TEA-01', 1, `PO-${order.number}-B`);
    await shop.floor.finish(order);
    await sent(order, 'shipped', 3);
    const parcels = await parcelsOf(order);
    expect(parcels.map(({ invoice, cod_amount: collects }) => [invoice, Number(collects) * 100])).toEqual([
      [order.number, 3 * UNIT_MINOR + SHIPPING_MINOR],
      [`${order.number}-2`, 2 * UNIT_MINOR],
      [`${order.number}-3`, UNIT_MINOR],
    ]);
    await delivered(order, `${order.number}-2`);
    await delivered(order, `${order.number}-3`);
    expect(countersOf(await shop.untilStatus(order, 'delivered'))).toMatchObject([{ deliveredQuantity: 6 }]);
    const collected = (await journalOf(order)).filter(([event]) => event === 'cod_delivered');
    expect(collected.map(([, amountMinor]) => amountMinor)).toEqual([
      3 * UNIT_MINOR + SHIPPING_MINOR,
      2 * UNIT_MINOR,
      UNIT_MINOR,
    ]);
    const subjects = (await shop.customerMails(order)).map(({ subject }) => subject);
    expect(subjects.filter((one) => /on its way/.test(one))).toHaveLength(3);
    expect(subjects.filter((one) => /missing/i.test(one))).toHaveLength(2);
    expect(await shop.floor.countActions(order, 'order.partially_fulfill', 'order.resume', 'order.fulfill')).toEqual({
      'order.partially_fulfill': 2,
      'order.resume': 2,
      'order.fulfill': 1,
    });
    await shop.expectBooksAgree();
  }, 480_000);

  it('has a substitute picked and sends one parcel with it', async () => {
    const order = await place(3);
    await pickShort(order, 2);
    const consent = { given: true, how: 'on the phone' };
    await decide(order, { resolution: 'substitute', sku: 'TEA-02', pricePolicy: 'lower', consent });
    await shop.floor.finish(order);
    const now = await sent(order, 'shipped', 1);
    expect(countersOf(now)).toMatchObject([
      { sku: 'TEA-01', shippedQuantity: 2 },
      { sku: 'TEA-02', shippedQuantity: 1 },
    ]);
    const due = 2 * UNIT_MINOR + STEEP.priceMinor + SHIPPING_MINOR;
    expect((await parcelsOf(order)).map(({ cod_amount: collects }) => Number(collects) * 100)).toEqual([due]);
    await shop.expectBooksAgree();
  }, 300_000);

  it('takes what is not there off the bill and sends what is', async () => {
    const order = await place(3);
    await pickShort(order, 2);
    await decide(order, { resolution: 'refund' });
    expect(await sent(order, 'shipped', 1)).toMatchObject({ balanceDueMinor: 2 * UNIT_MINOR + SHIPPING_MINOR });
    expect(await journalOf(order)).toContainEqual(['short_shipped', UNIT_MINOR]);
    await shop.expectBooksAgree();
  }, 300_000);

  it('waits with everything when nothing was there, and goes on when it comes', async () => {
    const order = await place(2);
    await pickShort(order, 0);
    await decide(order, { resolution: 'backorder' });
    await shop.untilQuiet();
    expect(await shop.order(order)).toMatchObject({ status: 'processing' });
    await receive('TEA-01', 2, `PO-${order.number}`);
    await shop.floor.finish(order);
    await sent(order, 'shipped', 1);
    await shop.expectMovedByPipeline(order, {
      'order.process': FULFILLMENT,
      'order.fulfill': PARTIAL,
      'order.ship': PARTIAL,
    });
  }, 300_000);

  it('sends the rest as a parcel of its own when it comes while the first part waits for its courier', async () => {
    const order = await place(4);
    await pickShort(order, 3);
    await decide(order, { resolution: 'backorder' });
    await shop.floor.finish(order, 'packing');
    await shop.floor.openTask(order, 'pickup_dispatch');
    await receive('TEA-01', 1, `PO-${order.number}`);
    await shop.untilQuiet();
    expect(await shop.order(order)).toMatchObject({ status: 'partially_fulfilled' });
    expect(countersOf(await shop.order(order))).toMatchObject([{ preparedQuantity: 3, backorderedQuantity: 0 }]);
    await shop.floor.finish(order, 'pickup_dispatch');
    await shop.floor.finish(order);
    const now = await sent(order, 'shipped', 2);
    expect(countersOf(now)).toMatchObject([{ preparedQuantity: 4, shippedQuantity: 4 }]);
    expect((await parcelsOf(order)).map(({ invoice, cod_amount: due }) => [invoice, Number(due) * 100])).toEqual([
      [order.number, 3 * UNIT_MINOR + SHIPPING_MINOR],
      [`${order.number}-2`, UNIT_MINOR],
    ]);
    expect(shop.read('SELECT id FROM labels WHERE order_id = :id', { id: order.id })).toHaveLength(2);
    await expectNothingFailed();
    await shop.expectBooksAgree();
  }, 300_000);

  it('takes the rest along when it comes while the first part is packed', async () => {
    const order = await place(4);
    await pickShort(order, 3);
    await decide(order, { resolution: 'backorder' });
    await shop.floor.openTask(order, 'packing');
    await receive('TEA-01', 1, `PO-${order.number}`);
    await shop.untilQuiet();
    expect((await shop.floor.tasksOf(order)).filter(({ kind }) => kind === 'picking')).toHaveLength(1);
    await shop.floor.finish(order, 'packing', 'picking');
    const now = await sent(order, 'shipped', 1);
    expect(countersOf(now)).toMatchObject([{ preparedQuantity: 4, shippedQuantity: 4, backorderedQuantity: 0 }]);
    expect((await parcelsOf(order)).map(({ cod_amount: due }) => Number(due) * 100)).toEqual([
      4 * UNIT_MINOR + SHIPPING_MINOR,
    ]);
    await expectNothingFailed();
    await shop.expectBooksAgree();
  }, 300_000);

  it('says nothing of missing goods when the order is cancelled while the manager thinks about it', async () => {
    const order = await place(3);
    await pickShort(order, 2);
    await shop.floor.openTask(order, 'shortage_decision');
    await shop.floor.call('POST', `/orders/${order.id}/cancel`, { reason: 'operational', note: 'asked' });
    const subjects = (await shop.customerMails(order)).map(({ subject }) => subject);
    expect(subjects.filter((one) => /missing/i.test(one))).toEqual([]);
    await expectNothingFailed();
  }, 240_000);

  it('goes on once when n8n and the service were killed while the manager thought about it', async () => {
    const order = await place(3);
    await pickShort(order, 2);
    await shop.floor.openTask(order, 'shortage_decision');
    await shop.untilQuiet();
    await Promise.all([shop.n8n.kill(), shop.service.kill()]);
    await shop.service.start();
    await decide(order, { resolution: 'backorder' });
    await shop.n8n.start();
    await sent(order, 'partially_fulfilled', 1);
    await receive('TEA-01', 1, `PO-${order.number}`);
    await shop.floor.finish(order);
    await sent(order, 'shipped', 2);
    const tasks = (await shop.floor.tasksOf(order)).reverse().filter(({ kind }) => kind !== 'count');
    expect(tasks.map(({ kind }) => kind as string)).toEqual([
      'picking',
      'shortage_decision',
      ...ALL_WORK.slice(1),
      ...ALL_WORK,
    ]);
    await shop.expectBooksAgree();
  }, 480_000);
});

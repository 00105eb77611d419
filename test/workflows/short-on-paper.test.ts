import { bkashId } from '../support/shop';
import { MANAGER, PipelineShop } from './pipeline-shop';
import { ALL_WORK, type Json } from './runs';

const FULFILLMENT = 'olOrderFulfillment';
const PARTIAL = 'olPartialFulfillment';
const MUG = { sku: 'MUG-01', name: 'Mug, blue', priceMinor: 30_000, costMinor: 10_000, barcode: '8901234567818' };

/** Goods are missing before anybody picks: a manager is asked once, and the order goes on by itself. */
describe('An order that is short on paper, in the real n8n', () => {
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await PipelineShop.open([
      'order-received.json',
      'payment-verification.json',
      'order-fulfillment.json',
      'partial-fulfillment.json',
    ]);
    await shop.floor.call('POST', '/products', { ...MUG, category: 'mugs', weightGrams: 350, shelf: 'B-1' });
  }, 240_000);
  afterAll(() => shop?.close());

  const receive = (quantity: number, reference: string): Promise<Json> =>
    shop.floor.call('POST', '/inventory/receipts', {
      lines: [{ sku: MUG.sku, quantity, unitCostMinor: MUG.costMinor }],
      reference,
    });
  const TEA_AND_MUGS = [
    { sku: 'TEA-01', quantity: 1, unitPriceMinor: 50_000 },
    { sku: MUG.sku, quantity: 2, unitPriceMinor: MUG.priceMinor },
  ];

  async function decide(order: Json, resolution: string): Promise<void> {
    const task = await shop.floor.openTask(order, 'shortage_decision');
    const { lines } = await shop.order(order);
    const body = { lines: [{ id: lines[1].id, resolution }], reason: 'the kiln is cold' };
    await shop.floor.call('POST', `/tasks/${task.id}/shortage_decision`, body);
  }

  /** What people were asked to do for the order, in the order of asking. */
  const workOf = async (order: Json): Promise<string[]> =>
    (await shop.floor.tasksOf(order)).map(({ kind }) => kind as string).reverse();

  /** Mails to the customer by their subject, in alphabetical order. */
  async function expectShippedOnce(order: Json, mails: readonly RegExp[]): Promise<void> {
    await shop.floor.finish(order, ...ALL_WORK);
    await shop.untilStatus(order, 'shipped');
    await shop.untilMail(order.customer.email, /on its way/);
    const subjects = (await shop.customerMails(order)).map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(mails.map((about) => expect.stringMatching(about)));
    expect(await shop.floor.countActions(order, 'order.process', 'order.fulfill', 'order.ship')).toEqual({
      'order.process': 1,
      'order.fulfill': 1,
      'order.ship': 1,
    });
    expect(await workOf(order)).toEqual(['shortage_decision', ...ALL_WORK]);
    const asked = (await shop.mails(MANAGER)).filter(({ subject }) => subject.includes(order.number));
    expect(asked.filter(({ subject }) => /missing/i.test(subject))).toHaveLength(1);
    const failed = (await shop.n8n.executions()).filter(({ status }) => ['error', 'crashed'].includes(status));
    expect(failed).toEqual([]);
    expect(await shop.floor.call('GET', '/incidents?status=open')).toMatchObject({ items: [] });
    await shop.expectBooksAgree();
  }

  it('waits when the manager says so, and is begun when the goods are here, after a kill too', async () => {
    const order = await shop.place({ allowBackorder: true, lines: TEA_AND_MUGS });
    await shop.floor.openTask(order, 'shortage_decision');
    await shop.untilQuiet();
    await Promise.all([shop.n8n.kill(), shop.service.kill()]);
    await shop.service.start();
    await decide(order, 'backorder');
    await shop.n8n.start();
    await shop.untilMail(order.customer.email, /missing/i);
    await shop.until('the run that asked to be believed', async () => {
      const runs = shop.read(`SELECT status FROM pipeline_runs WHERE order_id = :id AND topic = 'order.confirmed'`, {
        id: order.id,
      });
      return runs.length === 1 && runs[0]?.status === 'finished';
    });
    expect(await shop.order(order)).toMatchObject({ status: 'confirmed' });
    await receive(2, `PO-${order.number}`);
    await expectShippedOnce(order, [/confirmed/, /on its way/, /missing/]);
    await shop.expectMovedByPipeline(order, {
      'order.process': PARTIAL,
      'order.fulfill': PARTIAL,
      'order.ship': PARTIAL,
    });
  }, 480_000);

  it('goes on without what a count found gone before it was paid, once the manager takes it off the bill', async () => {
    await receive(2, 'PO-COUNTED');
    const order = await shop.place({ paymentMethod: 'nagad', lines: TEA_AND_MUGS });
    const lines = [{ sku: MUG.sku, delta: -1, reason: 'count' }];
    await shop.floor.call('POST', '/inventory/adjustments', { lines, reference: 'COUNT-1' });
    await shop.until('the line to wait', async () => (await shop.order(order)).lines[1].backorderedQuantity === 1);
    await shop.untilQuiet();
    expect(await workOf(order)).toEqual([]);
    const { totalMinor: amountMinor } = order;
    const payment = { method: 'nagad', transactionId: bkashId(), amountMinor };
    await shop.floor.call('POST', `/orders/${order.id}/payments`, payment);
    await decide(order, 'refund');
    await expectShippedOnce(order, [/how to pay/, /confirmed/, /on its way/, /missing/]);
    expect((await shop.order(order)).lines).toMatchObject([{ shippedQuantity: 1 }, { shippedQuantity: 1 }]);
    await shop.expectMovedByPipeline(order, { 'order.process': FULFILLMENT, 'order.ship': FULFILLMENT });
  }, 300_000);

  it('is the only kind that wakes the pipeline for missing goods: an order that leaves whole starts no run of it', async () => {
    const before = (await shop.n8n.executions(PARTIAL)).length;
    const order = await shop.place();
    await shop.floor.finish(order, ...ALL_WORK);
    await shop.untilStatus(order, 'shipped');
    await shop.untilMail(order.customer.email, /on its way/);
    await shop.untilQuiet();
    expect((await shop.n8n.executions(PARTIAL)).length).toBe(before);
  }, 240_000);
});

import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move, placeOrder } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { type Body, lineFor, orderOf, pickSome, product, read } from './shortage-floor';

const TAKES_WHAT_IS_THERE = { allowBackorder: true };

describe.each(DATABASES)('Goods that become free while orders wait for them, on %s', (kind) => {
  let book: OrderBook;
  beforeAll(async () => {
    book = await openOrders(kind);
  });
  afterAll(() => book.close());

  const waitingUnits = async (order: Body): Promise<number> =>
    (await read(book.app, order)).lines[0].backorderedQuantity;

  /** One order that holds all there is, and two that came after it and wait. */
  async function queueFor(units: number): Promise<{ sku: string; holder: Body; first: Body; second: Body }> {
    const { app } = book;
    const sku = await product(app, units);
    const holder = await orderOf(app, [lineFor(sku, units)]);
    const first = await placeOrder(app, { lines: [lineFor(sku, 2)], ...TAKES_WHAT_IS_THERE });
    const second = await placeOrder(app, { lines: [lineFor(sku, 2)], ...TAKES_WHAT_IS_THERE });
    expect([await waitingUnits(first), await waitingUnits(second)]).toEqual([2, 2]);
    return { sku, holder, first, second };
  }

  it('go to who waits longest when an order is cancelled, before anybody who asks later', async () => {
    const { app } = book;
    const { sku, holder, first, second } = await queueFor(3);
    await move(app, holder.id, 'cancel', { reason: 'operational' });
    await app.settled();
    expect([await waitingUnits(first), await waitingUnits(second)]).toEqual([0, 1]);
    const { items } = expectStatus(await app.get(`/inventory?sku=${sku}`), 200).body;
    expect(items).toMatchObject([{ onHand: 3, reserved: 3, available: 0 }]);
    await expectIntegrity(app);
  });

  it('go to who waits when a count finds more than was written down', async () => {
    const { app } = book;
    const { sku, first, second } = await queueFor(1);
    expectStatus(await app.post('/inventory/adjustments', { lines: [{ sku, delta: 3, reason: 'count' }] }), 201);
    await app.settled();
    expect([await waitingUnits(first), await waitingUnits(second)]).toEqual([0, 1]);
    await expectIntegrity(app);
  });

  it('are promised to nobody when they were looked for and not found', async () => {
    const { app } = book;
    const { holder, first, second } = await queueFor(3);
    await pickSome(app, holder, [1]);
    expectStatus(await app.post(`/orders/${holder.id}/shortage`, { resolution: 'refund', reason: 'none there' }), 201);
    await app.settled();
    expect([await waitingUnits(first), await waitingUnits(second)]).toEqual([2, 2]);
    await expectIntegrity(app);
  });
});

import { DATABASES } from '../../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { type Body, lineFor, orderOf, pickSome, product, read, shortageOf } from './shortage-floor';

const MINUTE_MS = 60_000;

describe.each(DATABASES)('An order of which things are missing twice, on %s', (kind) => {
  let book: OrderBook;
  beforeAll(async () => {
    book = await openOrders(kind);
  });
  afterAll(() => book.close());

  it('goes out in parts, gets what came in and another thing for the rest, and its books close at nothing', async () => {
    const { app, clock } = book;
    const [tea, mint] = [await product(app, 5), await product(app, 5, { priceMinor: 60_000 })];
    const order = await orderOf(app, [lineFor(tea, 5)], { shippingMinor: 6_000, taxMinor: 25_000 });
    const [line] = order.lines;
    const post = async (path: string, body: Body, status = 201): Promise<Body> => {
      clock.advance(MINUTE_MS);
      return expectStatus(await app.post(path, body), status).body;
    };
    const counters = async (): Promise<number[][]> => {
      await expectIntegrity(app);
      return (await read(app, order)).lines.map((one: Body) => [
        ...[one.quantity, one.preparedQuantity, one.shippedQuantity, one.backorderedQuantity],
        ...[one.substitutedQuantity, one.cancelledQuantity],
      ]);
    };
    const next = async (name: string, fields: Body = {}): Promise<void> => {
      clock.advance(MINUTE_MS);
      await move(app, order.id, name, fields);
    };

    await pickSome(app, order, [2]);
    await post(`/orders/${order.id}/shortage`, { resolution: 'backorder', reason: 'shelf was empty' });
    expect(await counters()).toEqual([[5, 2, 0, 3, 0, 0]]);
    // The shelf was empty, so the record is put right; what is on it is picked for this order.
    await post('/inventory/adjustments', { lines: [{ sku: tea, delta: -3, reason: 'count' }] });
    const waits = [{ id: line.id, handling: 'backorder' }];
    await next('partially_fulfill', { reason: 'short', lines: waits });
    await next('ship', { carrier: 'manual' });
    expect(await read(app, order)).toMatchObject({ status: 'partially_fulfilled', stage: 'picking' });

    await post('/inventory/receipts', { lines: [{ sku: tea, quantity: 2, unitCostMinor: 30_000 }] });
    await app.settled();
    expect(await counters()).toEqual([[5, 2, 2, 1, 0, 0]]);
    await next('resume', { reason: 'goods came' });
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 1, lines: [{ backorderedQuantity: 1 }] });
    await pickSome(app, order, [1]);
    expect(await shortageOf(app, order)).toMatchObject({
      missingUnits: 2,
      lines: [{ shortQuantity: 1, backorderedQuantity: 1, refund: { differenceMinor: -110_000 } }],
    });

    const consent = { given: true, how: 'by phone', upToMinor: 11_000 };
    const answers = [
      { id: line.id, resolution: 'substitute', quantity: 1, sku: mint, pricePolicy: 'new', consent },
      { id: line.id, resolution: 'refund', quantity: 1 },
    ];
    const decided = await post(`/orders/${order.id}/shortage`, { lines: answers, reason: 'none will come' });
    expect(decided.lines.map((one: Body) => [one.resolution, one.differenceMinor, one.owedBackMinor])).toEqual([
      ['substitute', 11_000, 0],
      ['refund', -55_000, 44_000],
    ]);
    expect(await counters()).toEqual([
      [5, 3, 2, 0, 1, 1],
      [1, 0, 0, 0, 0, 0],
    ]);
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 0 });
    clock.advance(MINUTE_MS);
    await pickSome(app, order, [5, 1]);
    await next('fulfill');
    await next('ship', { carrier: 'manual' });
    await next('deliver');
    expect(await read(app, order)).toMatchObject({
      status: 'completed',
      refundsPayableMinor: 44_000,
      balanceDueMinor: 0,
    });
    const refund = await post(`/orders/${order.id}/refund`, {});
    expect(refund.amountMinor).toBe(44_000);
    await post(`/refunds/${refund.id}/execute`, { method: 'cash' }, 200);
    await app.settled();
    expect(await counters()).toEqual([
      [5, 3, 3, 0, 1, 1],
      [1, 1, 1, 0, 0, 0],
    ]);
    // 3 × 500 and 600 were sold, a tenth of it is tax, shipping is 60.
    const books = await Promise.all(['1100', '2100', '2200', '4000', '4010'].map((code) => balanceOf(app, code)));
    expect(books.map((minor) => minor || 0)).toEqual([0, 0, -21_000, -210_000, -6_000]);
  });
});

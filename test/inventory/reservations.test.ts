import fc from 'fast-check';
import {
  backorder,
  deliver,
  dispatch,
  expiredSources,
  fillBackorders,
  foundStock,
  recall,
  release,
  reserve,
  reservationsOf,
  returnDelivered,
  setExpiry,
  type StockLine,
  writeOffOutgoing,
} from '../../server/inventory';
import { DATABASES, emptyDatabase } from '../support/databases';
import { openStock, type Stock, stockProduct } from './open-stock';

describe.each(DATABASES)('stock for orders on %s', (kind) => {
  let stock: Stock;
  let drop: () => Promise<void>;
  let teaId: string;
  let orders = 0;

  const newSource = () => {
    const sourceId = `order-${(orders += 1)}`;
    return { storeId: 'main', sourceType: 'order', sourceId, orderId: sourceId };
  };
  const tea = (quantity: number, lineId = 'line-1', productId = teaId): StockLine => ({
    lineId,
    productId,
    sku: 'TEA-01',
    quantity,
  });

  beforeEach(async () => {
    const database = await emptyDatabase(kind);
    drop = database.drop;
    stock = await openStock(database.url);
    teaId = await stockProduct(stock);
  });

  afterEach(async () => {
    const broken = await stock.broken();
    await stock.close();
    await drop();
    expect(broken).toEqual([]);
  });

  it('50 on hand, an order of 2: 48 available while promised, 48 in all once delivered, worth 24,000 after 25,000', async () => {
    const source = newSource();
    expect(await stock.level('TEA-01')).toMatchObject({
      onHand: 50,
      reserved: 0,
      available: 50,
      total: 50,
      valueMinor: 2_500_000,
    });
    expect(await stock.command((ctx) => reserve(ctx, source, [tea(2)], { isNew: true }))).toEqual([
      { lineId: 'line-1', reserved: 2, backordered: 0 },
    ]);
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 50, reserved: 2, available: 48, total: 50 });
    expect(await stock.command((ctx) => dispatch(ctx, source))).toEqual([
      { lineId: 'line-1', quantity: 2, costMinor: 100_000 },
    ]);
    expect(await stock.level('TEA-01')).toMatchObject({
      onHand: 48,
      reserved: 0,
      available: 48,
      outgoing: 2,
      total: 50,
      valueMinor: 2_500_000,
    });
    expect(await stock.command((ctx) => deliver(ctx, source))).toEqual([
      { lineId: 'line-1', quantity: 2, costMinor: 100_000 },
    ]);
    expect(await stock.level('TEA-01')).toMatchObject({
      onHand: 48,
      available: 48,
      outgoing: 0,
      total: 48,
      valueMinor: 2_400_000,
    });
    expect([await stock.balance('1300'), await stock.balance('5000')]).toEqual([2_400_000, 100_000]);
  });

  it('refuses what is not there and names each short line; nothing is reserved', async () => {
    const coffeeId = await stockProduct(stock, { sku: 'COF-01' }, { quantity: 5, unitCostMinor: 10 });
    const lines = [tea(30), { ...tea(3, 'line-2', coffeeId), sku: 'COF-01' }, tea(21, 'line-3')];
    const refused = stock.command((ctx) => reserve(ctx, newSource(), lines));
    await expect(refused).rejects.toMatchObject({
      code: 'STOCK_INSUFFICIENT',
      errors: [{ path: 'lines[2]', code: 'STOCK_INSUFFICIENT', sku: 'TEA-01', requested: 51, available: 50 }],
    });
    expect(await stock.level('TEA-01')).toMatchObject({ reserved: 0 });
    expect(await stock.level('COF-01')).toMatchObject({ reserved: 0 });
  });

  it('promises exactly 50 when 200 ask for one of 50 at the same moment', async () => {
    const asked = Array.from({ length: 200 }, () =>
      stock.command((ctx) => reserve(ctx, newSource(), [tea(1)], { isNew: true })),
    );
    const outcomes = await Promise.allSettled(asked);
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.code as string] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(['STOCK_INSUFFICIENT']));
    expect(refusals).toHaveLength(150);
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });

  it('lets orders with the same two products in either order through, none lost', async () => {
    const coffeeId = await stockProduct(stock, { sku: 'COF-01' });
    const both = (n: number): StockLine[] => {
      const lines = [tea(1), { ...tea(1, 'line-2', coffeeId), sku: 'COF-01' }];
      return n % 2 === 0 ? lines : lines.reverse();
    };
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const source = newSource();
        await stock.command((ctx) => reserve(ctx, source, both(n), { isNew: true }));
        await stock.command((ctx) => deliver(ctx, source));
      }),
    );
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 20, reserved: 0, outgoing: 0 });
    expect(await stock.level('COF-01')).toMatchObject({ onHand: 20, reserved: 0, outgoing: 0 });
  });

  it('dispatching, releasing and recalling twice changes nothing', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(5)]));
    const once = await stock.command((ctx) => dispatch(ctx, source, [{ lineId: 'line-1', quantity: 3 }]));
    expect(once).toMatchObject([{ quantity: 3 }]);
    expect(await stock.command((ctx) => release(ctx, source))).toEqual([
      { lineId: 'line-1', released: 2, backordered: 0 },
    ]);
    expect(await stock.command((ctx) => release(ctx, source))).toEqual([]);
    expect(await stock.command((ctx) => dispatch(ctx, source))).toEqual([]);
    expect(await stock.command((ctx) => recall(ctx, source, undefined, 'on_hand'))).toMatchObject([{ quantity: 3 }]);
    expect(await stock.command((ctx) => recall(ctx, source, undefined, 'on_hand'))).toEqual([]);
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 50, reserved: 0, outgoing: 0, valueMinor: 2_500_000 });
  });

  it('goods recalled because work resumes stay promised to their line', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(5)]));
    await stock.command((ctx) => dispatch(ctx, source));
    await stock.command((ctx) => recall(ctx, source, [{ lineId: 'line-1' }], 'reserved'));
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 50, reserved: 5, outgoing: 0 });
    await stock.command((ctx) => deliver(ctx, source));
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 45, reserved: 0, total: 45 });
  });

  it('refused goods are set aside, looked at, and sold again or written off', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(4)]));
    await stock.command((ctx) => dispatch(ctx, source));
    await stock.command((ctx) => recall(ctx, source, undefined, 'unavailable'));
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 46, unavailable: 4, total: 50 });
    const lines = [
      { sku: 'TEA-01', quantity: 3 },
      { sku: 'TEA-01', quantity: 1, outcome: 'damaged' },
    ];
    const put = await stock.call('PUT', '/inventory/return', { orderId: source.sourceId, lines });
    expect(put).toMatchObject({ status: 200, body: { lossMinor: 50_000 } });
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 49, unavailable: 0, total: 49, valueMinor: 2_450_000 });
    expect(await stock.balance('5100')).toBe(50_000);
  });

  it('a delivery in parts costs in all what was dispatched, and a return comes back at the cost it left with', async () => {
    await stock.call('POST', '/inventory/receipts', { lines: [{ sku: 'TEA-01', quantity: 3, unitCostMinor: 3333 }] });
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(7)]));
    const [sent] = await stock.command((ctx) => dispatch(ctx, source));
    const [first] = await stock.command((ctx) => deliver(ctx, source, [{ lineId: 'line-1', quantity: 3 }]));
    const [second] = await stock.command((ctx) => deliver(ctx, source, [{ lineId: 'line-1', quantity: 4 }]));
    expect((first?.costMinor ?? 0) + (second?.costMinor ?? 0)).toBe(sent?.costMinor);
    await stock.command((ctx) => returnDelivered(ctx, source, [{ lineId: 'line-1', quantity: 2 }]));
    await stock.command((ctx) => returnDelivered(ctx, source, [{ lineId: 'line-1', quantity: 5 }]));
    expect(await stock.balance('5000')).toBe(0);
    const again = stock.command((ctx) => returnDelivered(ctx, source, [{ lineId: 'line-1', quantity: 1 }]));
    await expect(again).rejects.toMatchObject({
      code: 'STOCK_NOT_HELD',
      errors: [{ path: 'lines[0]', requested: 1, available: 0 }],
    });
  });

  it('what is lost on the way is a loss at its frozen cost', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(2)]));
    await stock.command((ctx) => dispatch(ctx, source));
    await stock.command((ctx) => writeOffOutgoing(ctx, source, undefined, 'lost'));
    expect([await stock.balance('5100'), await stock.balance('1300')]).toEqual([100_000, 2_400_000]);
  });

  it('a line that is short takes what is there, waits for the rest and gets it before those who ask later', async () => {
    const [first, second] = [newSource(), newSource()];
    const partly = await stock.command((ctx) => reserve(ctx, first, [tea(52)], { allowBackorder: true }));
    expect(partly).toEqual([{ lineId: 'line-1', reserved: 50, backordered: 2 }]);
    await stock.command((ctx) => reserve(ctx, second, [tea(3)], { allowBackorder: true }));
    await stock.call('POST', '/inventory/receipts', { lines: [{ sku: 'TEA-01', quantity: 4, unitCostMinor: 50_000 }] });
    const filled = await stock.command((ctx) => fillBackorders(ctx, newSource(), [teaId]));
    expect(filled).toMatchObject([
      { sourceId: first.sourceId, quantity: 2 },
      { sourceId: second.sourceId, quantity: 2 },
    ]);
    expect(await stock.command((ctx) => release(ctx, second))).toEqual([
      { lineId: 'line-1', released: 2, backordered: 1 },
    ]);
    expect(await stock.events('stock.received')).toHaveLength(2);
  });

  it('a line whose shelf is empty waits, and what it held is free for others', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(5)]));
    const waiting = await stock.command((ctx) => backorder(ctx, source, [{ lineId: 'line-1', quantity: 2 }]));
    expect(waiting).toEqual([{ lineId: 'line-1', quantity: 2 }]);
    expect(await stock.level('TEA-01')).toMatchObject({ reserved: 3, available: 47 });
    expect(await stock.command((ctx) => fillBackorders(ctx, newSource(), [teaId]))).toMatchObject([{ quantity: 2 }]);
    expect(await stock.level('TEA-01')).toMatchObject({ reserved: 5 });
  });

  it('of a part of a line, what was only waited for is released first', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [{ ...tea(53), allowBackorder: true }]));
    const released = await stock.command((ctx) => release(ctx, source, [{ lineId: 'line-1', quantity: 5 }]));
    expect(released).toEqual([{ lineId: 'line-1', released: 2, backordered: 3 }]);
    expect(await stock.level('TEA-01')).toMatchObject({ reserved: 48 });
  });

  it('units found for a line are counted in, promised to it and gained in the books', async () => {
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [{ ...tea(53), allowBackorder: true }]));
    await stock.command((ctx) => foundStock(ctx, source, [tea(3)], 'Found behind the shelf'));
    expect(await stock.command((ctx) => reservationsOf(ctx, source))).toMatchObject([
      { quantity: 53, reserved: 53, backordered: 0 },
    ]);
    await stock.command((ctx) => foundStock(ctx, source, [tea(1, 'line-2')], 'One more'));
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 54, reserved: 54 });
    expect(await stock.balance('4200')).toBe(200_000);
  });

  it('a promise lapses at its time unless it is kept or given up', async () => {
    const [kept, given, lapsed] = [newSource(), newSource(), newSource()];
    const expiresAt = '2026-11-20T10:00:00.000Z';
    for (const source of [kept, given, lapsed])
      await stock.command((ctx) => reserve(ctx, source, [tea(1)], { expiresAt }));
    await stock.command((ctx) => setExpiry(ctx, kept, null));
    await stock.command((ctx) => release(ctx, given));
    expect(await stock.command((ctx) => expiredSources(ctx, 'order'))).toEqual([]);
    stock.clock.set('2026-11-20T10:00:00.000Z');
    expect(await stock.command((ctx) => expiredSources(ctx, 'order'))).toMatchObject([
      { sourceId: lapsed.sourceId, expiresAt },
    ]);
  });

  it('tells once when little is left, and once when there is enough again', async () => {
    await stock.call('PATCH', '/products/sku:TEA-01', { lowStockThreshold: 10 });
    const source = newSource();
    await stock.command((ctx) => reserve(ctx, source, [tea(39)]));
    expect(await stock.events('stock.low')).toHaveLength(0);
    await stock.command((ctx) => reserve(ctx, source, [tea(1)]));
    await stock.command((ctx) => reserve(ctx, source, [tea(1)]));
    expect(await stock.events('stock.low')).toHaveLength(1);
    expect((await stock.call('GET', '/inventory?low=true')).body.items).toMatchObject([
      { sku: 'TEA-01', available: 9, isLow: true },
    ]);
    await stock.command((ctx) => release(ctx, source));
    expect(await stock.events('stock.back')).toHaveLength(1);
  });

  it('whatever commands come in whatever order, levels, movements, reservations and books agree', async () => {
    const sources = [newSource(), newSource(), newSource()];
    const quantity = fc.integer({ min: 1, max: 12 });
    const verb = fc.constantFrom(
      'reserve',
      'dispatch',
      'deliver',
      'recall',
      'release',
      'return',
      'writeOff',
      'receive',
      'count',
    );
    const run = async (name: string, n: number, units: number): Promise<unknown> => {
      const source = sources[n] ?? newSource();
      const part = [{ lineId: 'line-1', quantity: units }];
      const receipt = { lines: [{ sku: 'TEA-01', quantity: units, unitCostMinor: units * 37 + n }] };
      const count = { lines: [{ sku: 'TEA-01', countedQuantity: units * 4, reason: 'count' }] };
      const commands: Record<string, () => Promise<unknown>> = {
        reserve: () => stock.command((ctx) => reserve(ctx, source, [tea(units)], { allowBackorder: n === 0 })),
        dispatch: () => stock.command((ctx) => dispatch(ctx, source, part)),
        deliver: () => stock.command((ctx) => deliver(ctx, source, part)),
        recall: () => stock.command((ctx) => recall(ctx, source, part, n === 1 ? 'reserved' : 'unavailable')),
        release: () => stock.command((ctx) => release(ctx, source, part)),
        return: () => stock.command((ctx) => returnDelivered(ctx, source, part)),
        writeOff: () => stock.command((ctx) => writeOffOutgoing(ctx, source, part, 'lost')),
        receive: () => stock.call('POST', '/inventory/receipts', receipt),
        count: () => stock.call('POST', '/inventory/adjustments', count),
      };
      return commands[name]?.().catch((error: { code?: string }) => {
        if (!['STOCK_INSUFFICIENT', 'STOCK_NOT_HELD'].includes(error.code ?? '')) throw error;
      });
    };
    const steps = fc.array(fc.tuple(verb, fc.integer({ min: 0, max: 2 }), quantity), { minLength: 10, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        for (const [name, n, units] of walk) await run(name, n, units);
        expect(await stock.broken()).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

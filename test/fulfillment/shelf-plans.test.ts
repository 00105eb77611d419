import type { ReadContext } from '../../server/platform/context';
import { readShelfFacts } from '../../server/fulfillment/counts/shelf-facts';
import { type ReservationRow, reservations, stockMovements } from '../../server/inventory/inventory.models';
import { viewShortage } from '../../server/orders';
import { orderLines } from '../../server/orders/orders.models';
import { DATABASES } from '../support/databases';
import type { TestApp } from '../support/app';
import { type Body, lineFor, orderOf, product, read } from '../orders/shortage/shortage-floor';
import { startFloor } from './floor';
import { expectStatus } from '../support/shop';
import { watched } from '../support/asked-statements';

const PAST_ROWS = 3_000;

describe.each(DATABASES)('What is asked of a product that has been sold for years, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(() => app.close());

  /** Copies of what a sold unit leaves behind, of one order for want of thousands. */
  async function sellForYears(order: Body): Promise<void> {
    const { workroom } = app.service;
    await workroom.command(workroom.systemCaller('test'), async (ctx) => {
      const where = 'order_id = :id';
      const [row] = (await ctx.find(reservations, where, { id: order.id })) as (ReservationRow & {
        openUnits?: number;
      })[];
      const [line] = await ctx.find(orderLines, where, { id: order.id });
      const [movement] = await ctx.find(stockMovements, where, { id: order.id });
      if (!row || !line || !movement) throw new Error('The order holds nothing.');
      const { openUnits: _open, ...held } = row;
      const past = Array.from({ length: PAST_ROWS }, (_, n) => ({ id: ctx.newId(), lineId: ctx.newId(), n }));
      const gone = { quantity: 1, reserved: 0, backordered: 0, delivered: 1 };
      ctx.insert(
        reservations,
        past.map(({ id, lineId }) => ({ ...held, ...gone, id, lineId, sourceId: id })),
      );
      ctx.insert(
        orderLines,
        past.map(({ lineId, n }) => ({ ...line, id: lineId, position: n + 2 })),
      );
      ctx.insert(
        stockMovements,
        past.map(({ id }) => ({ ...movement, id })),
      );
    });
    const analyse = kind === 'sqlite' ? 'ANALYZE' : 'ANALYZE TABLE reservations, order_lines, stock_movements';
    await workroom.database.sequelize.query(analyse);
  }

  /** Which index each of these tables is read by. */
  async function indexesOf(run: (ctx: ReadContext) => Promise<unknown>): Promise<string[]> {
    const { workroom } = app.service;
    const reader = workroom.reader(workroom.systemCaller('test'));
    const { watching, asked } = watched(reader);
    await run(watching);
    const about = asked.filter(({ sql }) => /FROM stock_movements|FROM reservations (r JOIN|WHERE product)/.test(sql));
    const explain = kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plans = await Promise.all(about.map(({ sql, params }) => reader.select<Body>(`${explain} ${sql}`, params)));
    return plans.flat().flatMap((step) => {
      const told = step.detail ?? `${step.table} ${step.key}`;
      const [, index] =
        /(?:stock_movements|reservations|\br\b).*?\b((?:stock_movements|reservations)_\w+)/.exec(told) ?? [];
      return index ? [index] : /^(SCAN |SEARCH )?(r|reservations|stock_movements) /.test(told) ? [told] : [];
    });
  }

  it('is what lies on its shelf and what waits for it, each by an index of its own', async () => {
    const sku = await product(app, 5);
    const order = await orderOf(app, [lineFor(sku, 3)]);
    await sellForYears(order);
    const { lines } = await read(app, order);
    const body = { lines: [{ id: order.lines[0].id, quantity: 2 }], reason: 'shelf was empty' };
    const other = await orderOf(app, [lineFor(sku, 2)]);
    expectStatus(
      await app.post(`/orders/${other.id}/backorders`, { ...body, lines: [{ id: other.lines[0].id }] }),
      201,
    );
    const productId = String(lines[0].productId);
    expect(await indexesOf((ctx) => readShelfFacts(ctx, [productId]))).toEqual([
      'stock_movements_by_kind',
      'reservations_open',
    ]);
    expect(await indexesOf((ctx) => viewShortage(ctx, other.id))).toEqual(['reservations_waiting']);
  });
});

import type { CommandContext, Params } from '../../server/platform/context';
import { type OrderState, saveCountersOf, snapshot } from '../../server/orders/order-state';

const LINES = 1000;
/** What one statement may list, so that its CASE stays quick to go through. */
const ROWS_PER_STATEMENT = 200;

interface Sent {
  sql: string;
  params: Params;
}

describe('The counters of very many lines', () => {
  /** Orders of ten lines, each line with a number of its own. */
  function manyOrders(): { before: OrderState; state: OrderState }[] {
    return Array.from({ length: LINES / 10 }, (_order, n) => {
      const lines = Array.from({ length: 10 }, (_line, m) => ({
        id: `L${n}-${m}`,
        preparedQuantity: 0,
        packedQuantity: 0,
      }));
      const state = { order: { id: `O${n}`, version: 1 }, lines } as unknown as OrderState;
      const before = snapshot(state);
      state.lines.forEach((line, m) => (line.preparedQuantity = n * 10 + m + 1));
      return { before, state };
    });
  }
  function saved(changes: { before: OrderState; state: OrderState }[]): Sent[] {
    const sent: Sent[] = [];
    const ctx = {
      now: '2026-11-20T09:00:00.000Z',
      executeLater: (sql: string, params: Params) => sent.push({ sql, params }),
    };
    saveCountersOf(ctx as unknown as CommandContext, changes);
    return sent.filter(({ sql }) => sql.startsWith('UPDATE order_lines'));
  }

  it('go in several statements, none of them longer than the database goes through quickly', () => {
    const changes = manyOrders();
    const sent = saved(changes);
    const listed = sent.map(({ params }) => (params.ids as string[]).length);
    expect(Math.max(...listed)).toBeLessThanOrEqual(ROWS_PER_STATEMENT);
    expect(listed.reduce((sum, count) => sum + count, 0)).toBe(LINES);
    for (const { sql } of sent) expect(sql.match(/WHEN/g)?.length).toBeLessThanOrEqual(ROWS_PER_STATEMENT);
  });

  it('are written for each line that changed, and for no other line or counter', () => {
    const [one, two] = manyOrders();
    if (!one || !two) throw new Error('There are orders.');
    two.state.lines.forEach((line) => (line.preparedQuantity = 0));
    const [{ sql, params } = { sql: '', params: {} }, ...more] = saved([one, two]);
    expect(more).toEqual([]);
    expect(params.ids).toEqual(one.state.lines.map(({ id }) => id));
    expect(Object.values(params)).toEqual(expect.arrayContaining([1, 2, 3, 10]));
    expect([sql.includes('prepared_quantity ='), sql.includes('packed_quantity =')]).toEqual([true, false]);
  });

  it('that did not change are not written', () => {
    const changes = manyOrders().map(({ state }) => ({ before: snapshot(state), state }));
    expect(saved(changes)).toEqual([]);
  });
});

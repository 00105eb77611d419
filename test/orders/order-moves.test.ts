import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertMove,
  isFinal,
  type MoveRule,
  movesFrom,
  moveTo,
  ORDER_MOVES,
  ORDER_STATUSES,
  orderMoves,
  type OrderStatus,
  readStatus,
} from '../../server/orders/order-moves';
import { movesTable } from './moves-table';

const FINAL: OrderStatus[] = ['completed', 'cancelled', 'rejected', 'returned'];

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('The moves of an order', () => {
  it('reach every status from a placed order', () => {
    const reached = new Set<OrderStatus>(['pending']);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const status of [...reached]) movesFrom(status).forEach((move) => reached.add(orderMoves[move].to));
    }
    expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
  });

  it.each(ORDER_STATUSES.filter((status) => !FINAL.includes(status)))(
    'let an order that is %s come to an end',
    (start) => {
      const reached = new Set<OrderStatus>([start]);
      for (let size = 0; size !== reached.size;) {
        size = reached.size;
        for (const status of [...reached]) movesFrom(status).forEach((move) => reached.add(orderMoves[move].to));
      }
      expect(FINAL.some((status) => reached.has(status))).toBe(true);
    },
  );

  it.each(FINAL)('leave an order that is %s where it is', (status) => {
    expect(isFinal(status)).toBe(true);
  });

  const pairs = ORDER_STATUSES.flatMap((status) => ORDER_MOVES.map((move) => [status, move] as const));
  it.each(pairs)('from %s: %s is possible exactly where the table says so', (status, move) => {
    const rule: MoveRule = orderMoves[move];
    const refused = codeOf(() => assertMove(status, move));
    if (rule.from.includes(status)) expect(refused).toBeUndefined();
    else
      expect(refused).toBe(
        move === 'cancel' && ['shipped', 'delivery_failed'].includes(status) ? 'ORDER_SHIPPED' : 'MOVE_NOT_ALLOWED',
      );
  });

  it('are found by the status they lead to', () => {
    expect(moveTo('fulfilled', 'shipped')).toBe('ship');
    expect(moveTo('delivery_failed', 'shipped')).toBe('reattempt');
    expect(codeOf(() => moveTo('pending', 'shipped'))).toBe('MOVE_NOT_ALLOWED');
  });

  it('understand the names other systems use', () => {
    expect(readStatus('New')).toBe('pending');
    expect(readStatus('fulfilling')).toBe('processing');
    expect(readStatus('Ready for Pickup')).toBe('ready_for_pickup');
    expect(readStatus('lost')).toBeUndefined();
  });

  it('stand in the README as they stand in the code', () => {
    const readme = readFileSync(join(__dirname, '../../server/orders/README.md'), 'utf8');
    expect(readme).toContain(movesTable());
  });
});

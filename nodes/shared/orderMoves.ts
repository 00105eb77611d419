/**
 * The moves an order can make, for the options of the editor. The service owns the table and checks every move; a test
 * compares the two, so that this copy cannot fall behind.
 */
export const ORDER_MOVES = {
  await_handoff: { to: 'awaiting_handoff', requires: ['method', 'spot|service'] },
  cancel: { to: 'cancelled', requires: ['reason'] },
  complete: { to: 'completed', requires: [] },
  confirm: { to: 'confirmed', requires: [] },
  deliver: { to: 'delivered', requires: [] },
  fail_delivery: { to: 'delivery_failed', requires: ['reason'] },
  fulfill: { to: 'fulfilled', requires: [] },
  partially_fulfill: { to: 'partially_fulfilled', requires: ['reason', 'lines'] },
  process: { to: 'processing', requires: [] },
  ready: { to: 'ready_for_pickup', requires: [] },
  reattempt: { to: 'shipped', requires: [] },
  reject: { to: 'rejected', requires: ['reason'] },
  resume: { to: 'processing', requires: ['reason'] },
  return_all: { to: 'returned', requires: ['reason'] },
  ship: { to: 'shipped', requires: ['carrier'] },
} as const satisfies Record<string, { to: string; requires: readonly string[] }>;

export type OrderMove = keyof typeof ORDER_MOVES;

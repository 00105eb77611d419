import { judgeRun, stallAfterMs, stallRules, type OrderState } from '../../server/fulfillment/recovery/stall-rules';
import { readResumeAnswer, RESUME_WAITS_MS } from '../../server/fulfillment/waits/resume-waits';
import { ORDER_STATUSES } from '../../server/orders/order-moves';
import { PAYMENT_STATUSES } from '../../server/orders/payment-status';

function buildOrder(overrides: Partial<OrderState> = {}): OrderState {
  return {
    status: 'confirmed',
    paymentStatus: 'paid',
    isHeld: false,
    goods: new Set(['here', 'prepared', 'complete'] as const),
    isTakenOver: false,
    ...overrides,
  };
}

describe('whether a run is still owed', () => {
  it.each([
    ['a confirmed order that nobody picks', 'order.confirmed', buildOrder(), false, 'owed'],
    ['an order in the middle of it', 'order.confirmed', buildOrder({ status: 'processing' }), false, 'owed'],
    ['a shipped order', 'order.confirmed', buildOrder({ status: 'shipped' }), true, 'finished'],
    ['an order ready at the counter', 'order.confirmed', buildOrder({ status: 'ready_for_pickup' }), false, 'finished'],
    ['a held order', 'order.confirmed', buildOrder({ isHeld: true }), true, 'resting'],
    [
      'an unpaid order that waits for its customer',
      'order.placed',
      buildOrder({ status: 'pending', paymentStatus: 'unpaid' }),
      false,
      'resting',
    ],
    [
      'a COD order that nobody confirmed',
      'order.placed',
      buildOrder({ status: 'pending', paymentStatus: 'cod_due' }),
      false,
      'owed',
    ],
    [
      'an unpaid order whose pipeline failed',
      'order.placed',
      buildOrder({ status: 'pending', paymentStatus: 'unpaid' }),
      true,
      'owed',
    ],
    ['a paid order that was not confirmed', 'payment.recorded', buildOrder({ status: 'pending' }), false, 'owed'],
    ['a counter order, silent', 'order.ready', buildOrder({ status: 'ready_for_pickup' }), false, 'resting'],
    [
      'a picking that was short, once the shortage has a run of its own',
      'order.confirmed',
      buildOrder({ status: 'processing', isTakenOver: true }),
      false,
      'finished',
    ],
    ['a shortage that is decided', 'line.short', buildOrder({ status: 'processing' }), false, 'owed'],
    ['a part that has not left', 'line.short', buildOrder({ status: 'partially_fulfilled' }), false, 'owed'],
    [
      'a part that has left, with the rest to come',
      'line.short',
      buildOrder({ status: 'partially_fulfilled', goods: new Set() }),
      true,
      'finished',
    ],
    ['goods that came for the rest', 'line.back', buildOrder({ status: 'partially_fulfilled' }), false, 'owed'],
    [
      'goods that came for a part of the rest',
      'line.back',
      buildOrder({ status: 'partially_fulfilled', goods: new Set(['here'] as const) }),
      false,
      'finished',
    ],
    ['the rest on its way', 'line.back', buildOrder({ status: 'shipped' }), false, 'finished'],
    ['goods that came before anybody decided', 'line.back', buildOrder({ status: 'confirmed' }), false, 'finished'],
    [
      'goods that an order was decided to wait for before its picking',
      'line.back',
      buildOrder({ status: 'confirmed', goods: new Set(['here', 'complete', 'awaited'] as const) }),
      false,
      'owed',
    ],
    [
      'an order that is decided to wait for goods before its picking',
      'order.confirmed',
      buildOrder({ status: 'confirmed', goods: new Set(), isTakenOver: true }),
      true,
      'finished',
    ],
    [
      'the rest that came while the first part waited for its courier',
      'order.part_shipped',
      buildOrder({ status: 'partially_fulfilled' }),
      false,
      'owed',
    ],
    [
      'a part that left, with the rest to come',
      'order.part_shipped',
      buildOrder({ status: 'partially_fulfilled', goods: new Set(['here'] as const) }),
      false,
      'finished',
    ],
    ['a topic we have no rule for, silent', 'stock.low', buildOrder(), false, 'resting'],
    ['a topic we have no rule for, failed', 'stock.low', buildOrder(), true, 'owed'],
    ['a topic we have no rule for, order final', 'stock.low', buildOrder({ status: 'completed' }), true, 'finished'],
  ])('%s', (_what, topic, order, hasIncident, verdict) => {
    expect(judgeRun(topic, order, hasIncident)).toBe(verdict);
  });

  it('names only statuses that orders have', () => {
    for (const rule of Object.values(stallRules)) {
      expect(ORDER_STATUSES).toEqual(expect.arrayContaining([...rule.owedIn, ...Object.keys(rule.owedWith)]));
      expect(PAYMENT_STATUSES).toEqual(expect.arrayContaining([...rule.restsWhile]));
    }
  });

  it('answers an incident at once, then gives what failed again more time', () => {
    expect([0, 1, 2].map((redeliveries) => stallAfterMs({ redeliveries }, true, 120_000))).toEqual([
      0, 60_000, 120_000,
    ]);
    expect(stallAfterMs({ redeliveries: 0 }, false, 120_000)).toBe(120_000);
  });
});

describe('resuming a paused run', () => {
  it.each([
    [200, 'resumed'],
    [204, 'resumed'],
    [401, 'gone'],
    [404, 'gone'],
    [409, 'later'],
    [500, 'later'],
    [503, 'later'],
    [302, 'later'],
  ])('reads %i as %s', (status, answer) => {
    expect(readResumeAnswer(status)).toBe(answer);
  });

  it('tries at most five seconds apart for five minutes, and goes on for a day', () => {
    const totalMs = (waits: readonly number[]): number => waits.reduce((sum, waitMs) => sum + waitMs, 0);
    const prompt = RESUME_WAITS_MS.filter((waitMs) => waitMs <= 5000);
    expect(totalMs(prompt)).toBeGreaterThanOrEqual(5 * 60_000);
    expect(RESUME_WAITS_MS.slice(0, prompt.length)).toEqual(prompt);
    expect(totalMs(RESUME_WAITS_MS) / 3_600_000).toBeCloseTo(24, 0);
  });
});

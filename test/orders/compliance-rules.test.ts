import fc from 'fast-check';
import type { ProductRow } from '../../server/inventory';
import { ageOn, isBirthDate } from '../../server/orders/compliance/age';
import {
  type Bought,
  complianceReasons,
  type ComplianceFacts,
  linesLeaving,
  needsOf,
} from '../../server/orders/compliance/compliance-rules';
import type { ComplianceCheckRow } from '../../server/orders/compliance/compliance.models';
import { customerKeys } from '../../server/orders/compliance/customer-key';
import { NO_COUNTS } from '../../server/orders/order-lines';
import { moveRule, movesFrom, type OrderMove, ORDER_MOVES, type OrderStatus } from '../../server/orders/order-moves';
import type { OrderState } from '../../server/orders/order-state';
import type { OrderLineRow } from '../../server/orders/orders.models';

const product = (more: Partial<ProductRow> = {}): ProductRow =>
  ({
    ...{ id: 'P1', sku: 'MED-1', restricted: false, minimumAge: null },
    ...{ purchaseLimitQuantity: null, purchaseLimitDays: null },
    ...more,
  }) as ProductRow;
const line = (more: Partial<OrderLineRow> = {}): OrderLineRow =>
  ({ id: 'L1', productId: 'P1', sku: 'MED-1', quantity: 2, ...NO_COUNTS, ...more }) as OrderLineRow;
const check = (more: Partial<ComplianceCheckRow> = {}): ComplianceCheckRow =>
  ({
    ...{ kind: 'age', verdict: 'passed', minimumAge: 18, documentKind: 'passport', covers: [] },
    ...more,
  }) as unknown as ComplianceCheckRow;
const facts = (more: Partial<ComplianceFacts> = {}): ComplianceFacts => ({
  ...{ products: [product()], lines: [line()], checks: [], bought: new Map<string, Bought>() },
  ...{ isKnown: true, isFaceToFace: false },
  ...more,
});

describe('A customer is known', () => {
  it.each([
    ['+880 1712-345678', '1712345678'],
    ['01712345678', '1712345678'],
    ['(0088) 01712 345678', '1712345678'],
    ['+44 (0)7911 123456', '7911123456'],
    ['07911123456', '7911123456'],
    ['12-34-56', '123456'],
    ['000000', null],
    ['12345', null],
    ['------', null],
    [undefined, null],
  ])('by the phone %s as %s', (phone, key) => {
    expect(customerKeys({ phone }).customerPhoneKey).toBe(key);
  });

  it.each([
    [' Rahima@Example.COM ', 'rahima@example.com'],
    ['', null],
    [null, null],
  ])('by the e-mail %p as %p', (email, key) => {
    expect(customerKeys({ email }).customerEmailKey).toBe(key);
  });

  it('by the same phone whatever stands between its digits', () => {
    const national = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String);
    const signs = fc.array(fc.constantFrom(' ', '-', '(', ')', ''), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(national, signs, fc.constantFrom('', '0', '+880', '00880 '), (digits, between, prefix) => {
        const typed = prefix + [...digits].map((digit, n) => digit + (between[n] ?? '')).join('');
        expect(customerKeys({ phone: typed }).customerPhoneKey).toBe(digits);
      }),
    );
  });
});

describe('An age', () => {
  it.each([
    ['2026-11-21', '2008-11-21', 18],
    ['2026-11-21', '2008-11-22', 17],
    ['2026-02-28', '2008-02-29', 17],
    ['2026-03-01', '2008-02-29', 18],
    ['2026-11-21', '2026-11-21', 0],
  ])('on %s of somebody born on %s is %d', (day, born, age) => {
    expect(ageOn(day, born)).toBe(age);
  });

  it('is that of somebody alive', () => {
    expect(isBirthDate('2026-11-22', '2026-11-21')).toBe(false);
    expect(isBirthDate('1890-01-01', '2026-11-21')).toBe(false);
    expect(isBirthDate('1930-01-01', '2026-11-21')).toBe(true);
  });

  const eighteen = { products: [product({ minimumAge: 18 })] };
  it.each<[string, Partial<ComplianceFacts>, number | null]>([
    ['nothing was checked', {}, 18],
    ['a document was seen', { checks: [check()] }, null],
    ['another age was checked', { checks: [check({ minimumAge: 16 })] }, 18],
    ['a higher age was checked', { checks: [check({ minimumAge: 21 })] }, null],
    ['it was only said', { checks: [check({ documentKind: 'phone' })] }, null],
    [
      'it was only said and the customer stands here',
      { checks: [check({ documentKind: 'phone' })], isFaceToFace: true },
      18,
    ],
    ['a document was seen here', { checks: [check()], isFaceToFace: true }, null],
    ['somebody was too young since', { checks: [check(), check({ verdict: 'refused' })] }, 18],
    ['a manager checked again', { checks: [check({ verdict: 'refused' }), check()] }, null],
    ['only a permission is there', { checks: [check({ kind: 'permission', minimumAge: null })] }, 18],
    ['the goods ask for none', { products: [product({ minimumAge: 0 })] }, null],
    ['one of two goods asks for more', { products: [product({ minimumAge: 18 }), product({ minimumAge: 21 })] }, 21],
  ])('when %s is still wanted as %p', (_when, more, minimumAge) => {
    expect(needsOf(facts({ ...eighteen, ...more })).minimumAge).toBe(minimumAge);
  });
});

describe('A limit', () => {
  const limited = product({ purchaseLimitQuantity: 3, purchaseLimitDays: 7 });
  const bought = (units: number) => new Map<string, Bought>([['P1', { units, orders: ['1001'] }]]);

  it('stops exactly what goes beyond it, counting what is neither taken off nor returned', () => {
    const counter = fc.nat({ max: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), counter, counter, counter, (quantity, off, back, before) => {
        const cancelledQuantity = Math.min(off, quantity);
        const returnedQuantity = Math.min(back, quantity - cancelledQuantity);
        const kept = quantity - cancelledQuantity - returnedQuantity;
        const lines = [line({ quantity, cancelledQuantity, shippedQuantity: returnedQuantity, returnedQuantity })];
        const { limits } = needsOf(facts({ products: [limited], lines, bought: bought(before) }));
        expect(limits.length).toBe(before + kept > 3 ? 1 : 0);
      }),
    );
  });

  it('adds up lines of the same product, and substitutes leave it', () => {
    const lines = [line({ quantity: 2 }), line({ id: 'L2', quantity: 2 })];
    expect(needsOf(facts({ products: [limited], lines })).limits).toMatchObject([{ ordered: 4, bought: 0 }]);
    const replaced = [line({ quantity: 2, substitutedQuantity: 2 }), line({ id: 'L2', quantity: 2 })];
    expect(needsOf(facts({ products: [limited], lines: replaced })).limits).toEqual([]);
  });

  it('rests for the product that a permission names, and no other', () => {
    const permitted = check({ kind: 'permission', covers: ['purchase_limit:MED-1'] });
    const other = check({ kind: 'permission', covers: ['purchase_limit:MED-2', 'restricted:MED-1'] });
    const over = { products: [limited], bought: bought(9) };
    expect(needsOf(facts({ ...over, checks: [permitted] })).limits).toEqual([]);
    expect(needsOf(facts({ ...over, checks: [other] })).limits).toHaveLength(1);
  });
});

describe('A reason', () => {
  it('stands for each rule, with a way out of it', () => {
    const products = [product({ restricted: true, minimumAge: 18, purchaseLimitQuantity: 1, purchaseLimitDays: 1 })];
    const reasons = complianceReasons(facts({ products }));
    expect(reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['PURCHASE_LIMIT', 'purchase_limit:MED-1'],
      ['PERMISSION_REQUIRED', 'restricted'],
      ['AGE_CHECK_REQUIRED', 'age'],
    ]);
    for (const { message } of reasons) expect(message).toContain('or a store manager sets the rule aside');
  });
});

describe('The goods in question', () => {
  const at = (status: OrderStatus, ...lines: OrderLineRow[]): OrderState =>
    ({ order: { status }, lines }) as unknown as OrderState;
  const asked = (state: OrderState, move: OrderMove) => linesLeaving(state, move).map(({ id }) => id);
  const picked = line({ id: 'picked', preparedQuantity: 2 });
  const waiting = line({ id: 'waiting', backorderedQuantity: 2 });
  const gone = line({ id: 'gone', preparedQuantity: 2, shippedQuantity: 2 });
  const off = line({ id: 'off', cancelledQuantity: 2 });

  it.each<[OrderStatus, OrderMove, string[]]>([
    ['processing', 'fulfill', ['picked', 'waiting']],
    ['processing', 'ready', ['picked', 'waiting']],
    ['processing', 'complete', ['picked', 'waiting']],
    ['processing', 'partially_fulfill', ['picked']],
    ['partially_fulfilled', 'ship', ['picked']],
    ['partially_fulfilled', 'await_handoff', ['picked']],
    ['awaiting_handoff', 'deliver', ['picked']],
    ['delivery_failed', 'reattempt', ['picked']],
    ['ready_for_pickup', 'complete', ['picked']],
  ])('of an order that is %s, for %s, are those that go with it: %p', (status, move, ids) => {
    expect(asked(at(status, picked, waiting, gone, off), move)).toEqual(ids);
  });

  it('are those on the shelf where a store ships unpicked', () => {
    expect(asked(at('confirmed', line(), waiting), 'ship')).toEqual(['L1']);
  });

  it('are none when everything has left', () => {
    for (const move of ['deliver', 'reattempt', 'complete'] as const)
      expect(asked(at('delivered', gone), move)).toEqual([]);
  });
});

describe('The table of moves', () => {
  /** Goods are with the customer, on their way, or wait for either. */
  const HANDED_OVER: OrderStatus[] = ['ready_for_pickup', 'awaiting_handoff', 'shipped', 'delivered', 'completed'];
  const PREPARED: OrderStatus[] = ['fulfilled', 'partially_fulfilled'];
  const isGuarded = (move: OrderMove) => moveRule(move).guards.includes('compliance');

  it('has no way from placing an order to handing it over that passes by the guard', () => {
    const unguarded = new Set<OrderStatus>(['pending']);
    for (let size = 0; size !== unguarded.size;) {
      size = unguarded.size;
      for (const status of [...unguarded]) {
        movesFrom(status)
          .filter((move) => !isGuarded(move))
          .forEach((move) => unguarded.add(moveRule(move).to));
      }
    }
    expect([...unguarded].filter((status) => [...HANDED_OVER, ...PREPARED].includes(status))).toEqual([]);
  });

  it('asks again at each hand-over, since an override counts for one move', () => {
    const letsGo = ORDER_MOVES.filter((move) => HANDED_OVER.includes(moveRule(move).to));
    expect(letsGo.filter((move) => !isGuarded(move))).toEqual([]);
    expect(ORDER_MOVES.filter(isGuarded)).toEqual([
      ...['fulfill', 'partially_fulfill', 'ready', 'await_handoff', 'ship', 'reattempt', 'deliver', 'complete'],
    ]);
  });
});

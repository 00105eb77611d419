import fc from 'fast-check';
import { NO_COUNTS } from '../../../server/orders/order-lines';
import type { OrderLineRow, OrderRow } from '../../../server/orders/orders.models';
import { substitutePrice } from '../../../server/orders/shortage/price-policy';
import { planRefund, planSubstitution, worthOf } from '../../../server/orders/shortage/shortage-money';

type Bill = Pick<OrderRow, 'shippingMinor' | 'taxMinor' | 'receivableMinor'>;

const minor = fc.integer({ min: 0, max: 1_000_000 });
const placedLine = fc
  .record({ quantity: fc.integer({ min: 1, max: 9 }), unitPriceMinor: minor, offMinor: minor })
  .map(({ quantity, unitPriceMinor, offMinor }) => {
    const discountMinor = Math.min(offMinor, quantity * unitPriceMinor);
    return { quantity, unitPriceMinor, discountMinor, totalMinor: quantity * unitPriceMinor - discountMinor };
  });
const step = fc.record({
  refunds: fc.boolean(),
  line: fc.nat(20),
  units: fc.integer({ min: 1, max: 9 }),
  policy: fc.constantFrom('keep', 'new', 'lower' as const),
  priceMinor: minor,
});

function lineOf(
  id: string,
  parentLineId: string | null,
  priced: Pick<OrderLineRow, 'quantity' | 'unitPriceMinor' | 'discountMinor' | 'totalMinor'>,
): OrderLineRow {
  return { ...NO_COUNTS, ...priced, id, parentLineId, orderId: 'O', position: 1, productId: id, sku: id, name: id };
}
const openOf = (line: OrderLineRow): number => line.quantity - line.cancelledQuantity - line.substitutedQuantity;

describe('The money of missing goods', () => {
  it('never drifts: whatever is replaced and taken off, what is owed and owed back is what stands less what was paid', () => {
    fc.assert(
      fc.property(
        fc.array(placedLine, { minLength: 1, maxLength: 4 }),
        fc.record({ shippingMinor: minor, taxMinor: minor, paidShare: fc.integer({ min: 0, max: 100 }) }),
        fc.array(step, { maxLength: 15 }),
        (drafts, { shippingMinor, taxMinor, paidShare }, steps) => {
          const lines = drafts.map((draft, n) => lineOf(`L${n}`, null, draft));
          const goods = drafts.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
          const placed = goods + shippingMinor + taxMinor;
          const paid = Math.floor((placed * paidShare) / 100);
          const order: Bill = { shippingMinor, taxMinor, receivableMinor: placed - paid };
          let owedBack = 0;
          let bill = placed;
          const take = (plan: ReturnType<typeof planRefund>): void => {
            expect(plan.postings.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
            bill += plan.differenceMinor;
            owedBack += plan.owedBackMinor;
            order.receivableMinor += plan.differenceMinor + plan.owedBackMinor;
            expect(order.receivableMinor).toBeGreaterThanOrEqual(0);
            expect(plan.owedBackMinor).toBeGreaterThanOrEqual(0);
            expect(order.receivableMinor - owedBack).toBe(bill - paid);
          };
          for (const { refunds, line: at, units, policy, priceMinor } of steps) {
            const line = lines[at % lines.length]!;
            const quantity = Math.min(units, openOf(line));
            if (quantity === 0) continue;
            if (refunds) {
              take(planRefund(order, lines, new Map([[line.id, quantity]])));
              line.cancelledQuantity += quantity;
              continue;
            }
            const worthMinor = worthOf(order, lines, line, quantity);
            const price = substitutePrice(
              policy,
              { quantity, unitPriceMinor: line.unitPriceMinor, worthMinor },
              priceMinor,
            );
            expect(price.discountMinor).toBeGreaterThanOrEqual(0);
            expect(price.totalMinor).toBe(quantity * price.unitPriceMinor - price.discountMinor);
            const substitute = lineOf(`S${lines.length}`, line.id, { quantity, ...price });
            const plan = planSubstitution(order, lines, { line, substitute });
            if (policy === 'keep') expect(plan.differenceMinor).toBe(0);
            if (policy === 'lower') expect(plan.differenceMinor).toBeLessThanOrEqual(0);
            take(plan);
            line.substitutedQuantity += quantity;
            lines.push(substitute);
          }
          take(planRefund(order, lines, new Map(lines.map((line) => [line.id, openOf(line)]))));
          expect(bill).toBe(0);
          expect(owedBack).toBe(paid + order.receivableMinor);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['keep', 40_000, { unitPriceMinor: 50_000, discountMinor: 10_000, totalMinor: 90_000 }],
    ['new', 40_000, { unitPriceMinor: 40_000, discountMinor: 0, totalMinor: 80_000 }],
    ['lower', 40_000, { unitPriceMinor: 40_000, discountMinor: 0, totalMinor: 80_000 }],
    ['lower', 48_000, { unitPriceMinor: 50_000, discountMinor: 10_000, totalMinor: 90_000 }],
    ['new', 60_000, { unitPriceMinor: 60_000, discountMinor: 0, totalMinor: 120_000 }],
  ] as const)(
    'under "%s" a substitute of %i costs what the policy says, discount included',
    (policy, priceMinor, price) => {
      expect(substitutePrice(policy, { quantity: 2, unitPriceMinor: 50_000, worthMinor: 90_000 }, priceMinor)).toEqual(
        price,
      );
    },
  );

  it('of a free order carries no tax to its substitute', () => {
    const line = lineOf('L', null, { quantity: 1, unitPriceMinor: 0, discountMinor: 0, totalMinor: 0 });
    const substitute = lineOf('S', 'L', { quantity: 1, unitPriceMinor: 500, discountMinor: 0, totalMinor: 500 });
    const plan = planSubstitution({ shippingMinor: 0, taxMinor: 70, receivableMinor: 70 }, [line], {
      line,
      substitute,
    });
    expect(plan).toMatchObject({ differenceMinor: 500, taxMinor: 0 });
  });
});

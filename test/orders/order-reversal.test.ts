import fc from 'fast-check';
import { NO_COUNTS } from '../../server/orders/order-lines';
import { reversalBetween } from '../../server/orders/order-reversal';

const wholeMinor = fc.integer({ min: 0, max: 10_000_000 });
const line = fc.record({ quantity: fc.integer({ min: 1, max: 20 }), totalMinor: wholeMinor });
const sale = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  shippingMinor: wholeMinor,
  taxMinor: wholeMinor,
});
const steps = fc.array(fc.record({ line: fc.nat(5), units: fc.integer({ min: 1, max: 20 }) }), { maxLength: 12 });

describe('What is taken off a sale', () => {
  it('in any number of parts adds up to the whole sale, and no part is negative', () => {
    fc.assert(
      fc.property(sale, steps, ({ lines: drafts, ...order }, wanted) => {
        let lines = drafts.map((draft) => ({ ...NO_COUNTS, ...draft }));
        const sum = { salesMinor: 0, shippingMinor: 0, taxMinor: 0 };
        const take = (next: typeof lines): void => {
          const part = reversalBetween(order, lines, next);
          expect(Math.min(part.salesMinor, part.shippingMinor, part.taxMinor)).toBeGreaterThanOrEqual(0);
          sum.salesMinor += part.salesMinor;
          sum.shippingMinor += part.shippingMinor;
          sum.taxMinor += part.taxMinor;
          lines = next;
        };
        for (const step of wanted) {
          const at = step.line % lines.length;
          take(
            lines.map((one, n) =>
              n === at
                ? { ...one, cancelledQuantity: Math.min(one.quantity, one.cancelledQuantity + step.units) }
                : one,
            ),
          );
        }
        take(lines.map((one) => ({ ...one, cancelledQuantity: one.quantity })));
        const salesMinor = drafts.reduce((total, { totalMinor }) => total + totalMinor, 0);
        expect(sum).toEqual({ salesMinor, shippingMinor: order.shippingMinor, taxMinor: order.taxMinor });
      }),
    );
  });

  it('after delivery keeps the shipping', () => {
    const delivered = { ...NO_COUNTS, quantity: 1, totalMinor: 100, shippedQuantity: 1, deliveredQuantity: 1 };
    const reversal = reversalBetween(
      { shippingMinor: 60, taxMinor: 5 },
      [delivered],
      [{ ...delivered, returnedQuantity: 1 }],
    );
    expect(reversal).toEqual({ salesMinor: 100, shippingMinor: 0, taxMinor: 5 });
  });
});

import fc from 'fast-check';
import {
  businessDay,
  businessDayBounds,
  paid,
  placed,
  type Posting,
  refundExecuted,
  reversed,
  undone,
} from '../../server/accounting';
import { journalFigures } from '../../server/reports/daily-summary/journal-figures';
import { soldFigures } from '../../server/reports/daily-summary/sold-goods';
import { roundRatio } from '../../server/platform/money';

const sums = (postings: readonly Posting[]) =>
  postings.map(({ debit, credit, amountMinor }) => ({ debitCode: debit, creditCode: credit, amountMinor }));

describe('The figures of a day', () => {
  it('give what was delivered and what was taken off the order exactly the total, in whatever parts', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000_000 }),
        parts,
        fc.integer({ min: 0, max: 50 }),
        (totalMinor, days, gone) => {
          const delivered = days.reduce((sum, units) => sum + units, 0);
          const quantity = delivered + gone;
          let unitsBefore = 0;
          let revenueMinor = 0;
          for (const inDay of days) {
            const sold = soldFigures([{ quantity, totalMinor, unitsBefore, inDay }]);
            expect(sold.unitsSold).toBe(inDay);
            expect(sold.completedRevenueMinor).toBeGreaterThanOrEqual(0);
            unitsBefore += inDay;
            revenueMinor += sold.completedRevenueMinor;
          }
          expect(revenueMinor + roundRatio(totalMinor, gone, quantity)).toBe(totalMinor);
        },
      ),
    );
  });

  it('count a sale less what was taken back, money in by its method, and money back', () => {
    const sale = { salesMinor: 1000, shippingMinor: 60, taxMinor: 40 };
    const postings = [
      ...placed(sale),
      ...paid({ method: 'nagad', amountMinor: 1200, balanceDueMinor: 1100 }),
      ...reversed({ salesMinor: 300, shippingMinor: 0, taxMinor: 12, balanceDueMinor: 0 }),
      ...refundExecuted({ method: 'nagad', amountMinor: 412 }),
    ];
    expect(journalFigures(sums(postings))).toEqual({
      ...{ revenueMinor: 700, shippingMinor: 60, taxMinor: 28, cogsMinor: 0, returnedSalesMinor: 0 },
      ...{ returnedCogsMinor: 0, refundsMinor: 412, paymentsReceived: [{ method: 'nagad', amountMinor: 1200 }] },
    });
    const nothing = journalFigures(sums([...placed(sale), ...undone(placed(sale))]));
    expect(nothing).toMatchObject({ revenueMinor: 0, shippingMinor: 0, taxMinor: 0 });
  });

  it('belong to the day whose bounds hold the moment, wherever the store is and whenever its day ends', () => {
    const zones = fc.constantFrom('Asia/Dhaka', 'Asia/Kathmandu', 'UTC', 'America/Phoenix');
    const ends = fc.constantFrom('00:00', '02:00', '05:30', '12:00', '18:45', '22:00', '23:59');
    const from = new Date('2024-01-01');
    fc.assert(
      fc.property(
        zones,
        ends,
        fc.date({ min: from, max: new Date('2030-01-01'), noInvalidDate: true }),
        (timezone, dayEndsAt, date) => {
          const rule = { timezone, dayEndsAt };
          const time = date.toISOString();
          const bounds = businessDayBounds(businessDay(time, rule), rule);
          expect([bounds.from <= time, time < bounds.to]).toEqual([true, true]);
          expect(Date.parse(bounds.to) - Date.parse(bounds.from)).toBe(86_400_000);
        },
      ),
    );
  });
});

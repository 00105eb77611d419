import fc from 'fast-check';
import {
  accountName,
  CHART_OF_ACCOUNTS,
  codDelivered,
  codRemitted,
  courierCharged,
  delivered,
  goodsReceived,
  goodsReturned,
  goodwill,
  paid,
  placed,
  pointsEarned,
  pointsRedeemed,
  pointsRestored,
  type Posting,
  refundExecuted,
  returnAccepted,
  reversed,
  stockGained,
  stockLost,
  undone,
} from '../../server/accounting';
import { accountKind, balanceOf } from '../../server/accounting/chart-of-accounts';

/** As a bookkeeper would read them aloud. */
const read = (postings: readonly Posting[]): string[] =>
  postings.map(({ debit, credit, amountMinor }) => `${accountName(debit)} / ${accountName(credit)} ${amountMinor}`);

function balances(postings: readonly Posting[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { debit, credit, amountMinor } of postings) {
    result[debit] = (result[debit] ?? 0) + balanceOf(accountKind(debit), amountMinor, 0);
    result[credit] = (result[credit] ?? 0) + balanceOf(accountKind(credit), 0, amountMinor);
  }
  return result;
}

const sale = { salesMinor: 250_000, shippingMinor: 0, taxMinor: 0 };

describe('what each event does to the books', () => {
  it.each<[string, Posting[], string[]]>([
    ['placed', placed(sale), ['Accounts Receivable / Sales Revenue 250000']],
    [
      'placed with shipping and tax',
      placed({ salesMinor: 100, shippingMinor: 60, taxMinor: 15 }),
      [
        'Accounts Receivable / Sales Revenue 100',
        'Accounts Receivable / Shipping Income 60',
        'Accounts Receivable / Tax Payable 15',
      ],
    ],
    [
      'paid by bKash',
      paid({ method: 'bkash', amountMinor: 250_000, balanceDueMinor: 250_000 }),
      ['Cash – bKash / Accounts Receivable 250000'],
    ],
    [
      'paid 50 too much at the till',
      paid({ method: 'cash', amountMinor: 150, balanceDueMinor: 100 }),
      ['Cash – till / Accounts Receivable 100', 'Cash – till / Refunds Payable 50'],
    ],
    [
      'paid once more',
      paid({ method: 'card', amountMinor: 9, balanceDueMinor: 0 }),
      ['Cash – card / Refunds Payable 9'],
    ],
    ['delivered', delivered({ costMinor: 180_000 }), ['COGS / Inventory 180000']],
    [
      'COD delivered',
      codDelivered({ amountMinor: 900, balanceDueMinor: 900, consignment: 'c1' }),
      ['Courier Clearing / Accounts Receivable 900'],
    ],
    [
      'COD remitted',
      codRemitted({ grossMinor: 900, chargesMinor: 60, feesMinor: 9, consignment: 'c1' }),
      ['Cash – bank / Courier Clearing 831', 'Courier Charges / Courier Clearing 60', 'COD Fees / Courier Clearing 9'],
    ],
    [
      'COD remitted below its charges',
      codRemitted({ grossMinor: 50, chargesMinor: 60, feesMinor: 0, consignment: 'c1' }),
      ['Courier Clearing / Cash – bank 10', 'Courier Charges / Courier Clearing 60'],
    ],
    ['a return fee', courierCharged({ amountMinor: 30, consignment: 'c1' }), ['Courier Charges / Courier Clearing 30']],
    [
      'cancelled before payment',
      reversed({ ...sale, balanceDueMinor: 250_000 }),
      ['Sales Revenue / Accounts Receivable 250000'],
    ],
    ['cancelled after payment', reversed({ ...sale, balanceDueMinor: 0 }), ['Sales Revenue / Refunds Payable 250000']],
    [
      'cancelled after a part payment',
      reversed({ salesMinor: 100, shippingMinor: 50, taxMinor: 50, balanceDueMinor: 101 }),
      [
        'Sales Revenue / Accounts Receivable 51',
        'Shipping Income / Accounts Receivable 25',
        'Tax Payable / Accounts Receivable 25',
        'Sales Revenue / Refunds Payable 49',
        'Shipping Income / Refunds Payable 25',
        'Tax Payable / Refunds Payable 25',
      ],
    ],
    ['refunded by Nagad', refundExecuted({ method: 'nagad', amountMinor: 50 }), ['Refunds Payable / Cash – Nagad 50']],
    [
      'return accepted',
      returnAccepted({ salesMinor: 100, taxMinor: 15 }),
      ['Sales Returns / Refunds Payable 100', 'Tax Payable / Refunds Payable 15'],
    ],
    ['goods returned', goodsReturned({ costMinor: 70 }), ['Inventory / COGS 70']],
    [
      'goodwill',
      goodwill({ amountMinor: 40, taxMinor: 6 }),
      ['Sales Allowances / Refunds Payable 40', 'Tax Payable / Refunds Payable 6'],
    ],
    ['goods received', goodsReceived({ costMinor: 2_500_000 }), ['Inventory / Accounts Payable 2500000']],
    ['count gain', stockGained({ costMinor: 5 }), ['Inventory / Inventory Gain 5']],
    ['damaged', stockLost({ costMinor: 5 }), ['Inventory Loss / Inventory 5']],
    ['points earned', pointsEarned({ amountMinor: 3 }), ['Loyalty Expense / Loyalty Liability 3']],
    ['points redeemed', pointsRedeemed({ amountMinor: 3 }), ['Loyalty Liability / Accounts Receivable 3']],
    ['points restored', pointsRestored({ amountMinor: 3 }), ['Accounts Receivable / Loyalty Liability 3']],
    ['a free order', placed({ salesMinor: 0, shippingMinor: 0, taxMinor: 0 }), []],
  ])('%s', (_event, postings, expected) => {
    expect(read(postings)).toEqual(expected);
  });

  it('keeps a clearing apart by its consignment', () => {
    const postings = [
      ...codDelivered({ amountMinor: 900, balanceDueMinor: 900, consignment: 'c1' }),
      ...codRemitted({ grossMinor: 900, chargesMinor: 60, feesMinor: 9, consignment: 'c1' }),
    ];
    expect(postings.every(({ dimension }) => dimension === 'c1')).toBe(true);
    expect(balances(postings)['1200']).toBe(0);
  });

  it('refuses an amount below 0', () => {
    expect(() => delivered({ costMinor: -1 })).toThrow(RangeError);
  });
});

describe('the worked example', () => {
  it('placed 2,500, paid by bKash, delivered at a cost of 1,800: a profit of 700', () => {
    const books = balances([
      ...placed(sale),
      ...paid({ method: 'bkash', amountMinor: 250_000, balanceDueMinor: 250_000 }),
      ...delivered({ costMinor: 180_000 }),
    ]);
    expect(books).toEqual({ '1100': 0, '4000': 250_000, '1020': 250_000, '5000': 180_000, '1300': -180_000 });
    expect((books['4000'] ?? 0) - (books['5000'] ?? 0)).toBe(70_000);
  });
});

describe('what always holds', () => {
  const amount = fc.integer({ min: 0, max: 9e12 });

  it('a paid and cancelled order leaves nothing owed to us, and owes back exactly what was paid', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 0, max: 2, noNaN: true }),
        (salesMinor, shippingMinor, taxMinor, ratio) => {
          const parts = { salesMinor, shippingMinor, taxMinor };
          const totalMinor = salesMinor + shippingMinor + taxMinor;
          const paidMinor = Math.floor(totalMinor * ratio);
          const books = balances([
            ...placed(parts),
            ...paid({ method: 'bank', amountMinor: paidMinor, balanceDueMinor: totalMinor }),
            ...reversed({ ...parts, balanceDueMinor: Math.max(0, totalMinor - paidMinor) }),
          ]);
          expect(books['1100'] ?? 0).toBe(0);
          expect(books['2100'] ?? 0).toBe(paidMinor);
          expect([books['4000'] ?? 0, books['4010'] ?? 0, books['2200'] ?? 0]).toEqual([0, 0, 0]);
        },
      ),
    );
  });

  it('a clearing ends at 0 whatever the courier keeps', () => {
    fc.assert(
      fc.property(amount, amount, amount, (grossMinor, chargesMinor, feesMinor) => {
        const consignment = 'c1';
        const books = balances([
          ...codDelivered({ amountMinor: grossMinor, balanceDueMinor: grossMinor, consignment }),
          ...codRemitted({ grossMinor, chargesMinor, feesMinor, consignment }),
        ]);
        expect(books['1200'] ?? 0).toBe(0);
      }),
    );
  });

  it('undoing leaves every account where it was', () => {
    const postings = reversed({ salesMinor: 100, shippingMinor: 50, taxMinor: 7, balanceDueMinor: 60 });
    expect(Object.values(balances([...postings, ...undone(postings)])).every((balance) => balance === 0)).toBe(true);
  });
});

describe('the chart of accounts', () => {
  it('has each code and each name once, in the order of the codes', () => {
    const codes = CHART_OF_ACCOUNTS.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(new Set(CHART_OF_ACCOUNTS.map(({ name }) => name)).size).toBe(codes.length);
  });
});

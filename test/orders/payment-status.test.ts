import { isPayable, type PaymentFacts, paymentStatus } from '../../server/orders/payment-status';

const NOTHING: PaymentFacts = {
  paymentMethod: 'bkash',
  paidMinor: 0,
  receivableMinor: 0,
  refundsPayableMinor: 0,
  refundedMinor: 0,
  clearingMinor: 0,
  submittedPayments: 0,
  closed: false,
};

describe('The payment axis', () => {
  it.each<[string, Partial<PaymentFacts>, string]>([
    ['nothing paid', { receivableMinor: 100 }, 'unpaid'],
    ['nothing paid, due at the door', { receivableMinor: 100, paymentMethod: 'cod' }, 'cod_due'],
    ['a wallet id to be looked up', { receivableMinor: 100, submittedPayments: 1 }, 'pending_verification'],
    ['a part paid', { receivableMinor: 40, paidMinor: 60 }, 'partially_paid'],
    ['all paid', { paidMinor: 100 }, 'paid'],
    ['all paid while another id is still to be looked up', { paidMinor: 100, submittedPayments: 1 }, 'paid'],
    ['more paid than due', { paidMinor: 120, refundsPayableMinor: 20 }, 'overpaid'],
    ['the money with the courier', { clearingMinor: 100, paymentMethod: 'cod' }, 'cod_collected'],
    ['paid and cancelled', { paidMinor: 100, refundsPayableMinor: 100, closed: true }, 'refund_due'],
    ['a part of the money given back', { paidMinor: 100, refundedMinor: 40 }, 'partially_refunded'],
    ['all the money given back', { paidMinor: 100, refundedMinor: 100, closed: true }, 'refunded'],
    ['cancelled and never paid', { closed: true }, 'unpaid'],
    ['nothing to pay at all', {}, 'paid'],
  ])('says with %s: %j → %s', (_title, facts, status) => {
    expect(paymentStatus({ ...NOTHING, ...facts })).toBe(status);
  });

  it.each([
    ['bkash', 'delivery', false],
    ['cash', 'delivery', false],
    ['cash', 'pickup', true],
    ['cash', 'curbside', true],
    ['cod', 'delivery', true],
  ])('lets unpaid goods by %s and %s leave: %s', (paymentMethod, fulfillmentMethod, payable) => {
    expect(isPayable({ ...NOTHING, paymentMethod, fulfillmentMethod, receivableMinor: 1 })).toBe(payable);
  });
});

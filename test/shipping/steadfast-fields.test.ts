import fc from 'fast-check';
import {
  checkFields,
  fitInvoice,
  localPhone,
  plainText,
  toSteadfastOrder,
} from '../../server/shipping/couriers/steadfast-fields';
import { readFailure, readCreated, readTrackedId, statusOf } from '../../server/shipping/couriers/steadfast-answers';
import { readCreateBody } from '../../server/shipping/couriers/steadfast-sandbox/create-rules';
import { readSteadfastStatus, STEADFAST_STATUSES } from '../../server/shipping/couriers/steadfast-statuses';

const REQUEST = {
  reference: '1001',
  parcel: {
    recipientName: 'Rahima Akter',
    recipientPhone: '01700000000',
    address: 'House 12, Dhaka',
    country: 'BD',
    description: '2 × Tea',
    units: 2,
  },
  codAmountMinor: 106_000,
  currency: 'BDT',
};

describe('What Steadfast takes', () => {
  it.each([
    ['01700000000', '01700000000'],
    ['+880 1700-000000', '01700000000'],
    ['8801700000000', '01700000000'],
    ['00880 1700 000000', '01700000000'],
    ['(017) 0000.0000', '01700000000'],
    ['০১৭০০০০০০০০', '01700000000'],
    ['1700000000', '1700000000'],
    ['+12025550100', '12025550100'],
  ])('a phone written %s is called as %s', (typed, called) => {
    expect(localPhone(typed)).toBe(called);
  });

  it.each([
    ['1001', '1001'],
    ['WEB#10/01.a', 'WEB-10-01-a'],
  ])('an order %s has the invoice %s', (number, invoice) => {
    expect(fitInvoice(number)).toBe(invoice);
  });

  it('any order number makes an invoice it takes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._#/-]{1,64}$/), (number) => {
        expect(fitInvoice(number)).toMatch(/^[A-Za-z0-9_-]{1,100}$/);
      }),
    );
  });

  it('whatever passes our own check passes the courier’s, and arrives as it was sent', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 600 });
    fc.assert(
      fc.property(texts, texts, fc.nat(1_100_000), (recipientName, address, taka) => {
        const codAmountMinor = taka * 100;
        const request = { ...REQUEST, parcel: { ...REQUEST.parcel, recipientName, address }, codAmountMinor };
        fc.pre(checkFields(request).length === 0);
        const sent = toSteadfastOrder(request);
        const read = readCreateBody(sent);
        expect(read).toMatchObject({
          parcel: { recipient_name: sent.recipient_name, recipient_address: sent.recipient_address },
        });
        expect(sent.cod_amount * 100).toBe(codAmountMinor);
      }),
    );
  });

  it('letters it would change are changed before', () => {
    expect(plainText(' a{b}c<d>;$\n e ')).toBe('a b c d e');
  });

  it('everything that is wrong is said at once', () => {
    const parcel = {
      ...REQUEST.parcel,
      recipientName: '',
      recipientPhone: '',
      address: '',
      country: 'IN',
      note: 'x'.repeat(481),
    };
    const errors = checkFields({ ...REQUEST, reference: 'ä', parcel, codAmountMinor: 5, currency: 'INR' });
    expect(errors.map(({ code }) => code)).toEqual([
      'REFERENCE_MALFORMED',
      'RECIPIENT_NAME_MISSING',
      'RECIPIENT_PHONE_MISSING',
      'ADDRESS_MISSING',
      'ADDRESS_NOT_SERVICEABLE',
      'NOTE_TOO_LONG',
      'COD_CURRENCY_UNSUPPORTED',
    ]);
  });
});

describe('What Steadfast says', () => {
  it.each([
    ['in review', 'in_review'],
    ['Delivered', 'delivered'],
    [' PARTIAL-DELIVERED ', 'partially_delivered'],
    ['cancelled_return_proccessing', 'cancelled'],
    ['cancelled_return_received', 'returned'],
    ['exceptional', 'exception'],
    ['something new', 'unknown'],
    ['toString', 'unknown'],
  ])('"%s" is %s', (word, status) => {
    expect(readSteadfastStatus(word)).toBe(status);
  });

  it('a word is a delivery only if it is the word for it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (word) => {
        fc.pre(!/^\s*delivered\s*$/i.test(word));
        expect(readSteadfastStatus(word)).not.toBe('delivered');
      }),
    );
    const deliveries = Object.entries(STEADFAST_STATUSES).filter(([, status]) => status === 'delivered');
    expect(deliveries.map(([word]) => word)).toEqual(['delivered']);
  });

  const answer = (status: number, body?: Record<string, unknown>) => ({ status, body });

  it.each([
    ['a refusal in the status', answer(422, { errors: { recipient_phone: ['bad'] } }), 'rejected', 'COURIER_REJECTED'],
    ['a refusal in the body', answer(200, { status: 400, message: 'no' }), 'rejected', 'COURIER_REJECTED'],
    ['wrong keys', answer(401, { message: 'Unauthenticated.' }), 'rejected', 'COURIER_UNAUTHORISED'],
    ['wrong keys in the body', answer(200, { status: 401 }), 'rejected', 'COURIER_UNAUTHORISED'],
    ['an inactive account', answer(403, {}), 'rejected', 'COURIER_UNAUTHORISED'],
    ['a breakdown', answer(500), 'unknown', undefined],
    ['a redirect', answer(302), 'unknown', undefined],
    ['a proxy’s page', answer(200), 'unknown', undefined],
    ['haste', { ...answer(429), retryAfterMs: 5000 }, 'unknown', undefined],
    ['silence', { status: 0, body: undefined, failure: 'Nobody answered.' }, 'unknown', undefined],
  ])('%s is never taken for a Yes', (_name, said, kind, code) => {
    expect(readFailure(said)).toMatchObject(code ? { kind, code } : { kind });
  });

  it('a duplicate is known by its words, and its field is ours', () => {
    const duplicate = answer(422, { errors: { invoice: ['The invoice has already been taken.'] } });
    expect(readFailure(duplicate)).toMatchObject({ duplicate: true, errors: [{ path: 'reference' }] });
    expect(readFailure(answer(422, { errors: { recipient_phone: 'bad' } }))).toMatchObject({
      duplicate: false,
      errors: [{ path: 'parcel.recipientPhone', message: 'bad' }],
    });
  });

  it('a consignment needs an id; its address must be one', () => {
    expect(readCreated(answer(200, { consignment: {} }))).toBeUndefined();
    expect(readCreated(answer(200, { status: 200 }))).toBeUndefined();
    expect(
      readCreated(
        answer(200, { consignment: { consignment_id: 7, tracking_code: 'A1', tracking_link: 'javascript:1' } }),
      ),
    ).toEqual({
      courierId: '7',
      trackingCode: 'A1',
      trackingUrl: null,
      status: 'in_review',
      courierStatus: 'in_review',
    });
    expect(readTrackedId(answer(200, { trackings: [{ consignment_id: 7 }] }))).toBe('7');
    expect(readTrackedId(answer(200, { tracking: 'none' }))).toBeNull();
    expect(statusOf(answer(200, { status: 1 }))).toBe(200);
  });

  it('words are cut to what is kept, and codes that are longer than that are left out', () => {
    const long = 'x'.repeat(400);
    const consignment = { consignment_id: long, tracking_code: long, tracking_link: `https://${long}`, status: long };
    expect(readCreated(answer(200, { consignment }))).toEqual({
      courierId: null,
      trackingCode: null,
      trackingUrl: null,
      status: 'unknown',
      courierStatus: 'x'.repeat(100),
    });
    expect(readTrackedId(answer(200, { tracking: [{ consignment_id: long }] }))).toBeNull();
  });
});

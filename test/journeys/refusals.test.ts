import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { bkashId, buildOrder, expectIntegrity, move, placeOrder, stockOf, stockProduct } from '../support/shop';

interface Case {
  title: string;
  method?: string;
  path?: string;
  body: () => unknown;
  headers?: Record<string, string>;
  status: number;
  code: string;
  field?: string;
}

let order: Record<string, any>;
let usedId: string;
let viewerKey: string;
let otherStoreKey: string;

const line = (fields: Record<string, unknown>): Record<string, any> =>
  buildOrder({ lines: [{ sku: 'TEA-01', quantity: 1, ...fields }] });
const customer = (fields: Record<string, unknown>): Record<string, any> =>
  buildOrder({ customer: { name: 'Rahima', ...fields } });
const { customer: _customer, ...withoutCustomer } = buildOrder();

const CASES: Case[] = [
  {
    title: 'an unknown SKU',
    body: () => line({ sku: 'GHOST-1' }),
    status: 422,
    code: 'SKU_UNKNOWN',
    field: 'lines[0].sku',
  },
  {
    title: 'a quantity of zero',
    body: () => line({ quantity: 0 }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'lines[0].quantity',
  },
  {
    title: 'half a unit',
    body: () => line({ quantity: 1.5 }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'lines[0].quantity',
  },
  {
    title: 'a negative price',
    body: () => line({ unitPriceMinor: -1 }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'lines[0].unitPriceMinor',
  },
  {
    title: 'a discount above the price',
    body: () => line({ unitPriceMinor: 5, discountMinor: 6 }),
    status: 422,
    code: 'DISCOUNT_TOO_LARGE',
    field: 'lines[0].discountMinor',
  },
  {
    title: 'another currency',
    body: () => buildOrder({ currency: 'USD' }),
    status: 422,
    code: 'CURRENCY_MISMATCH',
    field: 'currency',
  },
  {
    title: 'a note that is too long',
    body: () => buildOrder({ notes: 'x'.repeat(2001) }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'notes',
  },
  {
    title: 'half an e-mail address',
    body: () => customer({ email: 'rahima@' }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'customer.email',
  },
  { title: 'no customer', body: () => withoutCustomer, status: 422, code: 'VALIDATION_FAILED', field: 'customer' },
  { title: 'no lines', body: () => buildOrder({ lines: [] }), status: 422, code: 'VALIDATION_FAILED', field: 'lines' },
  {
    title: 'a field nobody knows',
    body: () => buildOrder({ colour: 'red' }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'colour',
  },
  {
    title: 'a delivery without an address',
    body: () => buildOrder({ shippingAddress: undefined }),
    status: 422,
    code: 'VALIDATION_FAILED',
    field: 'shippingAddress',
  },
  {
    title: 'a number that is taken',
    body: () => buildOrder({ number: 'TAKEN' }),
    status: 409,
    code: 'ORDER_NUMBER_EXISTS',
    field: 'number',
  },
  {
    title: 'more than there is',
    body: () => line({ quantity: 999 }),
    status: 409,
    code: 'STOCK_INSUFFICIENT',
    field: 'lines[0]',
  },
  { title: 'a broken JSON body', body: () => '{"lines": [', status: 400, code: 'BODY_MALFORMED' },
  {
    title: 'a body above the limit',
    body: () => JSON.stringify({ notes: 'x'.repeat(1_100_000) }),
    status: 413,
    code: 'BODY_TOO_LARGE',
  },
  {
    title: 'an unknown status',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ status: 'lost' }),
    status: 422,
    code: 'STATUS_UNKNOWN',
    field: 'status',
  },
  {
    title: 'a move the table does not have',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ status: 'delivered' }),
    status: 409,
    code: 'MOVE_NOT_ALLOWED',
  },
  {
    title: 'a move without its reason',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ move: 'reject' }),
    status: 422,
    code: 'FIELD_REQUIRED',
    field: 'reason',
  },
  {
    title: 'a move before payment',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ move: 'confirm' }),
    status: 409,
    code: 'PAYMENT_REQUIRED',
  },
  {
    title: 'a stale version',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ move: 'reject', reason: 'fraud', version: 99 }),
    status: 409,
    code: 'VERSION_CONFLICT',
  },
  {
    title: 'a stale If-Match',
    method: 'PUT',
    path: '/orders/:order/status',
    body: () => ({ move: 'reject', reason: 'fraud' }),
    headers: { 'if-match': '"77"' },
    status: 409,
    code: 'VERSION_CONFLICT',
  },
  {
    title: 'an unknown order',
    method: 'PUT',
    path: '/orders/nobody/status',
    body: () => ({ move: 'confirm' }),
    status: 404,
    code: 'ORDER_NOT_FOUND',
  },
  {
    title: 'a wallet id used on another order',
    method: 'POST',
    path: '/orders/:order/payments',
    body: () => ({ method: 'bkash', transactionId: usedId }),
    status: 409,
    code: 'TRANSACTION_ID_USED',
    field: 'transactionId',
  },
  {
    title: 'a wallet id in another format',
    method: 'POST',
    path: '/orders/:order/payments',
    body: () => ({ method: 'bkash', transactionId: 'ABC' }),
    status: 422,
    code: 'TRANSACTION_ID_MALFORMED',
    field: 'transactionId',
  },
  {
    title: 'an amount off by one',
    method: 'POST',
    path: '/orders/:order/payments',
    body: () => ({ method: 'bkash', transactionId: bkashId(), amountMinor: 100_001 }),
    status: 409,
    code: 'AMOUNT_MISMATCH',
    field: 'amountMinor',
  },
  {
    title: 'an address that is no route',
    method: 'POST',
    path: '/nothing',
    body: () => ({}),
    status: 404,
    code: 'ROUTE_NOT_FOUND',
  },
];

describe.each(DATABASES)('Bad input, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    await stockProduct(app);
    await placeOrder(app, { number: 'TAKEN' });
    const paid = await placeOrder(app);
    usedId = bkashId();
    await app.post(`/orders/${paid.id}/payments`, { method: 'bkash', transactionId: usedId });
    order = await placeOrder(app, { number: 'OPEN-1' });
    viewerKey = await app.keyFor('reporting');
    otherStoreKey = await app.keyFor('store_manager', ['second']);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it.each(CASES)('such as $title is refused with $code, the field and a sentence, and keeps nothing', async (one) => {
    const [stock, before] = [await stockOf(app), await app.get(`/orders/${order.id}`)];
    const path = (one.path ?? '/orders').replace(':order', String(order.id));
    const answer = await app.call(one.method ?? 'POST', path, one.body(), { headers: one.headers });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: one.status, code: one.code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.detail.length).toBeGreaterThan(20);
    expect(answer.body.requestId).toBeTruthy();
    if (one.field) expect((answer.body.errors as { path: string }[]).map((error) => error.path)).toContain(one.field);
    expect(await stockOf(app)).toEqual(stock);
    expect((await app.get(`/orders/${order.id}`)).body).toEqual(before.body);
  });

  it('without a field is told which one is missing and what belongs there', async () => {
    const { customer: _left, ...body } = buildOrder();
    const answer = await app.post('/orders', body);
    expect(answer.body.errors).toContainEqual({
      path: 'customer',
      code: 'REQUIRED',
      message: 'This field is missing; give an object with fields.',
    });
  });

  it('from a role that may not is refused and written down', async () => {
    const answer = await app.put(
      `/orders/${order.id}/status`,
      { move: 'reject', reason: 'fraud' },
      { apiKey: viewerKey },
    );
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'ROLE_NOT_ALLOWED', allowedRoles: ['admin', 'store_manager'] },
    });
    const { body } = await app.get('/audit?action=right.refused');
    expect(body.items.length).toBeGreaterThan(0);
  });

  it('from a key of another store is refused', async () => {
    const answer = await app.get(`/orders/${order.id}`, { apiKey: otherStoreKey });
    expect(answer).toMatchObject({ status: 403, body: { code: 'STORE_NOT_ALLOWED' } });
  });

  it('from a key nobody knows is refused', async () => {
    expect(await app.get('/orders', { apiKey: 'guess' })).toMatchObject({
      status: 401,
      body: { code: 'API_KEY_INVALID' },
    });
  });

  it('that says to accept the difference is recorded as it is', async () => {
    const answer = await app.post(`/orders/${order.id}/payments`, {
      method: 'bkash',
      transactionId: bkashId(),
      amountMinor: 100_001,
      acceptDifference: true,
    });
    expect(answer.body.order).toMatchObject({ paymentStatus: 'overpaid', balanceDueMinor: 0 });
    await move(app, order.id, 'confirm');
    await expectIntegrity(app);
  });
});

import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move, prepareAll } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { type Body, CONSENT, lineFor, orderOf, product, read } from './shortage-floor';

const REASON = 'not on the shelf';

describe.each(DATABASES)('An answer to missing goods is refused with its field and its way out, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;
  let other: string;
  let withdrawn: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    ({ app } = book);
    sku = await product(app, 500);
    other = await product(app, 3, { priceMinor: 70_000 });
    withdrawn = await product(app, 3);
    const { body } = await app.get('/products');
    const { id } = body.items.find((one: Body) => one.sku === withdrawn);
    expectStatus(await app.call('PATCH', `/products/${id}`, { active: false }), 200);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  /** Nothing of what a refused request asked for is kept. */
  async function refused(order: Body, door: string, body: unknown, options = {}): Promise<Body> {
    const before = await read(app, order);
    const answer = await app.post(`/orders/${order.id}/${door}`, body, options);
    expect(await read(app, order)).toEqual(before);
    const { code, errors = [] } = answer.body;
    return { status: answer.status, code, path: errors[0]?.path, detail: answer.body.detail };
  }
  const substitution = (order: Body, more: Body = {}): Body => ({
    ...{ lineId: order.lines[0].id, sku: other, pricePolicy: 'keep', consent: CONSENT, reason: REASON },
    ...more,
  });

  it.each([
    ['backorders', {}, 'lines'],
    ['backorders', { lines: [] }, 'lines'],
    ['backorders', { lines: [{ id: 'LINE', quantity: 0 }] }, 'lines[0].quantity'],
    ['backorders', { lines: [{ id: 'LINE', quantity: 1.5 }] }, 'lines[0].quantity'],
    ['backorders', { lines: [{ id: 'LINE', quantity: '2' }] }, 'lines[0].quantity'],
    ['backorders', { lines: [{ id: 'LINE' }, { id: 'LINE' }] }, 'lines'],
    ['backorders', { lines: [{ id: 'LINE' }], expectedAt: 'tomorrow' }, 'expectedAt'],
    ['backorders', { lines: [{ id: 'LINE' }], expectedAt: '2001-01-01T00:00:00Z' }, 'expectedAt'],
    ['backorders', { lines: [{ id: 'LINE' }], reason: '' }, 'reason'],
    ['backorders', { lines: [{ id: 'nope' }] }, 'lines[0].id'],
    ['backorders', { lines: [{ id: 'LINE', quantity: 5 }] }, 'lines[0].quantity'],
    ['short_lines', { lines: [{ id: 'LINE', quantity: 5 }] }, 'lines[0].quantity'],
    ['short_lines', { lines: [{ id: 'LINE', handling: 'refund' }] }, 'lines[0].handling'],
    ['shortage', {}, 'resolution'],
    ['shortage', { resolution: 'burn' }, 'resolution'],
    ['shortage', { resolution: 'refund', lines: [{ id: 'LINE', resolution: 'refund' }] }, 'resolution'],
    ['shortage', { lines: [{ id: 'LINE' }] }, 'lines[0].resolution'],
    ['shortage', { lines: [{ id: 'LINE', resolution: 'substitute', sku: 'NOPE', quantity: 1 }] }, 'lines[0].sku'],
    ['shortage', { lines: [{ id: 'LINE', resolution: 'refund', quantity: 5 }] }, 'lines[0].quantity'],
  ])('%s %j names %s', async (door, body, path) => {
    const order = await orderOf(app, [lineFor(sku, 4)]);
    const sent = JSON.parse(JSON.stringify({ reason: REASON, ...body }).replaceAll('LINE', order.lines[0].id));
    const answer = await refused(order, door, sent);
    expect([answer.status, answer.path]).toEqual([422, path]);
    expect(String(answer.detail).length).toBeGreaterThan(10);
  });

  it.each([
    [{ lineId: 'nope' }, 422, 'LINE_UNKNOWN', 'lineId'],
    [{ sku: 'NOPE' }, 422, 'SKU_UNKNOWN', 'sku'],
    [{ sku: 'no spaces' }, 422, 'VALIDATION_FAILED', 'sku'],
    [{ sku: 'SAME' }, 422, 'SUBSTITUTE_SAME', 'sku'],
    [{ sku: 'WITHDRAWN' }, 409, 'PRODUCT_WITHDRAWN', 'sku'],
    [{ quantity: 5 }, 422, 'QUANTITY_TOO_LARGE', 'quantity'],
    [{ quantity: 4 }, 409, 'STOCK_INSUFFICIENT', 'quantity'],
    [{ quantity: -1 }, 422, 'VALIDATION_FAILED', 'quantity'],
    [{ pricePolicy: 'free' }, 422, 'VALIDATION_FAILED', 'pricePolicy'],
    [{ pricePolicy: undefined }, 422, 'VALIDATION_FAILED', 'pricePolicy'],
    [{ consent: undefined }, 422, 'CONSENT_REQUIRED', 'consent'],
    [{ consent: { given: false, how: 'by phone' } }, 422, 'VALIDATION_FAILED', 'consent.given'],
    [{ consent: { given: true, how: '' } }, 422, 'VALIDATION_FAILED', 'consent.how'],
    [{ consent: { ...CONSENT, upToMinor: -1 } }, 422, 'VALIDATION_FAILED', 'consent.upToMinor'],
    [{ consent: undefined, override: { reason: '' } }, 422, 'VALIDATION_FAILED', 'override.reason'],
    [{ pricePolicy: 'new', quantity: 1 }, 409, 'CONSENT_TOO_SMALL', 'consent.upToMinor'],
    [
      { pricePolicy: 'new', quantity: 1, consent: { ...CONSENT, upToMinor: 19_999 } },
      409,
      'CONSENT_TOO_SMALL',
      'consent.upToMinor',
    ],
    [
      { pricePolicy: 'new', quantity: 1, consent: undefined, override: { reason: 'trust me' } },
      409,
      'CONSENT_TOO_SMALL',
      'consent.upToMinor',
    ],
    [{ reason: undefined }, 422, 'VALIDATION_FAILED', 'reason'],
    [{ colour: 'red' }, 422, 'VALIDATION_FAILED', 'colour'],
  ])('a substitution with %j is %i %s', async (given, status, code, path) => {
    const order = await orderOf(app, [lineFor(sku, 4)]);
    const names: Record<string, string> = { SAME: sku, WITHDRAWN: withdrawn };
    const named = (given as Body).sku;
    const more = named === undefined ? given : { ...given, sku: names[named] ?? named };
    const answer = await refused(order, 'substitutions', substitution(order, more));
    expect([answer.status, answer.path]).toEqual([status, path]);
    if (code !== 'VALIDATION_FAILED') expect(answer.code).toBe(code);
  });

  it('leaves alone what is prepared, and what has left', async () => {
    const order = await orderOf(app, [lineFor(sku, 2)]);
    await prepareAll(app, order);
    const lines = [{ id: order.lines[0].id }];
    for (const door of ['backorders', 'short_lines']) {
      const answer = await refused(order, door, { lines, reason: REASON });
      expect([answer.status, answer.code, answer.path]).toEqual([409, 'NOTHING_OPEN', 'lines[0].id']);
    }
    expect(await refused(order, 'substitutions', substitution(order))).toMatchObject({
      status: 409,
      code: 'NOTHING_OPEN',
      path: 'lineId',
    });
    await move(app, order.id, 'fulfill');
    expect(await refused(order, 'short_lines', { lines, reason: REASON })).toMatchObject({
      status: 409,
      code: 'ORDER_NOT_OPEN',
    });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    for (const door of ['backorders', 'short_lines']) {
      expect(await refused(order, door, { lines, reason: REASON })).toMatchObject({
        status: 409,
        code: 'ORDER_NOT_OPEN',
      });
    }
    expect(await refused(order, 'shortage', { resolution: 'refund', reason: REASON })).toMatchObject({
      status: 409,
      code: 'ORDER_NOT_OPEN',
    });
  });

  it('finds no substitute where nothing alike is there in full', async () => {
    const lonely = await product(app, 5, { category: `lonely-${kind}` });
    const order = await orderOf(app, [lineFor(lonely, 2)]);
    expectStatus(
      await app.post(`/orders/${order.id}/backorders`, { lines: [{ id: order.lines[0].id }], reason: REASON }),
      201,
    );
    const answer = await refused(order, 'shortage', { resolution: 'substitute', consent: CONSENT, reason: REASON });
    expect([answer.status, answer.code]).toEqual([409, 'SUBSTITUTE_NONE']);
  });

  it('keeps to the roles: the floor may replace at no higher price, a manager at any, others not at all', async () => {
    const order = await orderOf(app, [lineFor(sku, 4)]);
    const dearer = substitution(order, { pricePolicy: 'new', quantity: 1, consent: { ...CONSENT, upToMinor: 20_000 } });
    const floor = { apiKey: await app.keyFor('fulfillment_specialist') };
    expect(await refused(order, 'substitutions', dearer, floor)).toMatchObject({
      status: 403,
      code: 'ROLE_NOT_ALLOWED',
    });
    const unasked = substitution(order, { consent: undefined, override: { reason: 'they never mind' }, quantity: 1 });
    expect(await refused(order, 'substitutions', unasked, floor)).toMatchObject({
      status: 403,
      code: 'ROLE_NOT_ALLOWED',
    });
    for (const role of ['cashier', 'customer_service', 'reporting']) {
      const apiKey = await app.keyFor(role);
      const lines = [{ id: order.lines[0].id }];
      for (const door of ['backorders', 'short_lines', 'shortage', 'substitutions'])
        expect(
          (
            await refused(
              order,
              door,
              door === 'substitutions'
                ? dearer
                : door === 'shortage'
                  ? { resolution: 'refund', reason: REASON }
                  : { lines, reason: REASON },
              { apiKey },
            )
          ).status,
        ).toBe(403);
      expectStatus(await app.get(`/orders/${order.id}/shortage`, { apiKey }), 200);
    }
    expectStatus(await app.post(`/orders/${order.id}/substitutions`, substitution(order, { quantity: 1 }), floor), 201);
    expectStatus(
      await app.post(`/orders/${order.id}/substitutions`, dearer, { apiKey: await app.keyFor('store_manager') }),
      201,
    );
  });

  it('does not write over what somebody else changed since', async () => {
    const order = await orderOf(app, [lineFor(sku, 4)]);
    const body = { lines: [{ id: order.lines[0].id, quantity: 1 }], reason: REASON, version: order.version };
    expectStatus(await app.post(`/orders/${order.id}/short_lines`, body), 201);
    expect(await refused(order, 'short_lines', body)).toMatchObject({ status: 409, code: 'VERSION_CONFLICT' });
  });

  it('knows no order that is not there', async () => {
    expect(await app.get('/orders/nope/shortage')).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    const body = { resolution: 'refund', reason: REASON };
    expect(await app.post('/orders/nope/shortage', body)).toMatchObject({ status: 404 });
    expect(await app.post('/orders/x/shortage', body, { key: null })).toMatchObject({ status: 400 });
  });
});

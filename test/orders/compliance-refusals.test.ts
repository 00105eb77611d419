import { type Guard, moveRule, ORDER_MOVES, type OrderMove, type OrderStatus } from '../../server/orders/order-moves';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { type ComplianceShop, openComplianceShop } from './compliance-shop';
import { orderFor, read } from './open-orders';

type Json = Record<string, any>;

const COMPLIANCE: Guard = 'compliance';
const AT_COUNTER = { fulfillmentMethod: 'pickup', shippingAddress: undefined };
/** What moves ask for, whichever they are. */
const FIELDS: Partial<Record<OrderMove, Json>> = {
  ship: { carrier: 'manual' },
  await_handoff: { method: 'curbside', spot: 'bay 3' },
  fail_delivery: { reason: 'not_home' },
};
/** How an order with picked goods comes to where a guarded move begins. */
const WAYS: Partial<Record<OrderStatus, OrderMove[]>> = {
  processing: [],
  fulfilled: ['fulfill'],
  partially_fulfilled: ['partially_fulfill'],
  ready_for_pickup: ['ready'],
  awaiting_handoff: ['fulfill', 'await_handoff'],
  // Goods that never left the house, so that they are judged once more.
  delivery_failed: ['fulfill', 'await_handoff', 'fail_delivery'],
};

const guarded = ORDER_MOVES.filter((name) => moveRule(name).guards.includes(COMPLIANCE)).flatMap((name) =>
  moveRule(name)
    .from.filter((status) => WAYS[status] !== undefined)
    .map((status) => [name, status] as const),
);

describe.each(DATABASES)('Against goods that not everybody may buy, on %s', (kind) => {
  let shop: ComplianceShop;

  beforeAll(async () => {
    shop = await openComplianceShop(kind);
  });

  afterAll(async () => {
    await expectIntegrity(shop.app);
    await shop.close();
  });

  const fieldsOf = (name: OrderMove, order: Json): Json =>
    name === 'partially_fulfill'
      ? { reason: 'short', lines: [{ id: order.lines[0].id, handling: 'backorder' }] }
      : (FIELDS[name] ?? {});

  it.each(guarded)('%s is stopped from %s, and goes on with a manager’s reason', async (name, status) => {
    const sku = await shop.ruled({});
    const order = await shop.picked(sku, 1, AT_COUNTER);
    for (const step of WAYS[status] ?? []) await move(shop.app, order.id, step, fieldsOf(step, order));
    expectStatus(await shop.app.call('PATCH', `/products/sku:${sku}`, { restricted: true }), 200);
    const fields = fieldsOf(name, order);
    const { body } = await shop.tryMove(order, name, fields);
    expect(body.reasons).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'PERMISSION_REQUIRED' })]));
    expect((await read(shop.app, order)).status).toBe(status);
    const permit = { kind: 'permission', document: 'Licence 4711', note: 'seen' };
    expectStatus(await shop.check(order, permit), 201);
    const { reasons = [] } = (await shop.tryMove(order, name, fields)).body as { reasons?: Json[] };
    expect(reasons.filter(({ guard }) => guard === COMPLIANCE)).toEqual([]);
  });

  it('ship is stopped where a store lets unpicked orders go', async () => {
    const setPreparation = async (preparation: string): Promise<void> => {
      expectStatus(await shop.app.call('PATCH', '/stores/main', { preparation }), 200);
    };
    const order = await orderFor(shop.app, await shop.ruled({ restricted: true }), 1);
    await move(shop.app, order.id, 'confirm');
    await setPreparation('optional');
    const { body } = await shop.tryMove(order, 'ship', FIELDS.ship);
    await setPreparation('required');
    expect(body).toMatchObject({ code: 'PERMISSION_REQUIRED', move: 'ship' });
  });

  const AGE = { kind: 'age', documentKind: 'passport' };
  const PERMIT = { kind: 'permission', document: 'Licence 1', note: 'seen' };
  it.each<[string, unknown, number, string, string | undefined]>([
    ['nothing', {}, 422, 'VALIDATION_FAILED', 'kind'],
    ['no object', '[]', 422, 'VALIDATION_FAILED', ''],
    ['another kind', { kind: 'smell' }, 422, 'VALIDATION_FAILED', 'kind'],
    ['no document kind', { kind: 'age', confirmed: true }, 422, 'VALIDATION_FAILED', 'documentKind'],
    [
      'an unknown document',
      { ...AGE, documentKind: 'loyalty_card', confirmed: true },
      422,
      'VALIDATION_FAILED',
      'documentKind',
    ],
    ['neither date nor word', AGE, 422, 'VALIDATION_FAILED', 'confirmed'],
    ['both date and word', { ...AGE, confirmed: true, birthDate: '1990-01-01' }, 422, 'VALIDATION_FAILED', 'birthDate'],
    ['a day that does not exist', { ...AGE, birthDate: '1990-02-30' }, 422, 'VALIDATION_FAILED', 'birthDate'],
    ['a date with a time', { ...AGE, birthDate: '1990-02-03T00:00:00Z' }, 422, 'VALIDATION_FAILED', 'birthDate'],
    ['a date in the future', { ...AGE, birthDate: '2096-01-01' }, 422, 'BIRTH_DATE_INVALID', 'birthDate'],
    ['a date of long ago', { ...AGE, birthDate: '1790-01-01' }, 422, 'BIRTH_DATE_INVALID', 'birthDate'],
    ['a word that is none', { ...AGE, confirmed: 'yes' }, 422, 'VALIDATION_FAILED', 'confirmed'],
    ['a lower age than needed', { ...AGE, confirmed: true, minimumAge: 16 }, 422, 'AGE_ASKED_TOO_LOW', 'minimumAge'],
    ['an age of zero', { ...AGE, confirmed: true, minimumAge: 0 }, 422, 'VALIDATION_FAILED', 'minimumAge'],
    ['half a year', { ...AGE, confirmed: true, minimumAge: 18.5 }, 422, 'VALIDATION_FAILED', 'minimumAge'],
    ['an age of thousands', { ...AGE, confirmed: true, minimumAge: 1e9 }, 422, 'VALIDATION_FAILED', 'minimumAge'],
    ['a long note', { ...AGE, confirmed: true, note: 'x'.repeat(501) }, 422, 'VALIDATION_FAILED', 'note'],
    ['a null character', { ...AGE, confirmed: true, note: 'a\0b' }, 422, 'VALIDATION_FAILED', 'body'],
    ['a field too many', { ...AGE, confirmed: true, verdict: 'passed' }, 422, 'VALIDATION_FAILED', 'verdict'],
    ['a permission without document', { ...PERMIT, document: ' ' }, 422, 'VALIDATION_FAILED', 'document'],
    ['a permission without reason', { ...PERMIT, note: '' }, 422, 'VALIDATION_FAILED', 'note'],
    ['a long document', { ...PERMIT, document: 'x'.repeat(201) }, 422, 'VALIDATION_FAILED', 'document'],
    ['a permission nobody needs', PERMIT, 409, 'PERMISSION_NOT_NEEDED', undefined],
  ])('a check with %s is refused, and nothing is kept', async (_what, body, status, code, path) => {
    const order = await ageOrder();
    const answer = expectStatus(await shop.check(order, body as Json), status);
    expect(answer.body.code).toBe(code);
    expect((answer.body.errors as Json[] | undefined)?.[0]?.path).toBe(path);
    expect(await shop.rowsOf('compliance_checks', order)).toEqual([]);
  });

  let kept: Json | undefined;
  async function ageOrder(): Promise<Json> {
    kept ??= await orderFor(shop.app, await shop.ruled({ minimumAge: 18 }), 1);
    return kept;
  }

  it('a check for goods that ask for none, of a cancelled order or of none is refused', async () => {
    const seen = { ...AGE, confirmed: true };
    const free = await orderFor(shop.app, await shop.ruled({}), 1);
    expect(expectStatus(await shop.check(free, seen), 409).body.code).toBe('AGE_CHECK_NOT_NEEDED');
    const gone = await orderFor(shop.app, await shop.ruled({ minimumAge: 18 }), 1);
    await move(shop.app, gone.id, 'reject', { reason: 'wrong' });
    expect(expectStatus(await shop.check(gone, seen), 409).body.code).toBe('AGE_CHECK_NOT_NEEDED');
    expect(expectStatus(await shop.check({ id: 'none' }, seen), 404).body.code).toBe('ORDER_NOT_FOUND');
  });

  it('a check is shown to those who only read figures without its document', async () => {
    const order = await orderFor(shop.app, await shop.ruled({ restricted: true }), 1);
    expectStatus(await shop.check(order, PERMIT), 201);
    const { body } = await shop.app.get(`/orders/${order.id}`, { apiKey: shop.keys.reporting });
    expect(body.compliance.checks).toMatchObject([{ kind: 'permission', document: '***' }]);
    expect(JSON.stringify(body)).not.toMatch(/Key/);
  });

  it('a check wants a role that meets customers, and a key of the store', async () => {
    const order = await ageOrder();
    expectStatus(await shop.check(order, { ...AGE, confirmed: true }, shop.keys.reporting), 403);
    const elsewhere = await shop.app.post('/stores', {
      id: 'north',
      name: 'North',
      currency: 'BDT',
      timezone: 'Asia/Dhaka',
    });
    expectStatus(elsewhere, 201);
    const key = await shop.app.keyFor('store_manager', ['north']);
    const refused = expectStatus(await shop.check(order, { ...AGE, confirmed: true }, key), 403);
    expect(refused.body.code).toBe('STORE_NOT_ALLOWED');
    expect(await shop.rowsOf('compliance_checks', order)).toEqual([]);
  });
});

import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { type ComplianceShop, openComplianceShop } from './compliance-shop';
import { orderFor, prepare, read } from './open-orders';

type Json = Record<string, any>;

const DAY_MS = 24 * 3_600_000;
const KARIM = { name: 'Karim', email: 'karim@example.com', phone: '+880 1712-345678' };
const NO_CONTACT = { name: 'Somebody at the till' };
const AT_COUNTER = { fulfillmentMethod: 'pickup', shippingAddress: undefined };
const SEEN = { kind: 'age', documentKind: 'national_id', confirmed: true };
const SAID = { kind: 'age', documentKind: 'phone', confirmed: true };
const OVERRIDE = { overrides: [{ guard: 'compliance', reason: 'licence seen on paper' }] };

describe.each(DATABASES)('Goods that not everybody may buy, on %s', (kind) => {
  let shop: ComplianceShop;

  beforeAll(async () => {
    shop = await openComplianceShop(kind);
  });

  afterAll(async () => {
    await expectIntegrity(shop.app);
    await shop.close();
  });

  const blockedBy = async (order: Json, name: string, more: Json = {}): Promise<Json> => {
    const { body } = expectStatus(await shop.tryMove(order, name, more), 409);
    return { code: body.code, ...(body.reasons as Json[])[0] };
  };

  describe('A purchase limit', () => {
    it('counts what the same customer bought before, whatever way phone and e-mail are typed', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 3, days: 7 } });
      await orderFor(shop.app, sku, 1, { number: `${sku}-A`, customer: { name: 'K', phone: '01712345678' } });
      await orderFor(shop.app, sku, 1, { number: `${sku}-B`, customer: { name: 'K', email: 'KARIM@Example.com' } });
      await orderFor(shop.app, sku, 9, { customer: { name: 'Karim', phone: '01899999999' } });
      const order = await shop.picked(sku, 2, { customer: KARIM });
      expect(await blockedBy(order, 'fulfill')).toMatchObject({
        ...{ code: 'PURCHASE_LIMIT', guard: 'compliance', sku, limit: 3, days: 7, bought: 2, ordered: 2 },
        ...{ orders: [`${sku}-A`, `${sku}-B`], customerKnown: true },
      });
      expect((await read(shop.app, order)).status).toBe('processing');
    });

    it('lets through what stays within it, and counts no other product and no order that came later', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 2, days: 7 } });
      const other = await shop.ruled({ purchaseLimit: { quantity: 1, days: 7 } });
      const customer = { name: 'Lina', phone: '01811111111' };
      await orderFor(shop.app, other, 1, { customer });
      const order = await shop.picked(sku, 2, { customer });
      const later = await shop.picked(sku, 1, { customer });
      await move(shop.app, order.id, 'fulfill');
      expect(await blockedBy(later, 'fulfill')).toMatchObject({ code: 'PURCHASE_LIMIT', bought: 2, ordered: 1 });
    });

    it('forgets orders that came to nothing, and those from before the last days', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 2, days: 7 } });
      const customer = { name: 'Mina', phone: '01822222222' };
      const long = await orderFor(shop.app, sku, 2, { customer });
      shop.clock.advance(7 * DAY_MS);
      const gone = await orderFor(shop.app, sku, 2, { customer });
      await move(shop.app, gone.id, 'reject', { reason: 'wrong' });
      const order = await shop.picked(sku, 2, { customer });
      await move(shop.app, order.id, 'fulfill');
      expect((await read(shop.app, long)).status).toBe('pending');
    });

    it('counts only the order itself for a customer without phone and e-mail, and says so', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 2, days: 7 } });
      await orderFor(shop.app, sku, 2, { customer: NO_CONTACT });
      await move(shop.app, (await shop.picked(sku, 2, { customer: NO_CONTACT })).id, 'fulfill');
      const order = await shop.picked(sku, 3, { customer: NO_CONTACT });
      const reason = await blockedBy(order, 'fulfill');
      expect(reason).toMatchObject({ code: 'PURCHASE_LIMIT', bought: 0, ordered: 3, customerKnown: false });
      expect(reason.message).toContain('without phone and e-mail only this order counts');
    });

    it('follows the contact when that is corrected', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 1, days: 30 } });
      await orderFor(shop.app, sku, 1, { customer: { name: 'N', phone: '01833333333' } });
      const order = await shop.picked(sku, 1, { customer: NO_CONTACT });
      expectStatus(await shop.app.put(`/orders/${order.id}`, { customer: { phone: '+8801833333333' } }), 200);
      expect(await blockedBy(order, 'fulfill')).toMatchObject({ code: 'PURCHASE_LIMIT', bought: 1 });
    });

    it('can be permitted by a manager for the whole way of the order', async () => {
      const sku = await shop.ruled({ purchaseLimit: { quantity: 1, days: 7 } });
      const order = await shop.picked(sku, 2);
      expect(await blockedBy(order, 'fulfill')).toMatchObject({ code: 'PURCHASE_LIMIT' });
      const permit = { kind: 'permission', document: 'Order form 12', note: 'for the school' };
      const { body } = expectStatus(await shop.check(order, permit, shop.keys.store_manager), 201);
      expect(body).toMatchObject({ kind: 'permission', verdict: 'passed', covers: [`purchase_limit:${sku}`] });
      await move(shop.app, order.id, 'fulfill');
      await move(shop.app, order.id, 'ship', { carrier: 'manual' });
    });
  });

  describe('A restricted product', () => {
    it('waits for a permission, which only a manager records', async () => {
      const sku = await shop.ruled({ restricted: true });
      const order = await shop.picked(sku);
      const permit = { kind: 'permission', document: 'Licence 4711', note: 'seen at the counter' };
      expect(await blockedBy(order, 'fulfill')).toMatchObject({ code: 'PERMISSION_REQUIRED', skus: [sku] });
      expectStatus(await shop.check(order, permit, shop.keys.cashier), 403);
      expect(await shop.rowsOf('compliance_checks', order)).toEqual([]);
      expectStatus(await shop.check(order, permit, shop.keys.store_manager), 201);
      await move(shop.app, order.id, 'fulfill');
      const again = expectStatus(await shop.check(order, permit, shop.keys.store_manager), 409).body;
      expect(again.code).toBe('PERMISSION_NOT_NEEDED');
    });

    it('may become restricted after the order was placed', async () => {
      const sku = await shop.ruled({});
      const order = await shop.picked(sku);
      await move(shop.app, order.id, 'fulfill');
      expectStatus(await shop.app.call('PATCH', `/products/sku:${sku}`, { restricted: true }), 200);
      expect(await blockedBy(order, 'ship', { carrier: 'manual' })).toMatchObject({ code: 'PERMISSION_REQUIRED' });
    });

    it('keeps back neither the other lines of a partial delivery nor what comes back', async () => {
      const sku = await shop.ruled({ restricted: true });
      const free = await shop.ruled({});
      const lines = [sku, free].map((one) => ({ sku: one, quantity: 1, unitPriceMinor: 50_000 }));
      const order = await orderFor(shop.app, sku, 1, { lines });
      await move(shop.app, order.id, 'process');
      await prepare(shop.app, { ...order, lines: [order.lines[1]] }, 1);
      const rest = { reason: 'no permission', lines: [{ id: order.lines[0].id, handling: 'refund' }] };
      await move(shop.app, order.id, 'partially_fulfill', rest);
      await move(shop.app, order.id, 'ship', { carrier: 'manual' });
      await move(shop.app, order.id, 'fail_delivery', { reason: 'not_home' });
      await move(shop.app, order.id, 'reattempt');
      await move(shop.app, order.id, 'deliver');
    });
  });

  describe('An age', () => {
    it('is checked once, by whom and with which document stands in the order', async () => {
      const sku = await shop.ruled({ minimumAge: 18 });
      const order = await shop.picked(sku);
      expect(await blockedBy(order, 'fulfill')).toMatchObject({ code: 'AGE_CHECK_REQUIRED', minimumAge: 18 });
      const { body } = expectStatus(await shop.check(order, SEEN, shop.keys.cashier), 201);
      expect(body).toMatchObject({ kind: 'age', verdict: 'passed', minimumAge: 18, documentKind: 'national_id' });
      expect((await read(shop.app, order)).compliance).toMatchObject({
        checks: [{ actorName: 'cashier', actorRole: 'cashier', at: shop.clock.now() }],
        missing: [],
      });
      await move(shop.app, order.id, 'fulfill');
      await move(shop.app, order.id, 'ship', { carrier: 'manual' });
    });

    it('is counted by the calendar of the store, and the date of birth is kept nowhere', async () => {
      const sku = await shop.ruled({ minimumAge: 18 });
      const birthDate = '2001-02-03';
      const order = await shop.picked(sku);
      const key = `birth-${sku}-${kind}`;
      const post = (born: string) =>
        shop.app.post(
          `/orders/${order.id}/compliance_checks`,
          { kind: 'age', documentKind: 'passport', birthDate: born },
          { key },
        );
      expectStatus(await post(birthDate), 201);
      expect((await post('2001-02-04')).headers.get('idempotency-replayed')).toBe('true');
      for (const table of ['compliance_checks', 'audit_rows', 'outbox', 'orders']) {
        const { workroom } = shop.app.service;
        const rows = await workroom.reader(workroom.systemCaller('test')).select(`SELECT * FROM ${table}`);
        expect(JSON.stringify(rows)).not.toContain(birthDate);
      }
    });

    it('that is too low is refused and written down, and then only a manager checks again', async () => {
      const sku = await shop.ruled({ minimumAge: 18 });
      const order = await shop.picked(sku);
      const born = `${Number(shop.clock.now().slice(0, 4)) - 17}-01-01`;
      const young = { kind: 'age', documentKind: 'passport', birthDate: born };
      expect(expectStatus(await shop.check(order, young), 409).body).toMatchObject({
        code: 'AGE_TOO_LOW',
        minimumAge: 18,
      });
      expectStatus(await shop.check(order, { ...SEEN, confirmed: false }), 409);
      expect(await shop.rowsOf('compliance_checks', order)).toMatchObject([
        { verdict: 'refused', documentKind: 'passport' },
        { verdict: 'refused', documentKind: 'national_id' },
      ]);
      expect(await blockedBy(order, 'fulfill')).toMatchObject({ code: 'AGE_CHECK_REQUIRED', refused: true });
      expectStatus(await shop.check(order, SEEN, shop.keys.fulfillment_specialist), 403);
      expectStatus(await shop.check(order, SEEN, shop.keys.store_manager), 201);
      await move(shop.app, order.id, 'fulfill');
    });

    it('that was said on the phone lets an order leave by courier, and one at the counter only be prepared', async () => {
      const sku = await shop.ruled({ minimumAge: 18 });
      const parcel = await shop.picked(sku);
      expectStatus(await shop.check(parcel, SAID, shop.keys.customer_service), 201);
      await move(shop.app, parcel.id, 'fulfill');
      expectStatus(await shop.app.post(`/orders/${parcel.id}/consignments`, { courier: 'manual', note: 'ring' }), 201);
      const [consignment] = await shop.rowsOf('consignments', parcel);
      expect(JSON.stringify(consignment)).toContain('Check the age: 18 or older. ring');
      await move(shop.app, parcel.id, 'ship', { carrier: 'manual' });

      const fetched = await shop.picked(sku, 1, { ...AT_COUNTER, paymentMethod: 'cash' });
      expectStatus(await shop.check(fetched, SAID, shop.keys.customer_service), 201);
      expectStatus(await shop.check(fetched, SEEN, shop.keys.customer_service), 403);
      await move(shop.app, fetched.id, 'fulfill');
      await move(shop.app, fetched.id, 'ready');
      expect(expectStatus(await shop.check(fetched, SAID), 409).body.code).toBe('DOCUMENT_NEEDED');
      const paid = { method: 'cash', amountMinor: 50_000 };
      expectStatus(await shop.app.post(`/orders/${fetched.id}/payments`, paid), 201);
      expect(await blockedBy(fetched, 'complete')).toMatchObject({ code: 'AGE_CHECK_REQUIRED', rule: 'age' });
      expectStatus(await shop.check(fetched, SEEN, shop.keys.cashier), 201);
      await move(shop.app, fetched.id, 'complete');
    });
  });

  describe('A block', () => {
    it('is told to the managers once for each rule, however often it is tried and in whatever way', async () => {
      const sku = await shop.ruled({ restricted: true, minimumAge: 18 });
      const order = await shop.picked(sku);
      await blockedBy(order, 'fulfill');
      await blockedBy(order, 'fulfill');
      const bulk = await shop.app.post('/orders/bulk_update', { orderIds: [order.id], move: 'fulfill' });
      expect(bulk.body).toMatchObject({ doneCount: 0, refusedCount: 1 });
      await Promise.all([1, 2, 3].map(() => shop.tryMove(order, 'ready')));
      expect(await shop.rowsOf('compliance_blocks', order)).toMatchObject([{ rule: 'restricted' }, { rule: 'age' }]);
      expect(await shop.auditOf(order, 'compliance.block')).toHaveLength(2);
      const mails = await shop.rowsOf('mails', order);
      expect(mails).toMatchObject([{ template: 'emails/compliance', recipient: 'mita@example.com' }]);
      await shop.app.settled();
      expect(await shop.rowsOf('mails', order)).toMatchObject([{ sentAt: expect.any(String) as string }]);
    });

    it('stands in the report of its day until the order moves', async () => {
      const sku = await shop.ruled({ restricted: true });
      const order = await shop.picked(sku);
      await blockedBy(order, 'fulfill');
      const today = shop.clock.now().slice(0, 10);
      const told = async (): Promise<Json[]> => {
        const { exceptions } = (await shop.app.get(`/reports/daily-summary?date=${today}`)).body as {
          exceptions: Json[];
        };
        return exceptions.filter(({ orderId }) => orderId === order.id);
      };
      expect(await told()).toMatchObject([{ kind: 'order_blocked', message: expect.stringContaining(sku) as string }]);
      shop.clock.advance(1000);
      expectStatus(await shop.tryMove(order, 'fulfill', OVERRIDE), 200);
      expect(await told()).toEqual([]);
    });

    it('leaves nothing behind when it was only a preview', async () => {
      const order = await shop.picked(await shop.ruled({ restricted: true }));
      expectStatus(await shop.app.put(`/orders/${order.id}/status?dryRun=true`, { move: 'fulfill' }), 409);
      expect(await shop.rowsOf('compliance_blocks', order)).toEqual([]);
    });

    it('shows in what the order may do next, and why it does not move', async () => {
      const order = await shop.picked(await shop.ruled({ minimumAge: 21 }));
      const { items } = (await shop.app.get(`/orders/${order.id}/allowed_statuses`)).body;
      const fulfill = (items as Json[]).find((one) => one.move === 'fulfill');
      expect(fulfill).toMatchObject({ allowed: false, reasons: [{ code: 'AGE_CHECK_REQUIRED', minimumAge: 21 }] });
      const { body } = await shop.app.get(`/orders/${order.id}/explain`);
      expect(body.reasons).toMatchObject([{ code: 'AGE_CHECK_REQUIRED' }]);
      expect((await read(shop.app, order)).compliance).toMatchObject({ missing: [{ code: 'AGE_CHECK_REQUIRED' }] });
    });

    it('is set aside by a manager with a reason, for this one move, with rule and facts in the audit', async () => {
      const sku = await shop.ruled({ restricted: true });
      const order = await shop.picked(sku);
      expectStatus(await shop.tryMove(order, 'fulfill', OVERRIDE, shop.keys.fulfillment_specialist), 403);
      expectStatus(await shop.tryMove(order, 'fulfill', OVERRIDE, shop.keys.store_manager), 200);
      expect(await shop.auditOf(order, 'order.override')).toMatchObject([
        { note: 'licence seen on paper', after: { code: 'PERMISSION_REQUIRED', rule: 'restricted', skus: [sku] } },
      ]);
      expect(await blockedBy(order, 'ship', { carrier: 'manual' })).toMatchObject({ code: 'PERMISSION_REQUIRED' });
    });
  });
});

import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { expectStatus, move, placeOrder } from '../support/shop';

describe.each(DATABASES)('A booking that cannot be, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterAll(() => desk.close());

  const refused = async (order: Record<string, any>, body: Record<string, unknown> = {}) => {
    const answer = await desk.book(order, body);
    expect((await desk.read(order)).consignments).toEqual([]);
    expect(await desk.parcelOf(order.number)).toBeUndefined();
    const [field] = (answer.body.errors ?? []) as { path: string }[];
    return { status: answer.status, code: answer.body.code, path: field?.path };
  };

  it.each([
    ['no phone', { customer: { name: 'Rahima' } }, 'RECIPIENT_PHONE_MISSING', 'customer.phone'],
    [
      'a foreign phone',
      { customer: { name: 'R', phone: '+1 202 555 0100' } },
      'RECIPIENT_PHONE_INVALID',
      'customer.phone',
    ],
    [
      'a long name',
      { customer: { name: 'x'.repeat(101), phone: '01700000000' } },
      'RECIPIENT_NAME_TOO_LONG',
      'customer.name',
    ],
    ['a name of signs', { customer: { name: '{}', phone: '01700000000' } }, 'RECIPIENT_NAME_MISSING', 'customer.name'],
    [
      'a long address',
      { shippingAddress: { line1: 'x'.repeat(250), line2: 'y'.repeat(250), city: 'Dhaka', country: 'BD' } },
      'ADDRESS_TOO_LONG',
      'shippingAddress.line1',
    ],
    [
      'an address abroad',
      { shippingAddress: { line1: 'x', city: 'Kolkata', country: 'IN' } },
      'ADDRESS_NOT_SERVICEABLE',
      'shippingAddress.country',
    ],
    ['half a taka', { shippingMinor: 50 }, 'COD_NOT_WHOLE', 'balanceDueMinor'],
    [
      'more than a rider may carry',
      { lines: [{ sku: 'TEA-01', quantity: 1, unitPriceMinor: 100_000_100 }] },
      'COD_TOO_LARGE',
      'balanceDueMinor',
    ],
  ])('for want of what the courier takes: %s', async (_name, overrides, code, path) => {
    expect(await refused(await desk.inWork(overrides))).toEqual({ status: 422, code, path });
  });

  it('for an unknown courier, a misspelled field, or a reference the courier does not take', async () => {
    const order = await desk.inWork();
    expect(await refused(order, { courier: 'pathao' })).toEqual({
      status: 422,
      code: 'COURIER_UNKNOWN',
      path: 'courier',
    });
    expect(await refused(order, { curier: 'x' })).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await refused(order, { reference: 'no good' })).toMatchObject({ path: 'reference' });
    expect(await refused(order, { note: 'x'.repeat(481) })).toMatchObject({ path: 'note' });
    expect(await refused(order, { ship: 'yes' })).toMatchObject({ path: 'ship' });
  });

  it('before the order is in work, and after it has ended', async () => {
    const order = await placeOrder(desk.app, { paymentMethod: 'cod' });
    expect(await refused(order)).toMatchObject({ status: 409, code: 'ORDER_NOT_BOOKABLE' });
    await move(desk.app, order.id, 'confirm');
    expect(await refused(order)).toMatchObject({ status: 409, code: 'ORDER_NOT_BOOKABLE' });
    await move(desk.app, order.id, 'cancel', { reason: 'operational' });
    expect(await refused(order)).toMatchObject({ status: 409, code: 'ORDER_NOT_BOOKABLE' });
  });

  it('while the order is on hold, or when the customer fetches it', async () => {
    const held = await desk.inWork();
    expectStatus(await desk.app.post(`/orders/${held.id}/holds`, { reason: 'fraud', note: 'ask first' }), 201);
    expect(await refused(held)).toMatchObject({ status: 409, code: 'ORDER_ON_HOLD' });
    const fetched = await desk.inWork({ fulfillmentMethod: 'pickup', paymentMethod: 'cash' });
    expect(await refused(fetched)).toMatchObject({ status: 409, code: 'ORDER_NOT_FOR_DELIVERY' });
  });

  it('with shipping, while the order is not ready to leave', async () => {
    const order = await desk.inWork();
    expect(await refused(order, { ship: true })).toMatchObject({ status: 409, code: 'MOVE_NOT_ALLOWED' });
  });

  it('by somebody who may not, or who works elsewhere', async () => {
    const order = await desk.inWork();
    const path = `/orders/${order.id}/consignments`;
    const cashier = await desk.app.keyFor('cashier', ['main']);
    expect((await desk.app.post(path, { courier: 'steadfast' }, { apiKey: cashier })).body.code).toBe(
      'ROLE_NOT_ALLOWED',
    );
    await desk.app.post('/stores', { id: 'other', name: 'Other', currency: 'BDT', timezone: 'Asia/Dhaka' });
    const elsewhere = await desk.app.keyFor('store_manager', ['other']);
    expect((await desk.app.post(path, { courier: 'steadfast' }, { apiKey: elsewhere })).body.code).toBe(
      'STORE_NOT_ALLOWED',
    );
    const { body } = expectStatus(await desk.book(order), 201);
    expect((await desk.app.get(`/consignments/${body.id}`, { apiKey: elsewhere })).body.code).toBe('STORE_NOT_ALLOWED');
    expect((await desk.app.get('/consignments', { apiKey: elsewhere })).body.items).toEqual([]);
    expect((await desk.app.get(`/consignments/${body.id}`, { apiKey: cashier })).status).toBe(200);
    const sync = await desk.app.post(`/consignments/${body.id}/sync`, {}, { apiKey: cashier });
    expect(sync.body.code).toBe('ROLE_NOT_ALLOWED');
    expect((await desk.sync('nobody')).body.code).toBe('CONSIGNMENT_NOT_FOUND');
    expect((await desk.app.get('/consignments?after=broken')).body.code).toBe('CURSOR_INVALID');
  });

  it('two stores with one number have two references at the courier', async () => {
    const order = await desk.inWork({ storeId: 'main' });
    await desk.book(order);
    const second = { sku: 'TEA-02', name: 'Tea', priceMinor: 50_000, costMinor: 1, weightGrams: 1, storeId: 'other' };
    expectStatus(await desk.app.post('/products', second), 201);
    const lines = [{ sku: 'TEA-02', quantity: 5, unitCostMinor: 1 }];
    expectStatus(await desk.app.post('/inventory/receipts', { storeId: 'other', lines, reference: 'PO-9' }), 201);
    const twin = await desk.inWork({
      storeId: 'other',
      number: order.number,
      lines: [{ sku: 'TEA-02', quantity: 1, unitPriceMinor: 50_000 }],
    });
    expect(expectStatus(await desk.book(twin), 201).body.reference).toBe(`${order.number}-2`);
  });
});

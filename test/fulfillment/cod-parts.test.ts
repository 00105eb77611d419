import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, leftByOrder, move } from '../support/shop';

type Json = Record<string, any>;

/** Three units at 500.00 and 60.00 for delivery. */
const LINES = [{ sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000 }];
const ACCOUNTS = { receivable: '1100', clearing: '1200', refunds: '2100' };
const OVERRIDES = [{ guard: 'cod', reason: 'nobody answers at the hub' }];

describe.each(DATABASES)('What riders collect of an order that comes in parts, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const left = ({ id }: Json): Promise<Json> => leftByOrder(desk.app, id, ACCOUNTS);
  const prepare = async (order: Json, quantity: number): Promise<void> => {
    const path = `/orders/${order.id}/items/${order.lines[0].id}/status`;
    expectStatus(await desk.app.put(path, { status: 'prepared', quantity }), 200);
  };
  const view = async ({ id }: Json): Promise<Json> => expectStatus(await desk.app.get(`/consignments/${id}`), 200).body;
  const confirm = ({ id }: Json, codAmountMinor: number) =>
    desk.app.post(`/consignments/${id}/cod_amount`, { codAmountMinor });
  const says = async (order: Json, parcel: Json, status: string): Promise<Json> => {
    await desk.says(parcel.reference, status);
    expectStatus(await desk.sync(parcel.id), 200);
    await desk.app.settled();
    return desk.read(order);
  };
  const receive = async (order: Json): Promise<void> => {
    const lines = [{ sku: 'TEA-01', quantity: 1, unitCostMinor: 20_000 }];
    expectStatus(await desk.app.post('/inventory/receipts', { lines, reference: `PO-${order.number}` }), 201);
    await desk.app.settled();
  };
  const shortOf = async (prepared: number, wanted: Json[] = LINES): Promise<Json> => {
    const order = await desk.inWork({ lines: wanted, shippingMinor: 6000 });
    await prepare(order, prepared);
    const lines = [{ id: order.lines[0].id, handling: 'backorder' }];
    await move(desk.app, order.id, 'partially_fulfill', { reason: 'short', lines });
    return order;
  };
  const book = async (order: Json, more: Json = {}): Promise<Json> => {
    const parcel = expectStatus(await desk.book(order, more), 201).body;
    await desk.app.settled();
    return parcel;
  };
  const restReady = async (order: Json): Promise<void> => {
    await receive(order);
    await move(desk.app, order.id, 'resume', { reason: 'goods came' });
    await prepare(order, 3);
    await move(desk.app, order.id, 'fulfill');
  };

  it('goods that come in while the first part waits to leave are paid when they come', async () => {
    const order = await shortOf(2);
    const first = await book(order);
    await receive(order);
    expect(await view(first)).toMatchObject({ codAmountMinor: 106_000, codDueMinor: 106_000, problem: null });
    expect((await move(desk.app, order.id, 'ship')).status).toBe('partially_fulfilled');
    expect(await view(first)).toMatchObject({ codDueMinor: 106_000, problem: null });
    await says(order, first, 'delivered');
    expect(await left(order)).toEqual({ receivable: 50_000, clearing: 106_000, refunds: 0 });
  });

  it.each([
    ['before', 50_000],
    ['after', 56_000],
  ])('a refused part is not charged to the next one, booked %s', async (when, told) => {
    const order = await shortOf(2);
    const first = await book(order, { ship: true });
    await restReady(order);
    const before = when === 'before' ? await book(order) : undefined;
    await says(order, first, 'cancelled');
    const second = before ?? (await book(order));
    expect(await view(second)).toMatchObject({ codAmountMinor: told, codDueMinor: told });
    await move(desk.app, order.id, 'ship');
    await says(order, second, 'delivered');
    expect((await view(second)).problem).toBeNull();
    expect(await left(order)).toEqual({ receivable: 156_000 - told, clearing: told, refunds: 0 });
  });

  it('too much taken for a part is what the next rider collects less, and nothing to refund', async () => {
    const order = await desk.inWork({ lines: LINES, shippingMinor: 6000 });
    await prepare(order, 1);
    const wait = { lines: [{ id: order.lines[0].id, quantity: 1 }], reason: 'not there' };
    expectStatus(await desk.app.post(`/orders/${order.id}/backorders`, wait), 201);
    const first = await book(order);
    expect(first.codAmountMinor).toBe(106_000);
    const lines = [{ id: order.lines[0].id, handling: 'backorder' }];
    await move(desk.app, order.id, 'partially_fulfill', { reason: 'short', lines });
    await move(desk.app, order.id, 'ship', { overrides: OVERRIDES });
    await says(order, first, 'delivered');
    expect(await left(order)).toEqual({ receivable: 50_000, clearing: 106_000, refunds: 0 });
    const { code, message } = (await view(first)).problem;
    expect(code).toBe('COD_DIFFERS');
    expect(message).toContain('BDT 500.00 too much');
    expect(message).toContain('whoever brings the rest collects that much less');
    expect(message).not.toContain('refund');
  });

  it('partly refused, as a person says first: what the rider was told beyond the books is named later', async () => {
    const order = await desk.ready({ lines: [{ ...LINES[0], quantity: 2 }], shippingMinor: 25_000 });
    const parcel = await book(order, { ship: true });
    const lines = [{ id: order.lines[0].id, quantity: 1 }];
    await move(desk.app, order.id, 'deliver', { lines });
    expect(await left(order)).toEqual({ receivable: 0, clearing: 75_000, refunds: 0 });
    expect((await view(parcel)).problem).toBeNull();
    await says(order, parcel, 'delivered');
    expect(await left(order)).toEqual({ receivable: 0, clearing: 75_000, refunds: 0 });
    const { code, message } = (await view(parcel)).problem;
    expect(code).toBe('COD_DIFFERS');
    expect(message).toContain('BDT 750.00 are in the order’s books');
    expect(message).toContain('BDT 500.00 more than the books say');
  });

  it('what a rider was told stands once its cash is in the books', async () => {
    const order = await desk.ready({ lines: [{ ...LINES[0], quantity: 2 }], shippingMinor: 25_000 });
    const parcel = await book(order, { ship: true });
    const paid = { method: 'cash', amountMinor: 25_000, acceptDifference: true };
    expectStatus(await desk.app.post(`/orders/${order.id}/payments`, paid), 201);
    expect((await view(parcel)).problem.code).toBe('COD_AMOUNT_OUTDATED');
    await move(desk.app, order.id, 'deliver');
    expect((await view(parcel)).problem).toBeNull();
    expect(await confirm(parcel, 100_000)).toMatchObject({
      status: 409,
      body: { code: 'COD_AMOUNT_BOOKED', codToldMinor: 125_000, codBookedMinor: 125_000 },
    });
    expect(expectStatus(await confirm(parcel, 125_000), 200).body.changed).toBe(false);
    await says(order, parcel, 'delivered');
    expect(await view(parcel)).toMatchObject({ codAmountMinor: 125_000, problem: { code: 'COD_DIFFERS' } });
    expect(await left(order)).toEqual({ receivable: 0, clearing: 125_000, refunds: -25_000 });
  });

  it('a first part that a person called delivered is not collected for again', async () => {
    const order = await shortOf(2);
    const first = await book(order);
    await move(desk.app, order.id, 'await_handoff', { method: 'spot', spot: 'dock' });
    await move(desk.app, order.id, 'deliver');
    expect(await left(order)).toEqual({ receivable: 50_000, clearing: 106_000, refunds: 0 });
    expect(await view(first)).toMatchObject({ codDueMinor: 106_000, problem: null });
    await restReady(order);
    const second = await book(order, { ship: true });
    expect(second.codAmountMinor).toBe(50_000);
    await says(order, first, 'delivered');
    await move(desk.app, order.id, 'deliver');
    expect(await left(order)).toEqual({ receivable: 0, clearing: 156_000, refunds: 0 });
  });

  it('without a rider, only what came is paid: whoever brings the rest collects for that', async () => {
    const order = await shortOf(1, [{ ...LINES[0], quantity: 2 }]);
    await move(desk.app, order.id, 'await_handoff', { method: 'spot', spot: 'dock' });
    await move(desk.app, order.id, 'deliver');
    expect(await left(order)).toEqual({ receivable: 50_000, clearing: 56_000, refunds: 0 });
  });

  it('a parcel that was to leave at once leaves when the amount is put right', async () => {
    const order = await desk.ready({ lines: LINES, shippingMinor: 6000 });
    await desk.breaks({ kind: 'slow', delayMs: 500, times: 1 });
    const paid = { method: 'cash', amountMinor: 6000, acceptDifference: true };
    const [booked] = await Promise.all([
      desk.book(order, { ship: true }),
      new Promise((done) => setTimeout(done, 150)).then(() => desk.app.post(`/orders/${order.id}/payments`, paid)),
    ]);
    await desk.app.settled();
    const parcel = await view(booked.body);
    expect(parcel).toMatchObject({ codDueMinor: 150_000, problem: { code: 'COD_AMOUNT_OUTDATED' } });
    expect((await desk.read(order)).status).toBe('fulfilled');
    expectStatus(await confirm(parcel, 150_000), 200);
    await desk.app.settled();
    expect((await desk.read(order)).status).toBe('shipped');
    expect((await view(parcel)).problem).toBeNull();
  });
});

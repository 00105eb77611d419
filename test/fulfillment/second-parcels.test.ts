import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, pay, placeOrder } from '../support/shop';

type Json = Record<string, any>;

/** Three units, of which two are found at first: 1,000.00 for two, 500.00 for the third, 60.00 for delivery. */
const LINES = [{ sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000 }];

describe.each(DATABASES)('An order that leaves in two parts, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const entriesOf = async ({ id }: Json): Promise<Json[]> =>
    expectStatus(await desk.app.get(`/accounting/entries?orderId=${id}`), 200).body.items.reverse();
  const codOf = async (order: Json): Promise<number[]> =>
    (await entriesOf(order))
      .filter(({ event }) => event === 'cod_delivered')
      .flatMap(({ postings }) => (postings as Json[]).map(({ amountMinor }) => amountMinor as number));
  const prepare = async (order: Json, quantity: number): Promise<Json> => {
    const path = `/orders/${order.id}/items/${order.lines[0].id}/status`;
    return expectStatus(await desk.app.put(path, { status: 'prepared', quantity }), 200).body;
  };
  const paidInWork = async (overrides: Json): Promise<Json> => {
    const order = await placeOrder(desk.app, { paymentMethod: 'bkash', ...overrides });
    await pay(desk.app, order.id);
    return move(desk.app, order.id, 'process');
  };
  const counters = async (order: Json): Promise<Json> => {
    const { preparedQuantity, shippedQuantity, deliveredQuantity, backorderedQuantity } = (await desk.read(order))
      .lines[0];
    return { preparedQuantity, shippedQuantity, deliveredQuantity, backorderedQuantity };
  };

  /** Two of three are picked and on their way; the third waits for goods. */
  async function firstPartOut(overrides: Json = {}): Promise<{ order: Json; first: Json }> {
    const wanted = { lines: LINES, shippingMinor: 6000, ...overrides };
    const order = overrides.paymentMethod ? await paidInWork(wanted) : await desk.inWork(wanted);
    await prepare(order, 2);
    const lines = [{ id: order.lines[0].id, handling: 'backorder' }];
    await move(desk.app, order.id, 'partially_fulfill', { reason: 'short', lines });
    const first = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect((await desk.read(order)).status).toBe('partially_fulfilled');
    return { order, first };
  }

  async function secondPartReady(order: Json): Promise<void> {
    const lines = [{ sku: 'TEA-01', quantity: 1, unitCostMinor: 20_000 }];
    expectStatus(await desk.app.post('/inventory/receipts', { lines, reference: `PO-${order.number}` }), 201);
    await desk.app.settled();
    await move(desk.app, order.id, 'resume', { reason: 'goods came' });
    await prepare(order, 3);
    await move(desk.app, order.id, 'fulfill');
  }

  async function bothOut(overrides: Json = {}): Promise<{ order: Json; first: Json; second: Json }> {
    const { order, first } = await firstPartOut(overrides);
    await secondPartReady(order);
    const second = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    return { order, first, second };
  }

  async function says(order: Json, parcel: Json, status: string): Promise<Json> {
    await desk.says(parcel.reference, status);
    expectStatus(await desk.sync(parcel.id), 200);
    await desk.app.settled();
    return desk.read(order);
  }

  it('gives each part a parcel of its own, which collects what is due for what is in it', async () => {
    const { order, first, second } = await bothOut();
    expect(first).toMatchObject({ reference: order.number, codAmountMinor: 106_000 });
    expect(second).toMatchObject({ reference: `${order.number}-2`, codAmountMinor: 50_000 });
    expect(second.trackingCode).not.toBe(first.trackingCode);
    const { status, handover, consignments } = await desk.read(order);
    expect({ status, handover }).toMatchObject({
      status: 'shipped',
      handover: { trackingNumber: second.trackingCode },
    });
    expect(consignments).toHaveLength(2);
    expect((await desk.app.get(`/orders/${order.id}/explain`)).body).not.toMatchObject({
      openWork: expect.arrayContaining([expect.stringContaining('collect')]),
    });
  });

  it('is the same parcel when the same part is booked again, before and after it left', async () => {
    const { order, first } = await firstPartOut();
    expect(expectStatus(await desk.book(order), 200).body.id).toBe(first.id);
    await secondPartReady(order);
    const second = expectStatus(await desk.book(order), 201).body;
    expect(expectStatus(await desk.book(order), 200).body.id).toBe(second.id);
    expect(second.id).not.toBe(first.id);
  });

  it('leaves a first parcel’s amount alone while the second is booked and still here', async () => {
    const { order, first } = await firstPartOut();
    await secondPartReady(order);
    const second = expectStatus(await desk.book(order), 201).body;
    await desk.app.settled();
    const seen = (await desk.read(order)).consignments as Json[];
    expect(seen.map(({ codAmountMinor, codDueMinor, problem }) => [codAmountMinor, codDueMinor, problem])).toEqual([
      [106_000, 106_000, null],
      [50_000, 50_000, null],
    ]);
    await says(order, first, 'delivered');
    expect(await codOf(order)).toEqual([106_000]);
    await move(desk.app, order.id, 'ship');
    expect((await says(order, second, 'delivered')).status).toBe('delivered');
    expect(await codOf(order)).toEqual([106_000, 50_000]);
  });

  it('lets the second parcel make up for what changed after the first was booked', async () => {
    const { order, first } = await firstPartOut();
    const paid = { method: 'cash', amountMinor: 30_000, acceptDifference: true };
    expectStatus(await desk.app.post(`/orders/${order.id}/payments`, paid), 201);
    const problemOf = async ({ id }: Json) => (await desk.app.get(`/consignments/${id}`)).body.problem;
    expect((await problemOf(first)).message).toContain('BDT 760.00 is due');
    await secondPartReady(order);
    const second = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect(second).toMatchObject({ codAmountMinor: 20_000, problem: null });
    expect(await problemOf(first)).toBeNull();
    await says(order, first, 'delivered');
    expect(await says(order, second, 'delivered')).toMatchObject({ status: 'delivered', balanceDueMinor: 0 });
    expect(await codOf(order)).toEqual([106_000, 20_000]);
  });

  it('means by a run that is started again the parcel which that run booked', async () => {
    const order = await desk.inWork({ lines: LINES, shippingMinor: 6000 });
    await prepare(order, 2);
    const lines = [{ id: order.lines[0].id, handling: 'backorder' }];
    await move(desk.app, order.id, 'partially_fulfill', { reason: 'short', lines });
    const first = expectStatus(await desk.book(order, { ship: true, event: 'first-run' }), 201).body;
    await desk.app.settled();
    await secondPartReady(order);
    expect(expectStatus(await desk.book(order, { event: 'evt_first-run' }), 200).body.id).toBe(first.id);
  });

  it('books the first part as delivered while the rest is still here, and is delivered with the last', async () => {
    const { order, first } = await firstPartOut();
    const waiting = await says(order, first, 'delivered');
    expect(waiting).toMatchObject({ status: 'partially_fulfilled', balanceDueMinor: 50_000 });
    expect(await counters(order)).toMatchObject({ shippedQuantity: 2, deliveredQuantity: 2 });
    expect(await codOf(order)).toEqual([106_000]);
    await secondPartReady(order);
    const second = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect(await says(order, second, 'delivered')).toMatchObject({ status: 'delivered', balanceDueMinor: 0 });
    expect(await codOf(order)).toEqual([106_000, 50_000]);
    expect(await counters(order)).toMatchObject({ shippedQuantity: 3, deliveredQuantity: 3 });
  });

  it('is delivered when both have come, whichever came first', async () => {
    const { order, first, second } = await bothOut();
    expect((await says(order, second, 'delivered')).status).toBe('shipped');
    expect((await says(order, first, 'delivered')).status).toBe('delivered');
    expect(await codOf(order)).toEqual([50_000, 106_000]);
  });

  it('completes by itself once both have come of an order that is paid, and neither collects anything', async () => {
    const { order, first, second } = await bothOut({ paymentMethod: 'bkash' });
    expect([first.codAmountMinor, second.codAmountMinor]).toEqual([0, 0]);
    await says(order, first, 'delivered');
    expect((await says(order, second, 'delivered')).status).toBe('completed');
  });

  it('has a first part that came back among what is prepared, to be sent with the rest', async () => {
    const { order, first } = await firstPartOut();
    const onItsWay = await says(order, first, 'cancelled');
    expect(onItsWay.consignments[0].problem.code).toBe('PART_COMES_BACK');
    await says(order, first, 'returned');
    expect(await counters(order)).toMatchObject({ preparedQuantity: 2, shippedQuantity: 0 });
    await secondPartReady(order);
    const all = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect(all.codAmountMinor).toBe(156_000);
    expect((await says(order, all, 'delivered')).status).toBe('delivered');
  });

  it('delivers with a part that goes out once more what is in it, and no other part', async () => {
    const { order, first, second } = await bothOut();
    await says(order, first, 'cancelled');
    expect(await says(order, second, 'delivered')).toMatchObject({
      status: 'delivery_failed',
      balanceDueMinor: 106_000,
    });
    const again = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect(again).toMatchObject({ codAmountMinor: 106_000 });
    expect((await desk.parcelOf(again.reference))?.item_description).toContain('2 × ');
    expect(await says(order, again, 'delivered')).toMatchObject({ status: 'delivered', balanceDueMinor: 0 });
    expect(await counters(order)).toMatchObject({ shippedQuantity: 3, deliveredQuantity: 3 });
    expect(await codOf(order)).toEqual([50_000, 106_000]);
  });

  it('sends a part once more while the other is still under way, and is that parcel when asked again', async () => {
    const { order, first, second } = await bothOut();
    await says(order, first, 'cancelled');
    const again = expectStatus(await desk.book(order), 201).body;
    expect(again).toMatchObject({ codAmountMinor: 106_000 });
    expect([first.id, second.id]).not.toContain(again.id);
    expect(expectStatus(await desk.book(order, { ship: true }), 200).body.id).toBe(again.id);
    await desk.app.settled();
    expect((await says(order, again, 'delivered')).status).toBe('shipped');
    expect(await counters(order)).toMatchObject({ deliveredQuantity: 2 });
    expect((await says(order, second, 'delivered')).status).toBe('delivered');
    expect(await codOf(order)).toEqual([106_000, 50_000]);
  });

  it('is delivered by the one parcel in which both parts go out once more', async () => {
    const { order, first, second } = await bothOut();
    await says(order, first, 'cancelled');
    await says(order, second, 'cancelled');
    const all = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    expect(all).toMatchObject({ codAmountMinor: 156_000 });
    expect((await says(order, all, 'delivered')).status).toBe('delivered');
    expect(await counters(order)).toMatchObject({ deliveredQuantity: 3 });
    expect(await codOf(order)).toEqual([156_000]);
  });

  it('packs, labels and sends a part that came back as if it had never left', async () => {
    const store = (packing: string) => desk.app.call('PATCH', '/stores/main', { packing });
    expectStatus(await store('required'), 200);
    try {
      const order = await desk.inWork({ lines: LINES, shippingMinor: 6000 });
      await prepare(order, 2);
      const pack = () => desk.app.put(`/orders/${order.id}/package`, {});
      const first = expectStatus(await pack(), 201).body;
      const lines = [{ id: order.lines[0].id, handling: 'backorder' }];
      await move(desk.app, order.id, 'partially_fulfill', { reason: 'short', lines });
      const parcel = expectStatus(await desk.book(order, { ship: true }), 201).body;
      await desk.app.settled();
      await says(order, parcel, 'cancelled');
      const back = await says(order, parcel, 'returned');
      expect(back.packages).toMatchObject([{ id: first.id, status: 'void' }]);
      expect(back.lines[0]).toMatchObject({ preparedQuantity: 2, packedQuantity: 0, shippedQuantity: 0 });
      expect((await desk.book(order, { ship: true })).body.code).toBe('LINES_NOT_PACKED');
      const again = expectStatus(await pack(), 201).body;
      expect(again).toMatchObject({ number: 1, items: [{ quantity: 2 }] });
      const label = expectStatus(await desk.app.post(`/orders/${order.id}/labels`, {}), 201).body;
      expect(label).toMatchObject({ packageNumber: 1 });
      const second = expectStatus(await desk.book(order, { ship: true }), 201).body;
      await desk.app.settled();
      expect(second).toMatchObject({ codAmountMinor: 106_000 });
      expect(await says(order, second, 'delivered')).toMatchObject({
        status: 'partially_fulfilled',
        packages: [{ id: again.id, hasLeft: true }, { id: first.id }],
      });
      expect(await counters(order)).toMatchObject({ shippedQuantity: 2, deliveredQuantity: 2 });
    } finally {
      expectStatus(await store('optional'), 200);
    }
  });
});

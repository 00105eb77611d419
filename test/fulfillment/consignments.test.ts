import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, pay, placeOrder } from '../support/shop';

describe.each(DATABASES)('A consignment, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  it('is booked once the order is being prepared, and the courier gets what it needs and no more', async () => {
    const order = await desk.inWork({
      shippingMinor: 6000,
      customer: { name: 'Rahima <b>Akter</b>', phone: '+880 1700-000000' },
    });
    const { body } = expectStatus(await desk.book(order, { note: 'ring twice' }), 201);
    expect(body).toMatchObject({
      courier: 'steadfast',
      reference: order.number,
      status: 'in_review',
      codAmountMinor: 106_000,
      currency: 'BDT',
      problem: null,
    });
    expect(await desk.parcelOf(body.reference)).toMatchObject({
      consignment_id: Number(body.courierId),
      tracking_code: body.trackingCode,
      tracking_link: body.trackingUrl,
      recipient_name: 'Rahima b Akter /b',
      recipient_phone: '01700000000',
      recipient_address: 'House 12, Road 5, Dhaka 1209',
      recipient_email: null,
      cod_amount: 1060,
      note: 'ring twice',
    });
    const after = await desk.read(order);
    expect(after).toMatchObject({
      status: 'processing',
      handover: { carrier: 'steadfast', trackingNumber: body.trackingCode },
    });
    expect(after.consignments).toMatchObject([{ id: body.id, trackingCode: body.trackingCode }]);
  });

  it('is the same one when it is asked for again', async () => {
    const order = await desk.inWork();
    const first = expectStatus(await desk.book(order), 201).body;
    const again = expectStatus(await desk.book(order, { note: 'changed my mind' }), 200).body;
    expect(again.id).toBe(first.id);
    expect((await desk.parcels()).filter(({ invoice }) => invoice === order.number)).toHaveLength(1);
  });

  it('is one at the courier when twenty ask at once', async () => {
    const order = await desk.inWork();
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.book(order)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    expect((await desk.parcels()).filter(({ invoice }) => String(invoice).startsWith(order.number))).toHaveLength(1);
  });

  it('collects nothing for an order that is paid', async () => {
    const order = await placeOrder(desk.app);
    await pay(desk.app, order.id);
    await move(desk.app, order.id, 'process');
    expect(expectStatus(await desk.book(order), 201).body.codAmountMinor).toBe(0);
  });

  it('ships the order too when that is wanted, with nothing typed', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { ship: true }), 201);
    expect(await desk.read(order)).toMatchObject({
      status: 'shipped',
      handover: { carrier: 'steadfast', trackingNumber: body.trackingCode },
    });
    expect(expectStatus(await desk.book(order, { ship: true }), 200).body.id).toBe(body.id);
  });

  it('is shipped later without naming a carrier, or by asking again', async () => {
    const [one, other] = [await desk.ready(), await desk.ready()];
    await desk.book(one);
    expect(await move(desk.app, one.id, 'ship')).toMatchObject({ status: 'shipped' });
    await desk.book(other);
    expectStatus(await desk.book(other, { ship: true }), 200);
    expect((await desk.read(other)).status).toBe('shipped');
  });

  it('of the shop itself needs no courier', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { courier: 'manual', ship: true }), 201);
    expect(body).toMatchObject({ courier: 'manual', status: 'pending', trackingCode: null });
    await move(desk.app, order.id, 'deliver');
    await desk.app.settled();
    expect((await desk.app.get(`/consignments/${body.id}`)).body.status).toBe('delivered');
    expect((await desk.sync(body.id)).body).toMatchObject({ status: 'delivered', changed: false });
  });

  it('of the shop itself gives way to a courier, and a courier’s does not', async () => {
    const order = await desk.inWork();
    const own = (await desk.book(order, { courier: 'manual' })).body;
    const booked = expectStatus(await desk.book(order), 201).body;
    expect((await desk.app.get(`/consignments/${own.id}`)).body.status).toBe('cancelled');
    expect(await desk.book(order, { courier: 'manual' })).toMatchObject({
      status: 409,
      body: { code: 'CONSIGNMENT_EXISTS', consignmentId: booked.id },
    });
  });

  it('that is delivered delivers the order, and the courier holds the money', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order, { ship: true });
    const [clearing, receivable] = [await balanceOf(desk.app, '1200'), await balanceOf(desk.app, '1100')];
    await desk.says(body.reference, 'delivered');
    const synced = expectStatus(await desk.sync(body.id), 200).body;
    expect(synced).toMatchObject({ status: 'delivered', changed: true, problem: null });
    expect(await desk.read(order)).toMatchObject({
      status: 'delivered',
      paymentStatus: 'cod_collected',
      balanceDueMinor: 0,
    });
    expect((await balanceOf(desk.app, '1200')) - clearing).toBe(100_000);
    expect((await balanceOf(desk.app, '1100')) - receivable).toBe(-100_000);
    expect((await desk.sync(body.id)).body.changed).toBe(false);
    expect((await balanceOf(desk.app, '1200')) - clearing).toBe(100_000);
    expect(expectStatus(await desk.book(order, { ship: true }), 200).body.id).toBe(body.id);
    const paid = await desk.app.post(`/orders/${order.id}/payments`, { method: 'cod' });
    expect(paid.body.order.status).toBe('completed');
  });

  it('that comes back fails the delivery, and the order can be sent out again under a new reference', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order, { ship: true });
    await desk.says(body.reference, 'cancelled');
    expect((await desk.sync(body.id)).body).toMatchObject({ status: 'cancelled' });
    expect((await desk.read(order)).status).toBe('delivery_failed');
    await desk.says(body.reference, 'cancelled_return_received');
    expect((await desk.sync(body.id)).body.status).toBe('returned');
    const second = expectStatus(await desk.book(order, { ship: true }), 201).body;
    expect(second.reference).toBe(`${order.number}-2`);
    expect((await desk.read(order)).status).toBe('shipped');
  });

  it('moves nothing by a rider’s word, by stale words or by words nobody knows', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order, { ship: true });
    for (const word of ['pending', 'delivered_approval_pending', 'cancelled_approval_pending', 'unknown']) {
      await desk.says(body.reference, word);
      await desk.sync(body.id);
      expect((await desk.read(order)).status).toBe('shipped');
    }
    await desk.says(body.reference, 'delivered');
    await desk.sync(body.id);
    await desk.says(body.reference, 'pending');
    expect((await desk.sync(body.id)).body).toMatchObject({ status: 'delivered', problem: null });
    await desk.says(body.reference, 'cancelled');
    expect((await desk.sync(body.id)).body).toMatchObject({
      status: 'delivered',
      problem: { code: 'COURIER_CONTRADICTS' },
    });
    expect((await desk.read(order)).status).toBe('delivered');
  });

  it('of which only a part was taken goes to a person', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order, { ship: true });
    await desk.says(body.reference, 'partial_delivered');
    expect((await desk.sync(body.id)).body).toMatchObject({
      status: 'partially_delivered',
      problem: { code: 'COURIER_PARTIALLY_DELIVERED' },
    });
    expect((await desk.read(order)).status).toBe('shipped');
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork.join(' ')).toContain('only a part');
  });

  it('that arrived before anybody shipped the order waits for that, and is then taken in', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order);
    await desk.says(body.reference, 'delivered');
    expect((await desk.sync(body.id)).body.problem.code).toBe('ORDER_NOT_SHIPPED');
    expect((await desk.read(order)).status).toBe('fulfilled');
    await move(desk.app, order.id, 'ship');
    await desk.app.settled();
    expect((await desk.read(order)).status).toBe('delivered');
  });

  it('of a cancelled order tells people to call the courier', async () => {
    const order = await desk.inWork();
    const { body } = await desk.book(order);
    await move(desk.app, order.id, 'cancel', { reason: 'operational' });
    await desk.app.settled();
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork.join(' ')).toContain('Call the courier');
    expect((await desk.app.get(`/consignments/${body.id}`)).body.problem.code).toBe('CALL_COURIER');
    await desk.says(body.reference, 'cancelled');
    expect((await desk.sync(body.id)).body).toMatchObject({ status: 'cancelled', problem: null });
  });

  it('of the shop itself ends with its order, and says so', async () => {
    const heard: string[] = [];
    desk.app.service.workroom.registry.on('consignment.status_changed', 'test.hears', (_job, { data }) => {
      heard.push((data.consignment as { status: string }).status);
      return Promise.resolve();
    });
    const order = await desk.inWork();
    const { body } = await desk.book(order, { courier: 'manual' });
    await move(desk.app, order.id, 'cancel', { reason: 'operational' });
    await desk.app.settled();
    expect((await desk.app.get(`/consignments/${body.id}`)).body).toMatchObject({ status: 'cancelled', problem: null });
    expect(heard).toContain('cancelled');
  });

  it('tells people of what changed after it was booked', async () => {
    const order = await desk.inWork();
    await desk.book(order);
    const shippingAddress = { line1: 'House 1', city: 'Sylhet', country: 'BD' };
    expectStatus(await desk.app.put(`/orders/${order.id}`, { shippingAddress }), 200);
    await desk.app.post(`/orders/${order.id}/payments`, { method: 'cash' });
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork.join(' ')).toMatch(/to collect BDT 1,000.00 .* BDT 0.00 is due/);
    expect(openWork.join(' ')).toContain('address was changed');
  });

  it('whose news is due is asked for, in a sweep', async () => {
    const order = await desk.ready();
    const { body } = await desk.book(order, { ship: true });
    await desk.says(body.reference, 'delivered');
    await desk.app.service.workroom
      .jobContext('test')
      .transaction((ctx) =>
        ctx.execute('UPDATE consignments SET next_at = :now WHERE id = :id', { now: ctx.now, id: body.id }),
      );
    await desk.runSweep('shipping.poll');
    await desk.app.settled();
    expect((await desk.read(order)).status).toBe('delivered');
  });

  it('is listed by status, page by page', async () => {
    const { body: first } = await desk.app.get('/consignments?limit=2');
    expect(first.items).toHaveLength(2);
    const { body: second } = await desk.app.get(`/consignments?limit=2&after=${first.nextCursor}`);
    expect(second.items[0].id < first.items[1].id).toBe(true);
    const { body } = await desk.app.get('/consignments?status=delivered,returned');
    expect(new Set(body.items.map((one: { status: string }) => one.status))).toEqual(
      new Set(['delivered', 'returned']),
    );
    expect((await desk.app.get('/consignments?status=gone')).body.code).toBe('VALIDATION_FAILED');
  });

  it('can be previewed without a trace', async () => {
    const order = await desk.inWork();
    const { body } = expectStatus(
      await desk.app.post(`/orders/${order.id}/consignments?dryRun=true`, { courier: 'steadfast' }),
      200,
    );
    expect(body).toMatchObject({
      dryRun: true,
      codAmountMinor: 100_000,
      effects: { messages: [{ to: 'Steadfast', reference: order.number }] },
    });
    expect(await desk.parcelOf(order.number)).toBeUndefined();
    expect((await desk.read(order)).consignments).toEqual([]);
  });
});

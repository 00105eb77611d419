import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BOOKING_WAITS_MS } from '../../server/shipping/booking.jobs';
import { MovableClock } from '../../server/platform/clock';
import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { eventually } from '../support/eventually';
import { expectIntegrity, expectStatus, move, prepareAll } from '../support/shop';

const TIMEOUT_MS = 700;

describe.each(DATABASES)('A booking that goes wrong, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind, { env: { STEADFAST_TIMEOUT_MS: String(TIMEOUT_MS) } });
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const parcelsOf = async (order: Record<string, any>) =>
    (await desk.parcels()).filter(({ invoice }) => String(invoice).startsWith(order.number));

  it('because the answer got lost is found again, not sent again', async () => {
    await desk.breaks({ kind: 'lost_reply' });
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { ship: true }), 201);
    const [parcel, ...more] = await parcelsOf(order);
    expect(more).toEqual([]);
    expect(body).toMatchObject({ attempts: 2, courierId: String(parcel?.consignment_id), trackingCode: null });
    // Steadfast tells a tracking code only to whoever makes the parcel, so its own number stands in.
    expect(await desk.read(order)).toMatchObject({ status: 'shipped', handover: { trackingNumber: body.courierId } });
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork.join(' ')).toContain('tracking code got lost');
  });

  it('because the courier is slow is found again when it has got there', async () => {
    await desk.breaks({ kind: 'slow', delayMs: TIMEOUT_MS * 3 });
    const order = await desk.inWork();
    expectStatus(await desk.book(order), 201);
    expect(await parcelsOf(order)).toHaveLength(1);
  });

  it('because the courier breaks down is tried again', async () => {
    await desk.breaks({ kind: 'error_500' });
    const order = await desk.inWork();
    expect(expectStatus(await desk.book(order), 201).body).toMatchObject({ attempts: 2, status: 'in_review' });
    expect(await parcelsOf(order)).toHaveLength(1);
  });

  it('because the courier refuses says why and what to mend, and goes through once it is mended', async () => {
    await desk.breaks({ kind: 'rejected' });
    const order = await desk.inWork();
    const key = `refused-${kind}`;
    const ask = () => desk.app.post(`/orders/${order.id}/consignments`, { courier: 'steadfast' }, { key });
    expect(await ask()).toMatchObject({
      status: 422,
      body: {
        code: 'COURIER_REJECTED',
        detail: expect.stringContaining('delivery area is not served'),
        errors: [{ path: 'shippingAddress.line1', message: 'The delivery area is not served.' }],
      },
    });
    expect((await desk.read(order)).consignments).toMatchObject([{ status: 'rejected' }]);
    expect(await parcelsOf(order)).toEqual([]);
    // A refusal is never remembered: the very same request is made anew.
    expect(expectStatus(await ask(), 201).body).toMatchObject({ reference: order.number, status: 'in_review' });
    expect(expectStatus(await ask(), 201).headers.get('idempotency-replayed')).toBe('true');
    expect(await parcelsOf(order)).toHaveLength(1);
  });

  it('because our keys are refused is not tried again, and says whose keys', async () => {
    await desk.breaks({ kind: 'unauthorised' });
    const order = await desk.inWork();
    const { status, body } = await desk.book(order);
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'COURIER_UNAUTHORISED' });
    expect(body.detail).toContain('STEADFAST_API_KEY');
    expectStatus(await desk.book(order), 201);
  });

  it('and is killed between the call and the record is found again', async () => {
    await desk.breaks();
    const order = await desk.inWork();
    const { body } = expectStatus(await desk.book(order), 201);
    // As the ledger stood when the process was killed: the courier has it, and nobody wrote that down.
    await desk.app.service.workroom.jobContext('test').transaction((ctx) =>
      ctx.execute(
        `UPDATE consignments SET status = 'booking', courier_id = NULL, tracking_code = NULL, booked_at = NULL,
           next_at = :past WHERE id = :id`,
        { id: body.id, past: '2000-01-01T00:00:00.000Z' },
      ),
    );
    await desk.runSweep('shipping.overdue_bookings');
    const after = await eventually('the booking', async () => {
      const { body: row } = await desk.app.get(`/consignments/${body.id}`);
      return row.status !== 'booking' && row;
    });
    // One more than it took: on a busy machine the first answer may come too late for the short time-out here.
    expect(after).toMatchObject({ status: 'in_review', courierId: body.courierId, attempts: body.attempts + 1 });
    expect(await parcelsOf(order)).toHaveLength(1);
  });

  it('while twenty ask and every answer gets lost is still one parcel', async () => {
    await desk.breaks({ kind: 'lost_reply', times: 5 });
    const order = await desk.inWork();
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.book(order)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await parcelsOf(order)).toHaveLength(1);
    await desk.breaks();
  });

  it('because the invoice is another parcel’s is left to a person, who may give a reference', async () => {
    const order = await desk.inWork();
    const keys = { 'api-key': 'sandbox-api-key', 'secret-key': 'sandbox-secret-key' };
    const foreign = {
      invoice: order.number,
      recipient_name: 'A',
      recipient_phone: '01900000000',
      recipient_address: 'B',
      cod_amount: 0,
    };
    await fetch(`${desk.app.url}/sandbox/steadfast/api/v1/create_order`, {
      method: 'POST',
      headers: { ...keys, 'content-type': 'application/json' },
      body: JSON.stringify(foreign),
    });
    expect(await desk.book(order)).toMatchObject({ status: 409, body: { code: 'REFERENCE_TAKEN' } });
    expect(expectStatus(await desk.book(order, { reference: `${order.number}-B` }), 201).body.reference).toBe(
      `${order.number}-B`,
    );
  });

  it('and whose parcel the courier no longer knows is a person’s to ask for', async () => {
    const order = await desk.inWork();
    const { body } = await desk.book(order);
    await desk.app.service.workroom
      .jobContext('test')
      .transaction((ctx) => ctx.execute(`UPDATE consignments SET courier_id = '1' WHERE id = :id`, { id: body.id }));
    expect(expectStatus(await desk.sync(body.id), 200).body.problem.code).toBe('COURIER_LOST_SIGHT');
  });
});

describe.each(DATABASES)('A booking nobody can tell the end of, on %s', (kind) => {
  let desk: CourierDesk;
  const clock = new MovableClock();

  beforeAll(async () => {
    desk = await openDesk(kind, { clock });
  });
  afterAll(() => desk.close());

  /** Until so many attempts were made and written down. */
  const wait = (order: Record<string, any>, attempts: number) =>
    eventually(`attempt ${attempts}`, async () => {
      const [row] = (await desk.read(order)).consignments;
      if (row?.attempts !== attempts) return false;
      await desk.app.settled();
      return true;
    });

  it('answers that it is being booked, with the address to ask again, and ships when it is', async () => {
    await desk.breaks({ kind: 'error_500' });
    const order = await desk.ready();
    const ask = () =>
      desk.app.post(`/orders/${order.id}/consignments`, { courier: 'steadfast', ship: true }, { key: `slow-${kind}` });
    const first = expectStatus(await ask(), 202);
    expect(first.body.status).toBe('booking');
    expect(first.headers.get('location')).toBe(`/api/v1/consignments/${first.body.id}`);
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork.join(' ')).toContain('is being asked to take parcel');
    clock.advance(2000);
    await wait(order, 2);
    expect(expectStatus(await ask(), 201).body).toMatchObject({ id: first.body.id, status: 'in_review' });
    expect((await desk.read(order)).status).toBe('shipped');
    expect(await desk.parcels()).toHaveLength(1);
  });

  it('goes to a person in the end, and is looked for when it is asked for again', async () => {
    const events: string[] = [];
    desk.app.service.workroom.registry.on('consignment.*', 'test.hears', (_job, { topic }) => {
      events.push(topic);
      return Promise.resolve();
    });
    await desk.breaks({ kind: 'error_500', times: 1000 });
    const order = await desk.inWork();
    const asked = desk.book(order);
    await wait(order, 1);
    for (const [n, waitMs] of BOOKING_WAITS_MS.entries()) {
      clock.advance(waitMs + 1000);
      await wait(order, n + 2);
    }
    const { body } = expectStatus(await asked, 202);
    await desk.app.settled();
    const unclear = (await desk.app.get(`/consignments/${body.id}`)).body;
    expect(unclear).toMatchObject({ status: 'unclear', attempts: 7, problem: { code: 'COURIER_UNCLEAR' } });
    expect(events).toContain('consignment.exception');
    const { openWork } = (await desk.app.get(`/orders/${order.id}/explain`)).body;
    expect(openWork[0]).toContain('Nobody knows whether steadfast took the parcel');
    await desk.breaks();
    expect(expectStatus(await desk.book(order), 200).body).toMatchObject({ id: body.id, status: 'in_review' });
    expect((await desk.parcels()).filter(({ invoice }) => invoice === order.number)).toHaveLength(1);
  });

  it('of an order that is cancelled before anything was sent leaves nothing behind', async () => {
    const order = await desk.inWork();
    await desk.app.service.relay.stop();
    const asked = desk.book(order);
    const [row] = await eventually('the consignment', async () => {
      const rows = (await desk.read(order)).consignments;
      return rows.length > 0 && rows;
    });
    await move(desk.app, order.id, 'cancel', { reason: 'operational' });
    // The cancellation is heard before the booking is tried, as it may be with several relays.
    const job = desk.app.service.workroom.jobContext('test');
    const { subscriptions } = desk.app.service.workroom.registry;
    const ends = subscriptions.find(({ name }) => name === 'fulfillment.end_consignments_order.cancelled')!;
    const event = { id: 'e', occurredAt: clock.now(), topic: 'order.cancelled', storeId: 'main', orderId: order.id };
    await ends.handle(job, { ...event, data: {} });
    desk.app.service.relay.start();
    expect(await asked).toMatchObject({ status: 409, body: { code: 'CONSIGNMENT_WITHDRAWN' } });
    await desk.app.settled();
    expect((await desk.app.get(`/consignments/${row.id}`)).body).toMatchObject({ status: 'cancelled', attempts: 0 });
    expect(await desk.parcelOf(order.number)).toBeUndefined();
  });
});

describe('A courier that is not set up', () => {
  it('is refused before anything is written', async () => {
    const desk = await openDesk('sqlite', { env: { STEADFAST_API_KEY: 'only-half' } });
    const order = await desk.inWork();
    expect(await desk.book(order)).toMatchObject({ status: 503, body: { code: 'COURIER_NOT_CONFIGURED' } });
    expect((await desk.read(order)).consignments).toEqual([]);
    await prepareAll(desk.app, order);
    await move(desk.app, order.id, 'fulfill');
    expectStatus(await desk.book(order, { courier: 'manual', ship: true }), 201);
    await desk.close();
  });
});

describe('A courier that goes down', () => {
  it('is said to be down when it is asked for news, and nothing of the order is guessed', async () => {
    let isDown = false;
    const consignment = { consignment_id: 7, tracking_code: 'A1B2C3D4', status: 'pending' };
    const courier = createServer((_request, response) => {
      response.writeHead(isDown ? 500 : 200).end(JSON.stringify({ status: 200, consignment }));
    });
    await new Promise<void>((ready) => courier.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(courier.address() as AddressInfo).port}/`;
    const env = { STEADFAST_BASE_URL: url, STEADFAST_API_KEY: 'a', STEADFAST_SECRET_KEY: 'b' };
    const desk = await openDesk('sqlite', { env });
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { ship: true }), 201);
    expect(body).toMatchObject({ courierId: '7', status: 'pending', trackingUrl: null });
    isDown = true;
    expect(await desk.sync(body.id)).toMatchObject({ status: 503, body: { code: 'COURIER_UNAVAILABLE' } });
    expect((await desk.read(order)).status).toBe('shipped');
    await desk.close();
    courier.closeAllConnections();
    courier.close();
  });
});

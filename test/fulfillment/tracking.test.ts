import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { type Answer } from '../support/app';
import { expectIntegrity, expectStatus, move, placeOrder } from '../support/shop';

type Json = Record<string, any>;

const RIDERS = { carrier: 'city riders', trackingNumber: 'CR-77', trackingUrl: 'https://riders.example/CR-77' };

describe.each(DATABASES)('The tracking of an order, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const track = (order: Json, body: Json = {}, options = {}): Promise<Answer> =>
    desk.app.put(`/orders/${order.id}/tracking`, body, options);
  const handoverOf = async (order: Json): Promise<Json> => (await desk.read(order)).handover as Json;
  const historyOf = async (order: Json): Promise<Json[]> => {
    const { items } = (await desk.app.get(`/orders/${order.id}/history`)).body;
    return (items as Json[]).filter(({ action }) => action === 'order.update_tracking');
  };
  /** Events of it that were told, each once however many listen. */
  const told = (order: Json): Promise<unknown[]> => {
    const reader = desk.app.service.workroom.reader(desk.app.service.workroom.systemCaller('test'));
    return reader.select(
      `SELECT DISTINCT event_id FROM outbox WHERE order_id = :id AND topic = 'order.tracking_updated'`,
      { id: order.id },
    );
  };

  it('is what the courier says who has the parcel, and asking changes nothing', async () => {
    const order = await desk.ready();
    const parcel = expectStatus(await desk.book(order), 201).body;
    const { version } = await desk.read(order);
    const { body } = expectStatus(await track(order), 200);
    expect(body).toMatchObject({
      ...{ changed: false, source: 'courier', consignmentId: parcel.id, carrier: 'steadfast' },
      ...{ trackingNumber: parcel.trackingCode, trackingUrl: parcel.trackingUrl },
      order: { id: order.id, number: order.number, status: 'fulfilled', version },
    });
    const same = { carrier: 'Steadfast', trackingNumber: parcel.trackingCode, trackingUrl: parcel.trackingUrl };
    expect(expectStatus(await track(order, same), 200).body.changed).toBe(false);
    expect(await desk.read(order)).toMatchObject({ version });
    expect(await historyOf(order)).toEqual([]);
  });

  it('takes the courier’s in the place of what was typed when the order was shipped', async () => {
    const order = await desk.ready();
    const parcel = expectStatus(await desk.book(order), 201).body;
    await move(desk.app, order.id, 'ship', { trackingNumber: 'typed-wrong' });
    expect((await handoverOf(order)).trackingNumber).toBe('typed-wrong');
    expect(expectStatus(await track(order), 200).body.changed).toBe(true);
    expect(await handoverOf(order)).toEqual({ carrier: 'steadfast', trackingNumber: parcel.trackingCode });
    expect(await historyOf(order)).toMatchObject([
      { before: { trackingNumber: 'typed-wrong' }, after: { trackingNumber: parcel.trackingCode } },
    ]);
  });

  it.each([
    ['carrier', { carrier: 'city riders' }],
    ['trackingNumber', { trackingNumber: 'CR-77' }],
    ['trackingUrl', { trackingUrl: 'https://riders.example/CR-77' }],
  ])('does not say anything else than the courier who has the parcel: %s', async (path, given) => {
    const order = await desk.ready();
    const parcel = expectStatus(await desk.book(order, { ship: true }), 201).body;
    const before = await desk.read(order);
    const { body } = expectStatus(await track(order, given), 409);
    expect(body).toMatchObject({
      code: 'TRACKING_OF_COURIER',
      detail: expect.stringContaining('Leave carrier, trackingNumber and trackingUrl out'),
      errors: [{ path, code: 'TRACKING_OF_COURIER' }],
      consignmentId: parcel.id,
      trackingNumber: parcel.trackingCode,
    });
    expect(await desk.read(order)).toMatchObject({ version: before.version, handover: before.handover });
  });

  it('may be given once the courier has given the parcel back', async () => {
    const order = await desk.ready();
    const parcel = expectStatus(await desk.book(order), 201).body;
    await desk.says(order.number, 'cancelled');
    await desk.sync(parcel.id);
    await desk.app.settled();
    expectStatus(await track(order, RIDERS), 200);
    expect(await handoverOf(order)).toEqual(RIDERS);
    const next = expectStatus(await desk.book(order), 201).body;
    expect(await handoverOf(order)).toEqual({ carrier: 'steadfast', trackingNumber: next.trackingCode });
  });

  it('is given where no courier is booked, and is corrected after the order left, each time from what to what', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await track(order, { trackingNumber: 'CR-7' }), 200);
    expect(body).toMatchObject({ changed: true, source: 'given', carrier: 'manual', consignmentId: null });
    expect(expectStatus(await track(order, { trackingNumber: 'CR-7' }), 200).body.changed).toBe(false);
    expect(await move(desk.app, order.id, 'ship')).toMatchObject({ handover: { trackingNumber: 'CR-7' } });
    const { version } = await desk.read(order);
    expect(expectStatus(await track(order, RIDERS), 200).body).toMatchObject({
      order: { status: 'shipped', version: version + 1 },
      ...RIDERS,
    });
    expect(await desk.read(order)).toMatchObject({ status: 'shipped', version: version + 1, handover: RIDERS });
    expect(await historyOf(order)).toMatchObject([
      { before: {}, after: { carrier: 'manual', trackingNumber: 'CR-7' } },
      { before: { carrier: 'manual', trackingNumber: 'CR-7' }, after: RIDERS },
    ]);
    expect(await told(order)).toHaveLength(2);
  });

  it('writes to nobody; the customer’s next message shows carrier, number and page', async () => {
    const order = await desk.ready();
    await move(desk.app, order.id, 'ship', { carrier: 'manual' });
    const mails = async (): Promise<Json[]> => {
      await desk.app.settled();
      const { items } = (await (await fetch(`${desk.app.url}/mailbox.json`)).json()) as { items: Json[] };
      return items.filter(({ subject }) => String(subject).includes(order.number));
    };
    expectStatus(await track(order, RIDERS), 200);
    expect(await mails()).toEqual([]);
    expectStatus(await desk.app.post('/notifications/customer', { orderId: order.id, message: 'shipped' }), 201);
    const [mail] = await mails();
    const { text } = (await (await fetch(`${desk.app.url}/mailbox/${mail?.id}.json`)).json()) as { text: string };
    for (const shown of ['Carried by: City riders', 'CR-77', RIDERS.trackingUrl]) expect(text).toContain(shown);
  });

  it('keeps the page of a number only as long as the number', async () => {
    const order = await desk.ready();
    await track(order, RIDERS);
    expectStatus(await track(order, { trackingNumber: 'CR-78' }), 200);
    expect(await handoverOf(order)).toEqual({ carrier: 'city riders', trackingNumber: 'CR-78' });
    await track(order, { trackingUrl: 'https://riders.example/CR-78' });
    await move(desk.app, order.id, 'ship', { trackingNumber: 'CR-79' });
    expect(await handoverOf(order)).toEqual({ carrier: 'city riders', trackingNumber: 'CR-79' });
  });

  it('of a parcel that we carry ourselves outlives the news of that parcel, and the shipping of it', async () => {
    const [order, alone] = [await desk.ready(), await desk.ready()];
    expectStatus(await desk.book(order, { courier: 'manual' }), 201);
    await desk.app.settled();
    expect(expectStatus(await track(order), 200).body).toMatchObject({ changed: false, carrier: 'manual' });
    expectStatus(await track(order, RIDERS), 200);
    await desk.app.settled();
    expectStatus(await desk.book(order, { courier: 'manual', ship: true }), 200);
    await desk.app.settled();
    expect(await desk.read(order)).toMatchObject({
      status: 'shipped',
      handover: RIDERS,
      consignments: [{ courier: 'manual', trackingCode: 'CR-77', trackingUrl: RIDERS.trackingUrl }],
    });
    expect(expectStatus(await track(order, { trackingNumber: 'CR-78' }), 200).body).toMatchObject({
      ...{ carrier: 'city riders', trackingNumber: 'CR-78', trackingUrl: null },
    });
    // Asked for before the parcel's own news was taken in.
    expectStatus(await desk.book(alone, { courier: 'manual' }), 201);
    await track(alone, RIDERS);
    await desk.app.settled();
    expect(await handoverOf(alone)).toEqual(RIDERS);
  });

  it('names what to give when there is nothing to take', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await track(order), 409);
    expect(body).toMatchObject({
      code: 'TRACKING_MISSING',
      detail: expect.stringContaining('give carrier and trackingNumber'),
      errors: [{ path: 'carrier' }, { path: 'trackingNumber' }],
    });
    expect(await handoverOf(order)).toEqual({});
  });

  it('waits for a courier that has not answered yet', async () => {
    const order = await desk.ready();
    await desk.breaks({ kind: 'error_500', times: 50 });
    const { body } = await desk.book(order);
    for (const given of [{}, RIDERS]) {
      const answer = expectStatus(await track(order, given), 409).body;
      expect(answer).toMatchObject({ code: 'BOOKING_UNDER_WAY', consignmentId: body.id ?? expect.any(String) });
    }
    await desk.breaks();
    expect(await handoverOf(order)).toEqual({});
  });

  it('takes in the code that got lost with the courier’s answer and that somebody looked up', async () => {
    const order = await desk.ready();
    await desk.breaks({ kind: 'lost_reply' });
    expect(expectStatus(await desk.book(order), 201).body.trackingCode).toBeNull();
    const explained = async () => JSON.stringify((await desk.app.get(`/orders/${order.id}/explain`)).body.openWork);
    expect(await explained()).toContain('its tracking code got lost');
    const found = expectStatus(await track(order, { trackingNumber: 'AB12CD34' }), 200).body;
    expect(found).toMatchObject({ changed: true, source: 'given', carrier: 'steadfast', trackingNumber: 'AB12CD34' });
    expect(await explained()).not.toContain('got lost');
    expect((await desk.read(order)).handover).toEqual({ carrier: 'steadfast', trackingNumber: 'AB12CD34' });
  });

  it('lets people correct the code and the page they gave for a parcel, until its courier has said one', async () => {
    const order = await desk.ready();
    await desk.breaks({ kind: 'lost_reply' });
    expectStatus(await desk.book(order), 201);
    const page = (code: string): string => `https://riders.example/${code}`;
    await track(order, { trackingNumber: 'AB12CD43', trackingUrl: page('AB12CD43') });
    const right = { trackingNumber: 'AB12CD34' };
    expect(expectStatus(await track(order, right), 200).body).toMatchObject({ ...right, trackingUrl: null });
    for (const trackingUrl of [page('AB12'), page('AB12CD34')]) {
      expect(expectStatus(await track(order, { trackingUrl }), 200).body).toMatchObject({ ...right, trackingUrl });
    }
    expect(expectStatus(await track(order), 200).body.changed).toBe(false);
    expect(await desk.read(order)).toMatchObject({
      handover: { carrier: 'steadfast', ...right },
      consignments: [{ trackingCode: 'AB12CD34', trackingUrl: page('AB12CD34') }],
    });
    expect(expectStatus(await track(order, { carrier: 'riders' }), 409).body.code).toBe('TRACKING_OF_COURIER');
  });

  it('shows the host of a page for what it is', async () => {
    const order = await desk.ready();
    const given = { trackingNumber: 'CR-77', trackingUrl: 'HTTPS://münchen.example/CR-77' };
    const trackingUrl = 'https://xn--mnchen-3ya.example/CR-77';
    expect(expectStatus(await track(order, given), 200).body).toMatchObject({ trackingUrl });
    expect(await handoverOf(order)).toMatchObject({ trackingUrl });
  });

  it('is written from the confirmation until the order is delivered, and of nothing that is fetched', async () => {
    const pending = await placeOrder(desk.app, { paymentMethod: 'bkash' });
    expect(expectStatus(await track(pending, RIDERS), 409).body).toMatchObject({
      ...{ code: 'ORDER_NOT_TRACKABLE', orderStatus: 'pending' },
      detail: expect.stringContaining('Confirm it first'),
    });
    const gone = await desk.ready();
    await move(desk.app, gone.id, 'ship', { carrier: 'manual' });
    await move(desk.app, gone.id, 'deliver');
    expect(expectStatus(await track(gone, RIDERS), 409).body.code).toBe('ORDER_NOT_TRACKABLE');
    const fetched = await placeOrder(desk.app, { paymentMethod: 'cod', fulfillmentMethod: 'pickup' });
    expect(expectStatus(await track(fetched, RIDERS), 409).body.code).toBe('ORDER_NOT_FOR_DELIVERY');
    for (const { id } of [pending, gone, fetched]) expect((await handoverOf({ id })).trackingNumber).toBeUndefined();
  });

  it.each([
    ['carrier', { carrier: ' ' }],
    ['carrier', { carrier: 'x'.repeat(65) }],
    ['trackingNumber', { trackingNumber: 7 }],
    ['trackingNumber', { trackingNumber: 'x'.repeat(65) }],
    ['trackingUrl', { trackingUrl: 'javascript:alert(1)' }],
    ['trackingUrl', { trackingUrl: 'ftp://riders.example/1' }],
    ['trackingUrl', { trackingUrl: 'https://riders.example/a b' }],
    ['trackingUrl', { trackingUrl: 'https://steadfast.com.bd@evil.example/x' }],
    ['trackingUrl', { trackingUrl: 'https:///evil.example' }],
    ['trackingUrl', { trackingUrl: 'https://riders.example/\u202egpj.exe' }],
    ['trackingUrl', { trackingUrl: `https://riders.example/${'ü'.repeat(60)}` }],
    ['trackingUrl', { trackingUrl: 7 }],
    ['trackingUrl', { trackingUrl: `https://riders.example/${'x'.repeat(300)}` }],
    ['version', { version: 0, ...RIDERS }],
    ['tracking_number', { tracking_number: 'CR-77' }],
  ])('refuses a wrong %s and keeps nothing: %j', async (path, given: Json) => {
    const order = await desk.ready();
    const { body } = expectStatus(await track(order, given), 422);
    expect(body.errors).toMatchObject([{ path }]);
    expect(await handoverOf(order)).toEqual({});
  });

  it('is not written over what somebody has not seen, by those who may not, or in a preview', async () => {
    const order = await desk.ready();
    expect(expectStatus(await track(order, { ...RIDERS, version: 1 }), 409).body.code).toBe('VERSION_CONFLICT');
    for (const role of ['cashier', 'customer_service', 'reporting']) {
      const apiKey = await desk.app.keyFor(role);
      expect(expectStatus(await track(order, RIDERS, { apiKey }), 403).body.code).toBe('ROLE_NOT_ALLOWED');
    }
    const elsewhere = await desk.app.keyFor('fulfillment_specialist', ['other']);
    expectStatus(await track(order, RIDERS, { apiKey: elsewhere }), 403);
    expectStatus(await desk.app.put('/orders/number:none/tracking', RIDERS), 404);
    const preview = await desk.app.put(`/orders/${order.id}/tracking?dryRun=true`, RIDERS);
    expect(expectStatus(preview, 200).body).toMatchObject({ changed: true, ...RIDERS });
    expect(await handoverOf(order)).toEqual({});
    expect(await told(order)).toEqual([]);
    const apiKey = await desk.app.keyFor('fulfillment_specialist');
    expectStatus(await track({ id: `number:${order.number}` }, RIDERS, { apiKey }), 200);
    expect(await handoverOf(order)).toEqual(RIDERS);
  });

  it('is answered once for one key, and two who correct at once leave one of their words whole', async () => {
    const order = await desk.ready();
    const key = `tracking-${kind}`;
    const [first, again] = [await track(order, RIDERS, { key }), await track(order, RIDERS, { key })];
    expect(again.body).toEqual(first.body);
    const words = [1, 2, 3, 4].map((n) => ({ carrier: `riders ${n}`, trackingNumber: `N-${n}` }));
    const answers = await Promise.all(words.map((word) => track(order, word)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(words).toContainEqual(await handoverOf(order));
    expect(await historyOf(order)).toHaveLength(5);
  });
});

import { deliverPart, lockState } from '../../../server/orders';
import { departuresOf } from '../../../server/orders/departures';
import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, stockOf } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { type Body, CONSENT, lineFor, orderOf, pickSome, product, read, shortageOf } from './shortage-floor';

const REASON = 'not on the shelf';

describe.each(DATABASES)('What is missing of an order, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;

  beforeAll(async () => {
    book = await openOrders(kind);
    ({ app } = book);
  });
  afterEach(async () => {
    await app.settled();
    await expectIntegrity(app);
  });
  afterAll(() => book.close());

  const post = (order: Body, door: string, body: Body) =>
    app.post(`/orders/${order.id}/${door}`, { reason: REASON, ...body });
  const substitute = (order: Body, sku: string, body: Body = {}) =>
    post(order, 'substitutions', { lineId: order.lines[0].id, sku, pricePolicy: 'keep', consent: CONSENT, ...body });
  const outbox = async (order: Body, topic: string): Promise<Body[]> => {
    const reader = app.service.workroom.reader(app.service.workroom.systemCaller('test'));
    const rows = await reader.select<Body>('SELECT * FROM outbox WHERE order_id = :id AND topic = :topic', {
      id: order.id,
      topic,
    });
    return rows;
  };

  it('that waits gives its promise up, keeps the expected date and is told once', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 5)]);
    const expectedAt = new Date(Date.parse(book.clock.now()) + 86_400_000).toISOString();
    const [line] = order.lines;
    const answer = await post(order, 'backorders', { lines: [{ id: line.id, quantity: 2 }], expectedAt });
    expect(expectStatus(answer, 201).body).toMatchObject({
      resolution: 'backorder',
      lines: [{ lineId: line.id, resolution: 'backorder', quantity: 2, expectedAt, differenceMinor: 0 }],
    });
    expect(await read(app, order)).toMatchObject({
      status: 'processing',
      paymentStatus: 'paid',
      lines: [{ backorderedQuantity: 2, cancelledQuantity: 0 }],
      resolutions: [{ resolution: 'backorder', expectedAt, reason: REASON }],
    });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10, reserved: 3 });
    expect((await outbox(order, 'line.backordered')).length).toBeGreaterThan(0);
    expect(await shortageOf(app, order)).toMatchObject({
      missingUnits: 2,
      lines: [{ missingQuantity: 2, shortQuantity: 0, backorder: { position: 1, unitsAhead: 0, expectedAt } }],
    });
  });

  it('is served on receipt in the order of asking, and the rest of the queue goes on waiting', async () => {
    const sku = await product(app, 6);
    const orders: Body[] = [];
    for (let n = 0; n < 3; n += 1) orders.push(await orderOf(app, [lineFor(sku, 2)]));
    // The last to ask says first that it waits; age counts, not who was quick.
    for (const order of [...orders].reverse()) {
      expectStatus(await post(order, 'backorders', { lines: [{ id: order.lines[0].id }] }), 201);
    }
    expectStatus(await app.post('/inventory/adjustments', { lines: [{ sku, delta: -6, reason: 'count' }] }), 201);
    expect((await shortageOf(app, orders[2]!)).lines[0].backorder).toMatchObject({ position: 3, unitsAhead: 4 });
    const receive = async (quantity: number): Promise<number[]> => {
      await app.post('/inventory/receipts', { lines: [{ sku, quantity, unitCostMinor: 30_000 }] });
      await app.settled();
      return Promise.all(orders.map(async (order) => (await read(app, order)).lines[0].backorderedQuantity));
    };
    expect(await receive(3)).toEqual([0, 1, 2]);
    expect(await receive(1)).toEqual([0, 0, 2]);
    expect(await receive(5)).toEqual([0, 0, 0]);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 9, reserved: 6 });
    expect((await outbox(orders[1]!, 'line.back')).length).toBeGreaterThan(0);
  });

  it('that is replaced at the old price changes nothing on the bill', async () => {
    const [sku, other] = [await product(app, 10), await product(app, 10, { priceMinor: 70_000 })];
    const lines = [lineFor(sku, 3, { discountMinor: 10_000 }), lineFor(await product(app, 5), 1)];
    const order = await orderOf(app, lines, { shippingMinor: 6_000, taxMinor: 1_234 });
    const answer = expectStatus(await substitute(order, other, { quantity: 2 }), 201).body;
    expect(answer.lines).toMatchObject([
      { resolution: 'substitute', differenceMinor: 0, owedBackMinor: 0, consent: CONSENT },
    ]);
    const after = await read(app, order);
    expect(after).toMatchObject({
      ...{ totalMinor: order.totalMinor, balanceDueMinor: 0, refundsPayableMinor: 0, paymentStatus: 'paid' },
      lines: [
        { sku, quantity: 3, substitutedQuantity: 2 },
        {},
        { sku: other, quantity: 2, unitPriceMinor: 50_000, parentLineId: order.lines[0].id },
      ],
    });
    expect(after.lines[2].totalMinor).toBe(93_333);
    expect(await stockOf(app, sku)).toMatchObject({ reserved: 1 });
    expect(await stockOf(app, other)).toMatchObject({ reserved: 2 });
  });

  it.each([
    { policy: 'new', priceMinor: 30_000, difference: -22_000, unitPrice: 30_000 },
    { policy: 'lower', priceMinor: 30_000, difference: -22_000, unitPrice: 30_000 },
    { policy: 'lower', priceMinor: 80_000, difference: 0, unitPrice: 50_000 },
    { policy: 'new', priceMinor: 80_000, difference: 33_000, unitPrice: 80_000 },
  ])(
    'replaced by one of $priceMinor under "$policy" costs $difference more',
    async ({ policy, priceMinor, difference, unitPrice }) => {
      const [sku, other] = [await product(app, 10), await product(app, 10, { priceMinor })];
      const order = await orderOf(app, [lineFor(sku, 1)], { taxMinor: 5_000, shippingMinor: 6_000 });
      const before = {
        receivable: await balanceOf(app, '1100'),
        refunds: await balanceOf(app, '2100'),
        tax: await balanceOf(app, '2200'),
      };
      const consent = { ...CONSENT, upToMinor: 33_000 };
      const { lines } = expectStatus(await substitute(order, other, { pricePolicy: policy, consent }), 201).body;
      expect(lines[0]).toMatchObject({ differenceMinor: difference, owedBackMinor: Math.max(0, -difference) });
      const after = await read(app, order);
      expect(after).toMatchObject({
        balanceDueMinor: Math.max(0, difference),
        refundsPayableMinor: Math.max(0, -difference),
      });
      expect(after.lines[1].unitPriceMinor).toBe(unitPrice);
      expect(after.paymentStatus).toBe(difference > 0 ? 'partially_paid' : difference < 0 ? 'overpaid' : 'paid');
      expect((await balanceOf(app, '1100')) - before.receivable).toBe(Math.max(0, difference));
      expect((await balanceOf(app, '2100')) - before.refunds).toBe(Math.min(0, difference));
      // A tenth of the goods was tax, and still is.
      expect(before.tax - (await balanceOf(app, '2200'))).toBe(difference / 11);
      const total = expectStatus(await app.get(`/orders/${order.id}/total`), 200).body;
      const changes = total.changes.reduce((sum: number, { amountMinor }: Body) => sum + amountMinor, 0);
      expect(total.totalMinor + changes).toBe(order.totalMinor + difference);
    },
  );

  it('that is paid at the door and replaced by something dearer is collected with the rest', async () => {
    const [sku, other] = [await product(app, 10), await product(app, 10, { priceMinor: 60_000 })];
    const order = await orderOf(app, [lineFor(sku, 2)], { paymentMethod: 'cod' });
    expectStatus(
      await substitute(order, other, { pricePolicy: 'new', consent: { ...CONSENT, upToMinor: 20_000 } }),
      201,
    );
    for (const line of (await read(app, order)).lines.slice(1))
      expectStatus(await app.put(`/orders/${order.id}/items/${line.id}/status`, { status: 'prepared' }), 200);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    await move(app, order.id, 'deliver');
    expect(await read(app, order)).toMatchObject({ status: 'delivered', clearingMinor: 120_000, balanceDueMinor: 0 });
    expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
    expect(await read(app, order)).toMatchObject({ status: 'completed' });
  });

  it('that is taken off the bill is owed back with its share of the tax, and shipping stays', async () => {
    const [sku, other] = [await product(app, 10), await product(app, 10)];
    const order = await orderOf(app, [lineFor(sku, 4), lineFor(other, 1)], { taxMinor: 25_000, shippingMinor: 6_000 });
    const shown = (
      await app.post(`/orders/${order.id}/short_lines?dryRun=true`, {
        reason: REASON,
        lines: [{ id: order.lines[0].id, quantity: 3 }],
      })
    ).body;
    expect(shown.effects.postings).toHaveLength(2);
    expect((await read(app, order)).version).toBe(order.version);
    const answer = await post(order, 'short_lines', { lines: [{ id: order.lines[0].id, quantity: 3 }] });
    expect(expectStatus(answer, 201).body.lines).toMatchObject([{ differenceMinor: -165_000, owedBackMinor: 165_000 }]);
    expect(await read(app, order)).toMatchObject({
      status: 'processing',
      refundsPayableMinor: 165_000,
      lines: [{ cancelledQuantity: 3 }, {}],
    });
    const refund = expectStatus(await app.post(`/orders/${order.id}/refund`, {}), 201).body;
    expect(refund.amountMinor).toBe(165_000);
  });

  it('of which nothing is left cancels the order by itself, shipping and all', async () => {
    const [sku, other] = [await product(app, 10), await product(app, 10)];
    const order = await orderOf(app, [lineFor(sku, 1)], { taxMinor: 5_000, shippingMinor: 6_000 });
    expectStatus(await substitute(order, other), 201);
    const child = (await read(app, order)).lines[1];
    expectStatus(await post(order, 'short_lines', { lines: [{ id: child.id }] }), 201);
    expect(await read(app, order)).toMatchObject({
      status: 'cancelled',
      balanceDueMinor: 0,
      refundsPayableMinor: 61_000,
    });
    expect(await outbox(order, 'order.cancelled')).not.toHaveLength(0);
    expect(await stockOf(app, other)).toMatchObject({ reserved: 0 });
    await app.settled();
    const { cancellation } = await read(app, order);
    expect(cancellation).toMatchObject({ status: 'open', reason: 'inventory' });
    const statuses = cancellation.steps.map((step: Body) => [step.kind, step.status]);
    expect(statuses).toEqual(
      expect.arrayContaining([
        ['refund', 'pending'],
        ['message', 'pending'],
      ]),
    );
  });

  it('after a part has left stands where that part stands', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 3)]);
    await pickSome(app, order, [2]);
    await move(app, order.id, 'partially_fulfill', {
      reason: 'short',
      lines: [{ id: order.lines[0].id, handling: 'backorder' }],
    });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expectStatus(await post(order, 'short_lines', { lines: [{ id: order.lines[0].id }] }), 201);
    expect(await read(app, order)).toMatchObject({ status: 'shipped', refundsPayableMinor: 50_000 });
    // One part has left, so the customer hears of one.
    const tell = () => app.post('/notifications/customer', { orderId: order.id, message: 'shipped' });
    expect([(await tell()).status, (await tell()).status]).toEqual([201, 200]);
    const reader = app.service.workroom.reader(app.service.workroom.systemCaller('test'));
    expect((await departuresOf(reader, order.id)).map(({ part }) => part)).toEqual([1]);
    await move(app, order.id, 'deliver');
    expect(await read(app, order)).toMatchObject({ status: 'completed' });
  });

  it('while work has begun again on the rest of it stands where the part that left stands', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 3)], { paymentMethod: 'cod' });
    await pickSome(app, order, [2]);
    const rest = [{ id: order.lines[0].id, handling: 'backorder' }];
    await move(app, order.id, 'partially_fulfill', { reason: 'short', lines: rest });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    await move(app, order.id, 'resume', { reason: 'look again' });
    expectStatus(await post(order, 'short_lines', { lines: [{ id: order.lines[0].id }] }), 201);
    expect(await read(app, order)).toMatchObject({ status: 'shipped', balanceDueMinor: 100_000 });
  });

  it('while work has begun again on the rest of it ends the order that arrived meanwhile', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 3)]);
    await pickSome(app, order, [2]);
    const [{ id }] = order.lines;
    await move(app, order.id, 'partially_fulfill', { reason: 'short', lines: [{ id, handling: 'backorder' }] });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    await move(app, order.id, 'resume', { reason: 'look again' });
    const { workroom } = app.service;
    await workroom.command(workroom.systemCaller('courier'), async (ctx) => {
      const part = { units: new Map([[id, 2]]), notes: 'by the courier', collectedMinor: 0 };
      await deliverPart(ctx, await lockState(ctx, order.id), part);
    });
    expect(await outbox(order, 'order.delivered')).toHaveLength(0);
    const { body } = await post(order, 'short_lines', { lines: [{ id }] });
    expect(body.order).toMatchObject({ status: 'completed' });
    expect(await outbox(order, 'order.delivered')).not.toHaveLength(0);
    expect(await outbox(order, 'order.completed')).not.toHaveLength(0);
  });

  it('found out by a picking is shown with what each answer would come to, to the minor unit', async () => {
    const category = `kind-${kind}`;
    const sku = await product(app, 10, { category });
    const others = [
      await product(app, 10, { category, priceMinor: 60_000 }),
      await product(app, 1, { category, priceMinor: 45_000 }),
    ];
    const order = await orderOf(app, [lineFor(sku, 3), lineFor(await product(app, 3), 1)], {
      taxMinor: 20_000,
      shippingMinor: 6_000,
    });
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 0, lines: [] });
    await pickSome(app, order, [1, 1]);
    const shown = await shortageOf(app, order);
    const [line] = shown.lines;
    expect(shown).toMatchObject({
      missingUnits: 2,
      lines: [{ sku, missingQuantity: 2, shortQuantity: 2, backorderedQuantity: 0 }],
    });
    expect(line.substitutes.map((one: Body) => [one.sku, one.isEnough])).toEqual([
      [others[1], false],
      [others[0], true],
    ]);
    const policies = line.substitutes[1].policies.map((one: Body) => [one.pricePolicy, one.differenceMinor]);
    expect(policies).toEqual([
      ['keep', 0],
      ['new', 22_000],
      ['lower', 0],
    ]);
    expect(line.refund).toEqual({
      differenceMinor: -110_000,
      owedBackMinor: 110_000,
      taxMinor: -10_000,
      shippingMinor: 0,
    });
    // What was shown is what happens.
    const done = expectStatus(await post(order, 'short_lines', { lines: [{ id: line.id, quantity: 2 }] }), 201).body;
    expect(done.lines[0]).toMatchObject({ differenceMinor: -110_000, owedBackMinor: 110_000 });
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 0 });
    expect(await move(app, order.id, 'fulfill')).toMatchObject({ status: 'fulfilled' });
  });

  it('may have a different answer for each line, and the dearer substitute is paid by what is given back', async () => {
    const category = `mixed-${kind}`;
    const [a, b, c] = [await product(app, 9, { category }), await product(app, 9), await product(app, 9)];
    await product(app, 9, { category, priceMinor: 65_000 });
    const order = await orderOf(app, [lineFor(a, 2), lineFor(b, 2), lineFor(c, 2)]);
    await pickSome(app, order, [1, 1, 1]);
    const [one, two, three] = order.lines;
    const answer = await post(order, 'shortage', {
      lines: [
        { id: one.id, resolution: 'backorder' },
        { id: two.id, resolution: 'refund' },
        { id: three.id, resolution: 'substitute', sku: `${a}`, pricePolicy: 'keep', consent: CONSENT },
      ],
    });
    expect(expectStatus(answer, 201).body).toMatchObject({
      resolution: 'substitute',
      changed: true,
      lines: [
        { resolution: 'substitute', lineId: three.id },
        { resolution: 'refund', lineId: two.id },
        { resolution: 'backorder', lineId: one.id },
      ],
      order: { refundsPayableMinor: 50_000, balanceDueMinor: 0 },
    });
    expect(await shortageOf(app, order)).toMatchObject({
      missingUnits: 1,
      lines: [{ id: one.id, backorderedQuantity: 1 }],
    });
    const rest = await post(order, 'shortage', { resolution: 'substitute', consent: CONSENT });
    expect(expectStatus(rest, 201).body.lines).toMatchObject([
      { lineId: one.id, pricePolicy: 'lower', differenceMinor: 0 },
    ]);
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 0 });
  });

  it('is answered once for one starting event, and refused when nothing is missing', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 2)]);
    await pickSome(app, order, [1]);
    const body = { resolution: 'backorder', event: `evt_${kind}_1` };
    const first = expectStatus(await post(order, 'shortage', body), 201).body;
    const again = expectStatus(await post(order, 'shortage', body), 200).body;
    expect(again).toMatchObject({ changed: false, resolution: 'backorder', lines: first.lines });
    const { lines } = first;
    expect(lines).toHaveLength(1);
    expectStatus(await post(order, 'shortage', { resolution: 'refund' }), 201);
    expect(await post(order, 'shortage', { resolution: 'refund' })).toMatchObject({
      status: 409,
      body: { code: 'NOTHING_MISSING' },
    });
  });

  it('sent twice with one key is done once', async () => {
    const sku = await product(app, 10);
    const order = await orderOf(app, [lineFor(sku, 4)]);
    const body = { reason: REASON, lines: [{ id: order.lines[0].id, quantity: 1 }] };
    for (let n = 0; n < 2; n += 1) await app.post(`/orders/${order.id}/short_lines`, body, { key: `once-${kind}` });
    expect((await read(app, order)).lines[0].cancelledQuantity).toBe(1);
  });

  it('may be replaced by two people at once without promising the last unit twice', async () => {
    const [sku, last] = [await product(app, 10), await product(app, 1)];
    const orders = [await orderOf(app, [lineFor(sku, 1)]), await orderOf(app, [lineFor(sku, 1)])];
    const answers = await Promise.all(orders.map((order) => substitute(order, last)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await stockOf(app, last)).toMatchObject({ onHand: 1, reserved: 1 });
  });
});

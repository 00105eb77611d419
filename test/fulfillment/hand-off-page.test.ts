import { MovableClock } from '../../server/platform/clock';
import type { TestApp } from '../support/app';
import { expectIntegrity, expectStatus, move, placeOrder, prepareAll, stockProduct } from '../support/shop';
import { type Body, mailsTo, PICKER, readOrder, startFloor } from './floor';
import {
  codeTold,
  CUSTOMER,
  fulfilledForKerb,
  handOffOf,
  openHandOff,
  openPage,
  otherThan,
  payAtTheTill,
  pickedForPickup,
  PIXEL,
  submit,
  taskOf,
} from './hand-off-floor';

const HOUR_MS = 3_600_000;
const MANAGER = { name: 'Mina', email: 'mina@example.com', role: 'store_manager', storeIds: [] };

describe('The page of a hand-off', () => {
  let app: TestApp;
  const clock = new MovableClock();
  beforeAll(async () => {
    app = await startFloor('sqlite', { clock });
    expectStatus(await app.post('/users', MANAGER), 201);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  async function readyAtCounter(body: Record<string, unknown> = {}, overrides: Record<string, unknown> = {}) {
    const order = await pickedForPickup(app, overrides);
    const handOff = await openHandOff(app, order, body);
    return { order, handOff, task: await taskOf(app, handOff) };
  }

  it('shows what goes to whom and what is still to be paid, and nothing else of the customer', async () => {
    const { order, task } = await readyAtCounter({ staffInstructions: 'Shelf 3.' });
    const html = await openPage(app, task);
    for (const shown of [order.number, 'Rahima', 'Green tea 100 g', 'At the counter', 'Shelf 3.', '1,000.00'])
      expect(html).toContain(shown);
    for (const hidden of ['Akter', CUSTOMER, '01700000000', 'House 12']) expect(html).not.toContain(hidden);
    expect(html).toContain('The cashier takes the payment');
    expect(html).not.toContain('id="hand-over"');
  });

  it('opens as often as it likes without changing anything, and never holds the code', async () => {
    const { order, handOff, task } = await readyAtCounter();
    await payAtTheTill(app, order);
    const code = await codeTold(app, order);
    for (let n = 0; n < 10; n += 1) expect(await openPage(app, task)).not.toContain(code);
    expect([await taskOf(app, handOff), await handOffOf(app, order)]).toMatchObject([
      { version: 1, status: 'open' },
      { wrongTries: 0 },
    ]);
  });

  it('hands over by the code; a wrong one is counted and said, a double click counts once', async () => {
    const { order, task } = await readyAtCounter();
    await payAtTheTill(app, order);
    const code = await codeTold(app, order);
    const wrong = await submit(app, task, 'confirm', { code: otherThan(code), clientActionId: 'twice' });
    expect(wrong.html).toContain('That is not the code of this order. 4 tries are left');
    await submit(app, task, 'confirm', { code: otherThan(code), clientActionId: 'twice' });
    expect(await handOffOf(app, order)).toMatchObject({ wrongTries: 1, status: 'open' });
    const right = await submit(app, task, 'confirm', { code });
    expect([right.status, right.html]).toEqual([200, expect.stringContaining('The goods were handed over.')]);
    expect((await readOrder(app, order.id)).status).toBe('completed');
    const late = await submit(app, task, 'confirm', { code });
    expect(late.status).toBe(200);
    expect((await readOrder(app, order.id)).handoffs).toHaveLength(1);
  });

  it('asks for a signature once the code was wrong five times', async () => {
    const { order, task } = await readyAtCounter();
    await payAtTheTill(app, order);
    const wrong = otherThan(await codeTold(app, order));
    for (let n = 0; n < 5; n += 1) await submit(app, task, 'confirm', { code: wrong });
    const page = await openPage(app, task);
    expect(page).not.toContain('id="hand-off-code"');
    expect(page).toContain('id="signed-by"');
    const nameless = await submit(app, task, 'confirm', { signature: PIXEL });
    expect([nameless.status, nameless.html]).toEqual([409, expect.stringContaining('Have the customer sign')]);
    const drawn = { signedBy: 'Rahima', signature: `data:image/png;base64,${PIXEL}` };
    expect((await submit(app, task, 'confirm', drawn)).html).toContain('The goods were handed over.');
    expect(await handOffOf(app, order)).toMatchObject({ confirmedWith: 'signature', signedBy: 'Rahima' });
  });

  it('refuses what is no picture, and takes a typed name alone', async () => {
    const { order, task } = await readyAtCounter({ confirmBy: 'signature' });
    await payAtTheTill(app, order);
    const bad = await submit(app, task, 'confirm', { signedBy: 'Rahima', signature: 'data:image/png;base64,AAAA' });
    expect([bad.status, bad.html]).toEqual([422, expect.stringContaining('The signature is a PNG picture')]);
    const large = { signedBy: 'Rahima', signature: Buffer.alloc(210 * 1024, 1).toString('base64') };
    expect((await submit(app, task, 'confirm', large)).html).toContain('more than 200 kB');
    expect((await submit(app, task, 'confirm', { signedBy: 'Rahima' })).html).toContain('The goods were handed over.');
  });

  it('says when the money is missing, even where the form was open before', async () => {
    const { task } = await readyAtCounter({ confirmBy: 'none' });
    const early = await submit(app, task, 'confirm', {});
    expect([early.status, early.html]).toEqual([409, expect.stringContaining('1,000.00')]);
  });

  it('notes that nobody came; the order waits on', async () => {
    const { order, task } = await readyAtCounter();
    const noted = await submit(app, task, 'absent', { note: 'Phone is off' });
    expect(noted.html).toContain('Nobody came so far: 1');
    expect(noted.html).toContain('Phone is off');
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', absences: 1 });
    expect((await readOrder(app, order.id)).status).toBe('ready_for_pickup');
  });

  it('of a cancelled order says to keep the goods', async () => {
    const { order, task } = await readyAtCounter();
    const asked = { customerContact: '01700000000', requestedAt: new Date(clock.now()).toISOString() };
    expectStatus(await app.post(`/orders/${order.id}/cancel`, { reason: 'customer_requested', ...asked }), 200);
    await app.settled();
    expect(await openPage(app, task)).toContain('This hand-off was cancelled. Keep the goods here.');
    expect((await submit(app, task, 'confirm', { code: '123456' })).status).toBe(409);
  });

  it('asks for a document where the goods are for grown-ups only', async () => {
    const syrup = { sku: 'SYRUP-1', barcode: '8901234560001', minimumAge: 18 };
    await stockProduct(app, syrup, 20);
    const lines = [{ sku: 'SYRUP-1', quantity: 1, unitPriceMinor: 20_000 }];
    const order = await placeOrder(app, { fulfillmentMethod: 'pickup', paymentMethod: 'cash', lines });
    await move(app, order.id, 'process');
    await prepareAll(app, order);
    expectStatus(
      await app.post(`/orders/${order.id}/compliance_checks`, { kind: 'age', documentKind: 'phone', confirmed: true }),
      201,
    );
    const task = await taskOf(app, await openHandOff(app, order, { confirmBy: 'none' }));
    await payAtTheTill(app, order);
    expect(await openPage(app, task)).toContain('Only for customers of 18 or older');
    const unseen = await submit(app, task, 'confirm', {});
    expect([unseen.status, unseen.html]).toEqual([409, expect.stringContaining('look at a document')]);
    const seen = await submit(app, task, 'confirm', { documentKind: 'passport' });
    expect(seen.html).toContain('The goods were handed over.');
  });

  it('at the kerb names the spot, in the mail to the customer too', async () => {
    const order = await fulfilledForKerb(app);
    const handOff = await openHandOff(app, order, {
      method: 'kerbside',
      spot: 'Bay 2',
      customerInstructions: 'Flash your lights.',
    });
    expect(await codeTold(app, order, 'handoff')).toMatch(/^\d{6}$/);
    const [mail] = await mailsTo(app, CUSTOMER);
    for (const told of ['Bay 2', 'Flash your lights.', '1,000.00']) expect(mail.text).toContain(told);
    expect(mail.html).toContain('Bay 2');
    expect(await openPage(app, await taskOf(app, handOff))).toContain('At the kerb, Bay 2');
  });

  it('is told late once: to the person by mail, to the pipelines by an event', async () => {
    const dueAt = new Date(Date.parse(clock.now()) + HOUR_MS).toISOString();
    const { order } = await readyAtCounter({ dueAt });
    const told = async (): Promise<number> => {
      const read = app.service.workroom.reader({ ...app.service.workroom.systemCaller('test'), now: clock.now() });
      const rows = await read.select('SELECT id FROM outbox WHERE topic = :topic AND payload LIKE :order', {
        topic: 'handoff.overdue',
        order: `%${order.id}%`,
      });
      return rows.length;
    };
    const late = async (): Promise<void> => {
      const { registry } = app.service.workroom;
      await registry.sweeps
        .find(({ name }) => name === 'fulfillment.overdue')
        ?.run(app.service.workroom.jobContext('t'));
      await app.settled();
    };
    clock.advance(2 * HOUR_MS);
    await late();
    const once = await told();
    expect(once).toBeGreaterThan(0);
    expect((await handOffOf(app, order)).overdueAt).not.toBeNull();
    expect((await mailsTo(app, PICKER.email))[0]?.subject).toContain(order.number);
    await late();
    expect(await told()).toBe(once);
  });
});

describe('The page of a courier’s pickup', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor();
  });
  afterAll(() => app.close());

  async function pickup(): Promise<Body> {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    await move(app, order.id, 'process');
    await prepareAll(app, order);
    await move(app, order.id, 'fulfill');
    expectStatus(await app.post(`/orders/${order.id}/consignments`, { courier: 'manual' }), 201);
    return expectStatus(await app.post('/tasks', { kind: 'pickup_dispatch', orderId: order.id }), 201).body;
  }

  it('shows the parcel and where it goes, and is done with what the coordinator wrote down', async () => {
    const task = await pickup();
    expect(task.details).toMatchObject({ courier: 'manual', consignmentId: expect.any(String) });
    const html = await openPage(app, task);
    for (const shown of ['Rahima', 'House 12, Road 5, Dhaka', task.orderNumber]) expect(html).toContain(shown);
    const done = await submit(app, task, 'picked_up', { driver: 'Selim', reference: 'P-77', note: 'two bags' });
    expect(done.html).toContain('Picked up by Selim.');
    expect(expectStatus(await app.get(`/tasks/${task.id}`), 200).body).toMatchObject({
      status: 'done',
      note: 'two bags',
      result: { pickedUp: true, driver: 'Selim', reference: 'P-77' },
    });
  });

  it('says both amounts when the bill has changed, and takes the word that whoever brings it knows', async () => {
    const task = await pickup();
    const payDown = async (amountMinor: number): Promise<void> => {
      const paid = { method: 'cash', amountMinor, acceptDifference: true };
      expectStatus(await app.post(`/orders/${task.orderId}/payments`, paid), 201);
    };
    await payDown(10_000);
    const html = await openPage(app, task);
    expect(html).toMatch(/Told to collect: <strong>BDT 1,000\.00<.*Due: <strong>BDT 900\.00</s);
    expect(html).toContain('<button>Whoever brings it now collects BDT 900.00</button>');
    const [, consignmentId = '', seen = ''] =
      /name="consignmentId" value="(.+?)".*?name="codAmountMinor" value="(.+?)"/s.exec(html) ?? [];
    expect(seen).toBe('90000');
    // The bill changes once more before the button is pressed.
    await payDown(10_000);
    const late = await submit(app, task, 'cod_amount', { consignmentId, codAmountMinor: seen });
    expect([late.status, late.html]).toEqual([409, expect.stringContaining('BDT 800.00 is due')]);
    expect(late.html).toContain('now collects BDT 800.00');
    const now = { consignmentId, codAmountMinor: '80000' };
    const done = await submit(app, task, 'cod_amount', now);
    expect(done.html).not.toContain('Don’t hand it over');
    const parcel = expectStatus(await app.get(`/consignments/${consignmentId}`), 200).body;
    expect(parcel).toMatchObject({ codAmountMinor: 80_000, codDueMinor: 80_000, problem: null });
    const other = await submit(app, await pickup(), 'cod_amount', now);
    expect([other.status, other.html]).toEqual([409, expect.stringContaining('of another order')]);
    for (const codAmountMinor of ['', 'much', '-1', '1.5']) {
      const { status } = await submit(app, task, 'cod_amount', { consignmentId, codAmountMinor });
      expect([codAmountMinor, status]).toEqual([codAmountMinor, 422]);
    }
    await submit(app, task, 'picked_up', {});
    expect((await submit(app, task, 'cod_amount', now)).status).toBe(409);
  });

  it('takes nothing too long, and nothing after it was cancelled', async () => {
    const task = await pickup();
    const long = await submit(app, task, 'picked_up', { driver: 'x'.repeat(121) });
    expect([long.status, long.html]).toEqual([422, expect.stringContaining('at most 120')]);
    expectStatus(await app.post(`/tasks/${task.id}/cancel`, {}), 200);
    expect((await submit(app, task, 'picked_up', {})).status).toBe(409);
  });
});

import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { type CodDesk, type Json, MANAGER, openCodDesk, TOLD, WITHOUT_CUP } from './cod-desk';
import { mailsTo } from './floor';

const OUTDATED = 'COD_AMOUNT_OUTDATED';
const DHAKA_AHEAD_MS = 6 * 3_600_000;

describe.each(DATABASES)('When the bill changes after the courier was booked, on %s', (kind) => {
  let desk: CodDesk;

  beforeAll(async () => {
    desk = await openCodDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const mailsAbout = async (order: Json): Promise<Json[]> =>
    (await mailsTo(desk.app, MANAGER.email)).filter(({ subject }) => subject.includes(order.number));
  const ship = ({ id }: Json, more: Json = {}) => desk.app.put(`/orders/${id}/status`, { move: 'ship', ...more });
  const summary = async (): Promise<Json> => {
    // The shop's day begins at midnight in Dhaka.
    const date = new Date(Date.now() + DHAKA_AHEAD_MS).toISOString().slice(0, 10);
    return expectStatus(await desk.app.get(`/reports/daily-summary?date=${date}`), 200).body;
  };

  it('the parcel, the order’s explanation and one mail to the manager say both amounts', async () => {
    const { order, parcel } = await desk.booked();
    expect(parcel).toMatchObject({ codAmountMinor: TOLD, codDueMinor: TOLD, problem: null });
    await desk.dropCup(order);
    const seen = await desk.parcelView(parcel);
    expect(seen).toMatchObject({ codAmountMinor: TOLD, codDueMinor: WITHOUT_CUP, problem: { code: OUTDATED } });
    const sentence = `steadfast was told to collect BDT 1,250.00 for parcel ${order.number}, and BDT 1,150.00 is due: change it in the courier’s portal, then confirm it here.`;
    expect(seen.problem.message).toBe(sentence);
    expect(await desk.openWork(order)).toContain(sentence);
    expect((await desk.read(order)).consignments[0].problem.message).toBe(sentence);
    const mails = await mailsAbout(order);
    expect(mails).toHaveLength(1);
    expect(mails[0]!.subject).toContain('collect BDT 1,250.00 instead of BDT 1,150.00');
    expect(mails[0]!.text).toContain(`/consignments/${parcel.id}/cod_amount`);
  });

  it('a payment meanwhile counts as well; each new amount is told once, in one sentence', async () => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    await desk.payDown(order, 15_000);
    const { problem } = await desk.parcelView(parcel);
    expect(problem.message).toContain('BDT 1,000.00 is due');
    const openWork = await desk.openWork(order);
    expect(openWork.match(/was told to collect/g)).toHaveLength(1);
    expect(openWork).not.toContain('1,150.00');
    // The first change may have been overtaken before it was told.
    const subjects = (await mailsAbout(order)).map(({ subject }) => subject as string);
    expect(subjects[0]).toContain('instead of BDT 1,000.00');
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('an amount that fits again is no problem any more, and is told anew when it changes once more', async () => {
    const { order, parcel } = await desk.booked();
    const lines = [{ id: order.lines[1].id, quantity: 1 }];
    const wait = () => desk.app.post(`/orders/${order.id}/backorders`, { lines, reason: 'not on the shelf' });
    expectStatus(await wait(), 201);
    expect(await desk.parcelView(parcel)).toMatchObject({ codDueMinor: WITHOUT_CUP, problem: { code: OUTDATED } });
    expect(await mailsAbout(order)).toHaveLength(1);
    const cups = [{ sku: 'CUP-01', quantity: 1, unitCostMinor: 5000 }];
    expectStatus(await desk.app.post('/inventory/receipts', { lines: cups, reference: `PO-${order.number}` }), 201);
    await desk.app.settled();
    expect(await desk.parcelView(parcel)).toMatchObject({ codDueMinor: TOLD, problem: null });
    expect(await desk.openWork(order)).not.toContain('told to collect');
    expectStatus(await wait(), 201);
    expect(await mailsAbout(order)).toHaveLength(2);
  });

  it('somebody changes it with the courier and confirms it, once', async () => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    const wrong = await desk.confirm(parcel, 120_000);
    expect(wrong).toMatchObject({
      status: 409,
      body: { code: 'COD_AMOUNT_NOT_DUE', codDueMinor: WITHOUT_CUP, codToldMinor: TOLD, codAmountMinor: 120_000 },
    });
    expect(wrong.body.errors[0].path).toBe('codAmountMinor');
    const right = expectStatus(await desk.confirm(parcel, WITHOUT_CUP, { note: 'called the hub' }), 200).body;
    expect(right).toMatchObject({
      codAmountMinor: WITHOUT_CUP,
      codDueMinor: WITHOUT_CUP,
      problem: null,
      changed: true,
    });
    expect(expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200).body.changed).toBe(false);
    expect(await desk.openWork(order)).not.toContain('told to collect');
    const { items } = (await desk.app.get(`/audit?orderId=${order.id}&action=consignment.cod_confirmed`)).body;
    expect(items).toMatchObject([
      { before: { codAmountMinor: TOLD }, after: { codAmountMinor: WITHOUT_CUP }, note: 'called the hub' },
    ]);
  });

  it('no parcel leaves with the old amount, in no way', async () => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    await desk.fulfilled(order);
    const refusal = { status: 409, body: { code: OUTDATED, move: 'ship' } };
    const refused = await ship(order);
    expect(refused).toMatchObject(refusal);
    expect(refused.body.reasons).toMatchObject([
      { guard: 'cod', consignmentId: parcel.id, codToldMinor: TOLD, codDueMinor: WITHOUT_CUP },
    ]);
    expect(await desk.book(order, { ship: true })).toMatchObject(refusal);
    const { items } = (await desk.app.get(`/orders/${order.id}/allowed_statuses`)).body;
    expect(items.find((one: Json) => one.move === 'ship')).toMatchObject({
      allowed: false,
      reasons: [{ guard: 'cod' }],
    });
    expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200);
    expect(expectStatus(await ship(order), 200).body.status).toBe('shipped');
  });

  it('whoever gives parcels to the courier is told not to, before and when they press the button', async () => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    await desk.fulfilled(order);
    const asked = { kind: 'pickup_dispatch', orderId: order.id, assigneeEmail: 'dock@example.com' };
    const task = expectStatus(await desk.app.post('/tasks', asked), 201).body;
    const finish = () => desk.app.post(`/tasks/${task.id}/complete`, { allDone: true });
    const page = async () => (await fetch(desk.app.url + new URL(task.url).pathname)).text();
    expect(await page()).toContain('Don’t hand it over yet: steadfast was told to collect');
    expect(await finish()).toMatchObject({ status: 409, body: { code: OUTDATED, codDueMinor: WITHOUT_CUP } });
    expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200);
    expect(await page()).not.toContain('Don’t hand it over');
    expectStatus(await finish(), 200);
  });

  it('a manager lets it leave all the same, with a reason; the floor may not', async () => {
    const { order } = await desk.booked();
    await desk.dropCup(order);
    await desk.fulfilled(order);
    const overrides = [{ guard: 'cod', reason: 'the hub was called' }];
    const floor = await desk.app.keyFor('fulfillment_specialist');
    const body = { move: 'ship', overrides };
    expect(await desk.app.put(`/orders/${order.id}/status`, body, { apiKey: floor })).toMatchObject({
      status: 403,
      body: { code: 'ROLE_NOT_ALLOWED' },
    });
    expect(await ship(order, { overrides: [{ guard: 'payment', reason: 'not paid' }] })).toMatchObject({ status: 409 });
    expectStatus(await ship(order, { overrides }), 200);
  });

  it('after it has left it stands as a problem only, and can still be put right', async () => {
    const { order, parcel } = await desk.booked();
    await desk.fulfilled(order);
    await move(desk.app, order.id, 'ship');
    await desk.payDown(order, TOLD);
    expect(await desk.parcelView(parcel)).toMatchObject({ codDueMinor: 0, problem: { code: OUTDATED } });
    expect(await desk.openWork(order)).toContain('BDT 0.00 is due');
    expectStatus(await desk.confirm(parcel, 0), 200);
    expect((await desk.parcelView(parcel)).problem).toBeNull();
  });

  it('stands among the day’s exceptions until it is put right', async () => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    const mine = async (): Promise<Json[]> =>
      (await summary()).exceptions.filter((one: Json) => one.reference === parcel.id);
    expect(await mine()).toMatchObject([{ kind: 'cod_outdated', orderNumber: order.number }]);
    expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200);
    expect(await mine()).toEqual([]);
  });

  it('whoever brings the shop’s own parcels is told by somebody, who confirms it the same way', async () => {
    const { order, parcel } = await desk.booked('manual');
    await desk.dropCup(order);
    expect((await desk.parcelView(parcel)).problem.message).toMatch(
      /^Whoever brings it was told to collect BDT 1,250.00 .* BDT 1,150.00 is due: tell them, then confirm it here\.$/,
    );
    expect(expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200).body.problem).toBeNull();
  });

  it('a parcel that has ended, is unknown or is none of one’s business is not confirmed', async () => {
    const { order, parcel } = await desk.booked();
    const floor = await desk.app.keyFor('cashier');
    expect(await desk.confirm(parcel, TOLD, {}, floor)).toMatchObject({ status: 403 });
    expect(await desk.confirm({ id: 'nothing' }, 1)).toMatchObject({ body: { code: 'CONSIGNMENT_NOT_FOUND' } });
    for (const amount of [undefined, -1, 10.5, '1150', null]) {
      const { status, body } = await desk.confirm(parcel, amount);
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'VALIDATION_FAILED' });
    }
    await desk.fulfilled(order);
    await move(desk.app, order.id, 'ship');
    await desk.arrives(order, parcel);
    expect(await desk.confirm(parcel, WITHOUT_CUP)).toMatchObject({ status: 409, body: { code: 'CONSIGNMENT_ENDED' } });
    expect(expectStatus(await desk.confirm(parcel, TOLD), 200).body.changed).toBe(false);
  });
});

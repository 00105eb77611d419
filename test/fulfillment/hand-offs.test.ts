import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { type Body, mailsTo, PICKER, readOrder, startFloor } from './floor';
import {
  CUSTOMER,
  codeTold,
  fulfilledForKerb,
  handOffOf,
  openHandOff,
  otherThan,
  payAtTheTill,
  pickedForPickup,
  PIXEL,
  taskOf,
} from './hand-off-floor';

describe.each(DATABASES)('A hand-off, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const confirm = (handOff: Body, body: Record<string, unknown>, apiKey?: string) =>
    app.post(`/handoffs/${handOff.id}/confirm`, body, { apiKey });

  it('at the counter moves the order to where it waits and gives the work of it to somebody', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order, { staffInstructions: 'Shelf 3.' });
    expect(handOff).toMatchObject({
      method: 'counter',
      status: 'open',
      confirmBy: 'code',
      triesLeft: 5,
      order: { status: 'ready_for_pickup' },
      task: { kind: 'hand_off', assigneeEmail: PICKER.email, instructions: 'At the counter. Shelf 3.' },
    });
    const [mail] = await mailsTo(app, PICKER.email);
    expect(mail.subject).toContain(order.number);
    expect(mail.text).toContain('Shelf 3.');
  });

  it('at the kerb waits at its spot, and with a service for the service', async () => {
    const kerb = await openHandOff(app, await fulfilledForKerb(app), { method: 'kerbside', spot: 'Bay 2' });
    expect(kerb).toMatchObject({ spot: 'Bay 2', order: { status: 'awaiting_handoff' } });
    const service = await openHandOff(app, await fulfilledForKerb(app), {
      method: 'delivery_service',
      service: 'Foodi',
    });
    expect(service).toMatchObject({ service: 'Foodi', task: { details: { method: 'delivery_service' } } });
    expect((await readOrder(app, kerb.orderId)).handover).toMatchObject({ method: 'kerbside', spot: 'Bay 2' });
  });

  it('of an order that waits already makes no move, and asked again is the same one', async () => {
    const order = await pickedForPickup(app);
    const { version } = await move(app, order.id, 'ready', { method: 'counter' });
    const handOff = await openHandOff(app, order);
    expect(handOff.order.version).toBe(version);
    const again = expectStatus(await app.post(`/orders/${order.id}/handoffs`, { method: 'counter' }), 200).body;
    expect([again.id, again.changed]).toEqual([handOff.id, false]);
    const two = await Promise.all([1, 2].map(() => app.post(`/orders/${order.id}/handoffs`, { method: 'counter' })));
    expect(two.map(({ body }) => body.id)).toEqual([handOff.id, handOff.id]);
    const other = await app.post(`/orders/${order.id}/handoffs`, { method: 'kerbside', spot: 'Bay 1' });
    expect([other.status, other.body.code, other.body.handOffId]).toEqual([409, 'HANDOFF_OPEN', handOff.id]);
  });

  it('is confirmed by the code that only the customer was told, and the order is completed', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order, { customerInstructions: 'Ring at the side door.' });
    const code = await codeTold(app, order);
    expect(code).toMatch(/^\d{6}$/);
    await payAtTheTill(app, order);
    const done = expectStatus(await confirm(handOff, { code: `${code.slice(0, 3)} ${code.slice(3)}` }), 200).body;
    expect(done).toMatchObject({ status: 'confirmed', confirmedWith: 'code', changed: true, task: { status: 'done' } });
    expect(done.task.result).toMatchObject({ handedOver: true, confirmedWith: 'code' });
    expect(await readOrder(app, order.id)).toMatchObject({ status: 'completed', stage: 'handed_over' });
    expect((await confirm(handOff, { code })).body).toMatchObject({ changed: false, status: 'confirmed' });
  });

  it('never shows its code: not in the order, the task, the outbox or the audit', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    const read = app.service.workroom.reader({ ...app.service.workroom.systemCaller('test'), now: '' });
    const kept = await read.select<Record<string, unknown>>('SELECT payload FROM outbox');
    const seen = [await readOrder(app, order.id), await taskOf(app, handOff), handOff, kept];
    seen.push((await app.get(`/orders/${order.id}/history`)).body, await app.get(`/notifications?orderId=${order.id}`));
    const digits = JSON.stringify(seen).match(/(?<!\d)\d{6}(?!\d)/g) ?? [];
    expect(digits).not.toContain(code);
  });

  it('waits for the money: the cashier takes it first', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    const early = await confirm(handOff, { code });
    expect([early.status, early.body.code, early.body.balanceDueMinor]).toEqual([409, 'MONEY_NOT_SETTLED', 100_000]);
    expect(early.body.detail).toContain('The cashier takes the payment first');
    await payAtTheTill(app, order);
    expectStatus(await confirm(handOff, { code }), 200);
  });

  it('takes five wrong codes, then a signature or a manager', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    await payAtTheTill(app, order);
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      const wrong = await confirm(handOff, { code: otherThan(code) });
      expect([wrong.status, wrong.body.code, wrong.body.triesLeft]).toEqual([409, 'HANDOFF_CODE_WRONG', triesLeft]);
    }
    const floor = await app.keyFor('fulfillment_specialist');
    expect((await confirm(handOff, { code }, floor)).body.code).toBe('CODE_TRIES_USED_UP');
    expect((await confirm(handOff, {}, floor)).body.code).toBe('HANDOFF_SIGNATURE_MISSING');
    expect((await confirm(handOff, {})).body.code).toBe('HANDOFF_NOTE_MISSING');
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 5, triesLeft: 0 });
    const signed = expectStatus(await confirm(handOff, { signedBy: 'Rahima A.', signature: PIXEL }, floor), 200).body;
    expect(signed).toMatchObject({ confirmedWith: 'signature', signedBy: 'Rahima A.' });
    const { confirmedBy } = await handOffOf(app, order);
    expect(confirmedBy).toBe('fulfillment_specialist');
  });

  it('judges no code in a preview, right or wrong, and shows the rest of one', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    await payAtTheTill(app, order);
    const preview = (body: Body) => app.post(`/handoffs/${handOff.id}/confirm?dryRun=true`, body);
    const [right, wrong] = [await preview({ code }), await preview({ code: otherThan(code) })];
    expect([right.status, right.body.code, right.body.errors[0].path]).toEqual([422, 'CODE_IN_PREVIEW', 'code']);
    const { requestId: _right, instance: _one, ...same } = right.body;
    expect(wrong.body).toMatchObject(same);
    expect((await preview({ note: 'Known to us.' })).body).toMatchObject({ confirmedWith: 'manager' });
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 0 });
  });

  it('counts tries that come at once, each of them', async () => {
    const order = await pickedForPickup(app, { paymentMethod: 'cod' });
    const handOff = await openHandOff(app, await fulfil(order), { method: 'delivery_service', service: 'Foodi' });
    const code = await codeTold(app, order, 'handoff');
    const told = (await mailsTo(app, CUSTOMER)).find(({ subject }) => String(subject).includes(order.number));
    expect([told?.subject, told?.text]).toEqual([
      expect.stringContaining('is ready for Foodi'),
      expect.stringContaining(`Give this code to the rider of Foodi only: ${code}`),
    ]);
    expect(`${told?.text}${told?.html}`).not.toMatch(/when you (come|take)/);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(handOff, { code: otherThan(code) })));
    const codes = answers.map(({ body }) => body.code).sort();
    expect(codes.filter((one) => one === 'HANDOFF_CODE_WRONG')).toHaveLength(5);
    expect((await handOffOf(app, order)).wrongTries).toBe(5);
  });

  it('lets a manager confirm who says why, and refuses the code of another order', async () => {
    const [order, other] = [await pickedForPickup(app), await pickedForPickup(app)];
    const handOff = await openHandOff(app, order);
    await openHandOff(app, other);
    const foreign = await codeTold(app, other);
    await payAtTheTill(app, order);
    expect((await confirm(handOff, { code: foreign })).body.code).toBe('HANDOFF_CODE_WRONG');
    const manager = await app.keyFor('store_manager');
    const done = expectStatus(await confirm(handOff, { note: 'Known to us.' }, manager), 200).body;
    expect(done).toMatchObject({ confirmedWith: 'manager', note: 'Known to us.' });
  });

  it('is signed for where a signature is asked for, or where no mail could tell a code', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order, { confirmBy: 'signature' });
    await payAtTheTill(app, order);
    const floor = await app.keyFor('fulfillment_specialist');
    expect((await confirm(handOff, { code: '123456' }, floor)).body.code).toBe('HANDOFF_SIGNATURE_MISSING');
    expectStatus(await confirm(handOff, { signedBy: 'Karim' }, floor), 200);
    const quiet = await pickedForPickup(app, { customer: { name: 'Selim', phone: '01700000001' } });
    const asked = await openHandOff(app, quiet);
    await payAtTheTill(app, quiet);
    expectStatus(await confirm(asked, { signedBy: 'Selim' }, floor), 200);
  });

  it('keeps a small picture of the signature for those who may see it', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order, { confirmBy: 'signature' });
    await payAtTheTill(app, order);
    const tooLarge = Buffer.alloc(201 * 1024, 1).toString('base64');
    const png = Buffer.from(PIXEL, 'base64');
    const giant = Buffer.from(png);
    giant.writeUInt32BE(40_000, 16);
    const bad: [string, string][] = [
      [tooLarge, 'SIGNATURE_TOO_LARGE'],
      [Buffer.from('<svg/>').toString('base64'), 'SIGNATURE_NOT_PNG'],
      ['no base64 at all!', 'SIGNATURE_NOT_PNG'],
      [giant.toString('base64'), 'SIGNATURE_NOT_PNG'],
      [png.subarray(0, 12).toString('base64'), 'SIGNATURE_NOT_PNG'],
    ];
    for (const [signature, code] of bad) {
      const refused = await confirm(handOff, { signedBy: 'Rahima', signature });
      expect([refused.status, refused.body.code, refused.body.errors[0].path]).toEqual([422, code, 'signature']);
    }
    expectStatus(await confirm(handOff, { signedBy: 'Rahima', signature: `data:image/png;base64,${PIXEL}` }), 200);
    const picture = await fetch(`${app.url}/api/v1/handoffs/${handOff.id}/signature`, {
      headers: { authorization: `Bearer ${app.apiKey}` },
    });
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(png);
    const cashier = await app.keyFor('cashier');
    expect((await app.get(`/handoffs/${handOff.id}/signature`, { apiKey: cashier })).status).toBe(403);
  });

  it('needs no proof where none is asked for', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order, { confirmBy: 'none' });
    await payAtTheTill(app, order);
    expect(expectStatus(await confirm(handOff, {}), 200).body.confirmedWith).toBe('none');
  });

  it('at the kerb delivers the order, and a paid one is completed by itself', async () => {
    const order = await fulfilledForKerb(app);
    const handOff = await openHandOff(app, order, { method: 'kerbside', spot: 'Bay 2', confirmBy: 'none' });
    expect((await confirm(handOff, {})).body.code).toBe('MONEY_NOT_SETTLED');
    await payAtTheTill(app, order);
    expect(expectStatus(await confirm(handOff, {}), 200).body.order.status).toBe('completed');
  });

  it('ends unconfirmed when a manager cancels it, and the order waits on for the next', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    const floor = await app.keyFor('fulfillment_specialist');
    expect((await app.post(`/handoffs/${handOff.id}/cancel`, {}, { apiKey: floor })).status).toBe(403);
    const ended = expectStatus(await app.post(`/handoffs/${handOff.id}/cancel`, { note: 'Wrong shelf.' }), 200).body;
    expect(ended).toMatchObject({ status: 'cancelled', changed: true, task: { outcome: 'cancelled' } });
    expect(ended.order.status).toBe('ready_for_pickup');
    expectStatus(await app.post(`/handoffs/${handOff.id}/cancel`, {}), 200);
    const late = await confirm(handOff, { code });
    expect([late.status, late.body.code]).toEqual([409, 'HANDOFF_CLOSED']);
    const next = await openHandOff(app, order);
    expect(next.id).not.toBe(handOff.id);
    await payAtTheTill(app, order);
    expect((await confirm(next, { code })).body.code).toBe('HANDOFF_CODE_WRONG');
    expectStatus(await confirm(next, { code: await codeTold(app, order) }), 200);
    expect((await app.post(`/handoffs/${next.id}/cancel`, {})).body.code).toBe('HANDOFF_CLOSED');
  });

  it('ends with its order: cancelled, taken back to work, or completed by a person who moves it', async () => {
    const [cancelled, resumed, moved] = await Promise.all([1, 2, 3].map(() => pickedForPickup(app)));
    const asked = { customerContact: '01700000000', requestedAt: new Date().toISOString() };
    for (const order of [cancelled, resumed, moved]) await openHandOff(app, order);
    expectStatus(await app.post(`/orders/${cancelled.id}/cancel`, { reason: 'customer_requested', ...asked }), 200);
    await move(app, resumed.id, 'resume', { reason: 'wrong goods' });
    await payAtTheTill(app, moved);
    await move(app, moved.id, 'complete');
    await app.settled();
    const ends = await Promise.all([cancelled, resumed, moved].map((order) => handOffOf(app, order)));
    expect(ends.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'confirmed']);
    expect(ends[2]).toMatchObject({ confirmedWith: 'move', confirmedBy: expect.any(String) });
    for (const handOff of ends) expect(['done', 'cancelled']).toContain((await taskOf(app, handOff)).status);
  });

  it('is not finished past its proof: the task alone cannot be ticked off', async () => {
    const handOff = await openHandOff(app, await pickedForPickup(app));
    const answer = await app.post(`/tasks/${handOff.taskId}/complete`, { allDone: true });
    expect([answer.status, answer.body.code, answer.body.handOffId]).toEqual([
      409,
      'HANDOFF_NOT_CONFIRMED',
      handOff.id,
    ]);
    expect((await taskOf(app, handOff)).status).toBe('open');
  });

  it.each([
    ['no method', {}, 422, 'method'],
    ['an unknown method', { method: 'drone' }, 422, 'method'],
    ['kerb-side without a spot', { method: 'kerbside' }, 422, 'spot'],
    ['a service without its name', { method: 'delivery_service', spot: 'Bay 1' }, 422, 'service'],
    ['an unknown proof', { method: 'counter', confirmBy: 'smile' }, 422, 'confirmBy'],
    ['a due time that is none', { method: 'counter', dueAt: 'soon' }, 422, 'dueAt'],
    ['a field nobody knows', { method: 'counter', code: '123456' }, 422, 'code'],
  ])('is refused with %s, naming the field, and nothing is kept', async (_what, body, status, field) => {
    const order = await pickedForPickup(app);
    const answer = await app.post(`/orders/${order.id}/handoffs`, body);
    expect([answer.status, JSON.stringify(answer.body.errors)]).toEqual([status, expect.stringContaining(field)]);
    expect(await readOrder(app, order.id)).toMatchObject({ status: 'processing', handoffs: [] });
  });

  it('is refused for an order that cannot wait, for whom nobody is there, and without the right', async () => {
    const shipped = await fulfilledForKerb(app);
    await payAtTheTill(app, shipped);
    const order = await pickedForPickup(app);
    const nobody = await app.post(`/orders/${order.id}/handoffs`, { method: 'counter', role: 'customer_service' });
    expect([nobody.status, nobody.body.code]).toEqual([409, 'ASSIGNEE_NOT_FOUND']);
    expect((await readOrder(app, order.id)).status).toBe('processing');
    const wrong = await app.post(`/orders/${order.id}/handoffs`, { method: 'kerbside', spot: 'Bay 1' });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'MOVE_NOT_ALLOWED']);
    const reporting = await app.keyFor('reporting');
    expect((await app.post(`/orders/${order.id}/handoffs`, { method: 'counter' }, { apiKey: reporting })).status).toBe(
      403,
    );
    expect((await app.post('/orders/01JD2QX5M8F3K7AAAAAAAAAAAA/handoffs', { method: 'counter' })).status).toBe(404);
    for (const path of ['confirm', 'cancel'])
      expect((await app.post(`/handoffs/01JD2QX5M8F3K7AAAAAAAAAAAA/${path}`, {})).body.code).toBe('HANDOFF_NOT_FOUND');
  });

  async function fulfil(order: Body): Promise<Body> {
    await move(app, order.id, 'fulfill');
    return order;
  }
});

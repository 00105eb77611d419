import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus } from '../support/shop';
import { type Body, readOrder, startFloor } from './floor';
import {
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

describe.each(DATABASES)('A cashier with a key, on %s', (kind) => {
  let app: TestApp;
  let till: string;

  beforeAll(async () => {
    app = await startFloor(kind);
    till = await app.keyFor('cashier', ['main']);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const confirm = (handOff: Body, body: Record<string, unknown>, apiKey = till) =>
    app.post(`/handoffs/${handOff.id}/confirm`, body, { apiKey });

  it('takes the money and hands over at the counter by the customer’s code', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    const early = expectStatus(await confirm(handOff, { code }), 409).body;
    expect([early.code, early.balanceDueMinor]).toEqual(['MONEY_NOT_SETTLED', 100_000]);
    expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cash' }, { apiKey: till }), 201);
    const done = expectStatus(await confirm(handOff, { code }), 200).body;
    expect(done).toMatchObject({ status: 'confirmed', confirmedWith: 'code', changed: true, confirmedBy: 'cashier' });
    // The link lets its holder do what a cashier may not, such as telling that nobody came.
    expect(done.task.url).toBeUndefined();
    expect((await readOrder(app, order.id)).status).toBe('completed');
    expect(await taskOf(app, handOff)).toMatchObject({ status: 'done', outcome: 'done' });
    expect(expectStatus(await confirm(handOff, { code }), 200).body.changed).toBe(false);
  });

  it('has wrong codes counted like anybody, then needs a signature, and cannot do without as a manager can', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    const code = await codeTold(app, order);
    await payAtTheTill(app, order);
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      const { body } = expectStatus(await confirm(handOff, { code: otherThan(code) }), 409);
      expect([body.code, body.triesLeft]).toEqual(['HANDOFF_CODE_WRONG', triesLeft]);
    }
    expect((await confirm(handOff, { code })).body.code).toBe('CODE_TRIES_USED_UP');
    const without = expectStatus(await confirm(handOff, { note: 'I know her' }), 409).body;
    expect(without.code).toBe('HANDOFF_SIGNATURE_MISSING');
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 5 });
    const signed = expectStatus(await confirm(handOff, { signedBy: 'Rahima A.', signature: PIXEL }), 200).body;
    expect(signed).toMatchObject({ confirmedWith: 'signature', signedBy: 'Rahima A.' });
  });

  it('of another store is refused, and uses up no try of the customer’s code', async () => {
    const order = await pickedForPickup(app);
    const handOff = await openHandOff(app, order);
    await payAtTheTill(app, order);
    const other = await app.keyFor('cashier', ['other']);
    const { body } = expectStatus(await confirm(handOff, { code: '000000' }, other), 403);
    expect(body.code).toBe('STORE_NOT_ALLOWED');
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 0 });
  });

  it('does not hand over at the kerb or to a service: that is the floor’s, and the refusal says whose', async () => {
    const kerb = await fulfilledForKerb(app);
    const service = await fulfilledForKerb(app);
    const waiting = [
      await openHandOff(app, kerb, { method: 'kerbside', spot: 'Bay 2' }),
      await openHandOff(app, service, { method: 'delivery_service', service: 'Foodi' }),
    ];
    await payAtTheTill(app, kerb);
    for (const handOff of waiting) {
      const { body } = expectStatus(await confirm(handOff, { code: '000000' }), 403);
      expect(body).toMatchObject({
        code: 'ROLE_NOT_ALLOWED',
        allowedRoles: ['admin', 'store_manager', 'fulfillment_specialist'],
      });
    }
    for (const order of [kerb, service]) {
      expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 0 });
      expect((await readOrder(app, order.id)).status).toBe('awaiting_handoff');
    }
  });

  it('neither opens nor cancels a hand-off, and finishes its task by the proof alone', async () => {
    const order = await pickedForPickup(app);
    const opening = await app.post(`/orders/${order.id}/handoffs`, { method: 'counter' }, { apiKey: till });
    const handOff = await openHandOff(app, order);
    const cancelling = await app.post(`/handoffs/${handOff.id}/cancel`, {}, { apiKey: till });
    const completing = await app.post(`/tasks/${handOff.taskId}/complete`, { allDone: true }, { apiKey: till });
    for (const answer of [opening, cancelling, completing]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
    }
    for (const role of ['customer_service', 'reporting']) {
      const { body } = expectStatus(await confirm(handOff, { code: '000000' }, await app.keyFor(role)), 403);
      expect(body.allowedRoles).toContain('cashier');
    }
    expect(await handOffOf(app, order)).toMatchObject({ status: 'open', wrongTries: 0 });
  });
});

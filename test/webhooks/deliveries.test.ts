import { Webhook } from 'standardwebhooks';
import { deliverAgain } from '../../server/webhooks';
import { RETRY_WAITS_MS } from '../../server/webhooks/retry-waits';
import { takeUpOverdue } from '../../server/webhooks/webhooks.jobs';
import { openWebhooks, type Webhooks } from './open-webhooks';
import { Receiver } from './receiver';

import { DATABASES, emptyDatabase } from '../support/databases';

describe.each(DATABASES)('on %s', (kind) => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let webhooks: Webhooks;
  let receiver: Receiver;

  beforeEach(async () => {
    database = await emptyDatabase(kind);
    webhooks = await openWebhooks(database.url);
    receiver = await new Receiver().open();
  });

  afterEach(async () => {
    await webhooks.close();
    await receiver.close();
    await database.drop();
  });

  const subscribe = (events = ['*'], more: object = {}) =>
    webhooks.call('POST', '/webhooks', { url: receiver.url, events, ...more });
  const deliveries = async (query = '') => (await webhooks.call('GET', `/webhooks/deliveries${query}`)).body.items;

  async function later(ms: number): Promise<void> {
    webhooks.clock.advance(ms);
    await webhooks.relay.idle();
  }

  it('signs each delivery so that standardwebhooks accepts it, and refuses an altered one', async () => {
    const { body } = await subscribe();
    await webhooks.emit({
      orderId: 'ORDER',
      orderVersion: 2,
      data: { order: { number: '1001', status: 'pending' }, totalMinor: 5 },
    });
    await webhooks.relay.idle();
    const [{ headers, body: posted, json }] = receiver.received;
    const webhook = new Webhook(String(body.secret));
    expect(webhook.verify(posted, headers)).toEqual(json);
    expect(() => webhook.verify(posted.replace('1001', '1002'), headers)).toThrow();
    expect(headers['webhook-id']).toBe(json.id);
    expect(json).toEqual({
      id: expect.stringMatching(/^evt_[0-9A-Z]{26}$/),
      type: 'order.placed',
      timestamp: webhooks.clock.now(),
      data: {
        storeId: 'main',
        order: { id: 'ORDER', number: '1001', status: 'pending', version: 2, storeId: 'main' },
        totalMinor: 5,
      },
    });
  });

  it('tells a subscription what it asked for, of its store, once', async () => {
    await subscribe(['order.*', 'stock.low'], { storeId: 'dhaka' });
    for (const topic of ['order.placed', 'order.shipped', 'stock.low', 'stock.back', 'orders.other']) {
      await webhooks.emit({ topic, storeId: 'dhaka' });
    }
    await webhooks.emit({ topic: 'order.placed', storeId: 'sylhet' });
    await webhooks.relay.idle();
    expect(receiver.received.map(({ json }) => json.type).sort()).toEqual([
      'order.placed',
      'order.shipped',
      'stock.low',
    ]);
    expect((await deliveries()).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it.each([404, 410, 500, 302])('tries again after an answer of %i', async (status) => {
    receiver.answers = [status, 200];
    receiver.headers = { location: receiver.url };
    await subscribe();
    await webhooks.emit();
    await webhooks.relay.idle();
    expect(await deliveries()).toMatchObject([
      { status: 'failed', attempts: 1, lastStatus: status, lastError: expect.stringContaining(String(status)) },
    ]);
    await later(RETRY_WAITS_MS[0]);
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 2, lastStatus: 200, lastError: null }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('delivers everything once after the receiver was down, within 15 seconds of its return', async () => {
    await subscribe();
    await receiver.close();
    for (let number = 0; number < 5; number += 1) await webhooks.emit({ data: { number } });
    for (let waited = 0; waited < 20; waited += 1) await later(15_000);
    expect(await deliveries('?status=failed')).toMatchObject([
      { lastStatus: null, lastError: 'ECONNREFUSED' },
      {},
      {},
      {},
      {},
    ]);
    await receiver.open();
    await later(15_000);
    await later(3_600_000);
    expect(receiver.received.map(({ json }) => json.data.number).sort()).toEqual([0, 1, 2, 3, 4]);
    expect((await deliveries('?status=delivered')).length).toBe(5);
  });

  it('need not wait for hours: one success brings the others that could not be reached', async () => {
    await subscribe();
    await receiver.close();
    await webhooks.emit({ data: { number: 1 } });
    for (const waitMs of [0, ...RETRY_WAITS_MS.slice(0, 44)]) await later(waitMs);
    const [{ nextAt }] = await deliveries('?status=failed');
    expect(Date.parse(String(nextAt)) - Date.parse(webhooks.clock.now())).toBeGreaterThan(3_600_000);
    await receiver.open();
    await webhooks.emit({ data: { number: 2 } });
    await webhooks.relay.idle();
    expect(receiver.received.map(({ json }) => json.data.number).sort()).toEqual([1, 2]);
  });

  it('puts a delivery aside after about three days, and delivers it when a person asks again', async () => {
    receiver.answers = [500];
    await subscribe();
    await webhooks.emit();
    await webhooks.relay.idle();
    for (const waitMs of RETRY_WAITS_MS) await later(waitMs);
    const [dead] = await deliveries('?status=dead');
    expect(dead).toMatchObject({ attempts: RETRY_WAITS_MS.length + 1, lastStatus: 500 });
    const total = RETRY_WAITS_MS.reduce((sum, waitMs) => sum + waitMs, 0);
    expect(total / 3_600_000).toBeGreaterThan(48);
    receiver.answers = [200];
    expect((await webhooks.call('POST', `/webhooks/deliveries/${String(dead.id)}/retry`)).body.status).toBe('pending');
    await webhooks.relay.idle();
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(receiver.received[0].headers['webhook-id']);
  });

  it('delivers an event again under its first id when its pipeline stalled, and keeps that to itself', async () => {
    await subscribe();
    await webhooks.emit();
    await webhooks.relay.idle();
    const [{ eventId }] = await deliveries();
    await webhooks.emit({ topic: 'pipeline.stalled', data: { eventId } });
    await webhooks.relay.idle();
    expect(receiver.received.map(({ json }) => [json.type, json.id])).toEqual([
      ['order.placed', `evt_${String(eventId)}`],
      ['order.placed', `evt_${String(eventId)}`],
    ]);
    const again = { eventId: String(eventId), subscriptionId: 'ANOTHER' };
    expect(await webhooks.room.workroom.jobContext('test').transaction((ctx) => deliverAgain(ctx, again))).toBe(0);
  });

  it('keeps what is owed while a workflow is published anew, and lets go when it stays away', async () => {
    const { body } = await subscribe();
    receiver.answers = [404];
    await webhooks.emit();
    await webhooks.relay.idle();
    await webhooks.call('DELETE', `/webhooks/${String(body.id)}`);
    await later(60_000);
    expect(await deliveries()).toMatchObject([{ status: 'failed', lastError: 'The subscription has ended.' }]);
    receiver.answers = [200];
    expect((await subscribe()).body.id).toBe(body.id);
    await webhooks.relay.idle();
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);

    receiver.answers = [500];
    await webhooks.emit();
    await webhooks.relay.idle();
    await webhooks.call('DELETE', `/webhooks/${String(body.id)}`);
    await webhooks.emit();
    await later(11 * 60_000);
    expect(await deliveries('?status=dead')).toHaveLength(1);
    expect(await deliveries()).toHaveLength(2);
  });

  it('ends a subscription by itself when it was made for a time', async () => {
    const expiresAt = new Date(Date.parse(webhooks.clock.now()) + 120_000).toISOString();
    await subscribe(['*'], { expiresAt });
    webhooks.clock.advance(120_000);
    await webhooks.emit();
    await webhooks.relay.idle();
    expect(receiver.received).toEqual([]);
    expect((await webhooks.call('GET', '/webhooks')).body.items).toEqual([]);
  });

  it('makes an attempt that was cut off again, even when its job is lost', async () => {
    await subscribe();
    await webhooks.emit();
    await webhooks.relay.idle();
    await webhooks.room.workroom.jobContext('test').transaction((ctx) =>
      // As a killed process leaves it: begun, and nobody left to finish it.
      ctx.execute(`UPDATE webhook_deliveries SET status = 'pending', delivered_at = NULL`),
    );
    webhooks.clock.advance(3 * 60_000);
    await takeUpOverdue(webhooks.room.workroom.jobContext('test'));
    await webhooks.relay.idle();
    expect(receiver.received).toHaveLength(2);
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it('lists deliveries page by page, without what was in them', async () => {
    await subscribe();
    for (let number = 0; number < 5; number += 1) await webhooks.emit({ orderId: number === 3 ? 'ORDER' : undefined });
    await webhooks.relay.idle();
    const first = (await webhooks.call('GET', '/webhooks/deliveries?limit=3')).body;
    const second = (await webhooks.call('GET', `/webhooks/deliveries?limit=3&after=${String(first.nextCursor)}`)).body;
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(first.items[0]).not.toHaveProperty('payload');
    expect(await deliveries('?orderId=ORDER')).toHaveLength(1);
    expect((await webhooks.call('GET', '/webhooks/deliveries', undefined, 'dhaka')).body.items).toEqual([]);
  });
});

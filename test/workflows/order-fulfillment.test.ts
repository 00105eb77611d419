import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { PipelineShop } from './pipeline-shop';
import { ALL_WORK, type Json } from './runs';

const FULFILLMENT = 'olOrderFulfillment';
const MOVES = ['order.place', 'order.confirm', 'order.process', 'order.fulfill', 'order.ship'] as const;
const LOOK_EVERY_MS = 5;
const LOOKS_MAX = 12_000;
const RACES = 6;
/** From one race to the next the cancellation comes this much later. */
const RACE_STEP_MS = 120;
/** n8n on a busy machine takes as long to start again; a run is given up after four times this. */
const STALL_MS = 15_000;

/** The main job in the real n8n: an order arrives, is confirmed, picked by a person, booked with the courier and shipped. */
describe('Order fulfillment in the real n8n', () => {
  let shop: PipelineShop;

  beforeAll(async () => {
    const pipelines = ['order-received.json', 'order-fulfillment.json', 'pickup-handoff.json'];
    shop = await PipelineShop.open(pipelines, { PIPELINE_STALL_MS: String(STALL_MS) });
  }, 240_000);
  afterAll(() => shop?.close());

  /** The run waits for the picker once it says so itself. */
  async function asleep(order: Json, kind = 'picking'): Promise<void> {
    await shop.floor.openTask(order, kind);
    await eventually('the run to wait', async () => {
      const asleepIn = shop.read(
        `SELECT w.id FROM waits w JOIN pipeline_runs r ON r.execution_id = w.execution_id
          WHERE r.order_id = :orderId AND w.status = 'waiting'`,
        { orderId: order.id },
      );
      const runs = await shop.n8n.executions(FULFILLMENT);
      return asleepIn.length > 0 && runs.every(({ status }) => status !== 'running' && status !== 'new');
    });
  }

  /** Looks so often that what comes next, such as a kill, comes before the run's next step. */
  async function atOnceAfter(sql: string, order: Json): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      if (shop.read(sql, { orderId: order.id }).length > 0) return;
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`It never came to be: ${sql}`);
  }

  function parcelsOf({ number }: Json): Promise<Json[]> {
    return fetch(`${shop.service.url}/sandbox/steadfast/control/parcels`)
      .then((answer) => answer.json() as Promise<{ items: Json[] }>)
      .then(({ items }) => items.filter(({ invoice }) => String(invoice).startsWith(number)));
  }

  /** Shipped once: one of everything, whatever was killed on the way, and the ledger agrees. */
  async function expectShippedOnce(placed: Json): Promise<Json> {
    const order = await shop.untilStatus(placed, 'shipped');
    const mails = await shop.customerMails(placed);
    // A mail that was in hand when the service was killed comes after later ones: its order is not promised.
    expect(mails.map(({ subject }) => subject).sort()).toEqual([
      expect.stringMatching(/confirmed/i),
      expect.stringMatching(/on its way|shipped/i),
    ]);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    expect(await shop.floor.countActions(order, ...MOVES)).toEqual(Object.fromEntries(MOVES.map((name) => [name, 1])));
    expect((await shop.floor.tasksOf(order)).map(({ kind }) => kind as string).reverse()).toEqual(ALL_WORK);
    const [parcel, ...more] = await parcelsOf(order);
    expect(more).toEqual([]);
    const labels = shop.read('SELECT id FROM labels WHERE order_id = :orderId', { orderId: order.id });
    expect(labels).toHaveLength(1);
    expect(JSON.stringify(order)).toContain(String(parcel?.tracking_code));
    await shop.expectBooksAgree();
    return order;
  }

  it('takes a wallet order from placed to shipped, and leaves a trail that adds up', async () => {
    const before = await shop.floor.stock();
    const placed = await shop.placePaid();
    await asleep(placed);
    expect(await shop.order(placed)).toMatchObject({ status: 'processing', paymentStatus: 'paid' });
    await shop.floor.finish(placed, ...ALL_WORK);
    const order = await expectShippedOnce(placed);
    expect(await shop.floor.stock()).toEqual({
      ...before,
      onHand: before.onHand - 2,
      available: before.available - 2,
      outgoing: before.outgoing + 2,
    });
    expect(await shop.entriesOf(order)).toEqual(['paid', 'placed']);
    await shop.expectMovedByPipeline(order, {
      'order.confirm': 'olOrderReceived',
      'order.process': FULFILLMENT,
      'order.fulfill': FULFILLMENT,
      'order.ship': FULFILLMENT,
    });
  }, 240_000);

  it('has the courier collect what is due, no more and no less', async () => {
    const order = await shop.place();
    await shop.floor.finish(order, ...ALL_WORK);
    expect(await expectShippedOnce(order)).toMatchObject({ paymentStatus: 'cod_due' });
    expect(await parcelsOf(order)).toMatchObject([{ cod_amount: order.balanceDueMinor / 100 }]);
  }, 240_000);

  it('makes an order for pickup ready and tells the customer to come', async () => {
    const order = await shop.place({ fulfillmentMethod: 'pickup', paymentMethod: 'cash', shippingAddress: undefined });
    await shop.floor.finish(order, 'picking', 'packing');
    await shop.untilStatus(order, 'ready_for_pickup');
    await shop.untilMail(order.customer.email, /ready/i);
    const subjects = (await shop.customerMails(order)).map(({ subject }) => subject);
    expect(subjects).toEqual([expect.stringMatching(/confirmed/i), expect.stringMatching(/ready/i)]);
    expect(await parcelsOf(order)).toEqual([]);
  }, 240_000);

  it('leaves to a person, and says so once, what the courier does not take', async () => {
    const faults = (times: number): Promise<Response> =>
      fetch(`${shop.service.url}/sandbox/steadfast/control/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults: times ? [{ kind: 'rejected', times }] : [] }),
      });
    const order = await shop.place();
    await asleep(order);
    await faults(100);
    await shop.floor.finish(order, 'picking', 'packing');
    await shop.untilMail('mina@example.com', new RegExp(`courier.*${order.number}`));
    expect(await shop.order(order)).toMatchObject({ status: 'fulfilled' });
    await faults(0);
    await shop.floor.call('PUT', `/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    await shop.untilQuiet();
    const told = (await shop.mails('mina@example.com')).filter(({ subject }) => subject.includes('courier'));
    expect(told).toHaveLength(1);
    await shop.expectBooksAgree();
  }, 240_000);

  it('goes on when n8n was killed right after the order was confirmed', async () => {
    const order = await shop.placePaid();
    await atOnceAfter(`SELECT id FROM order_moves WHERE order_id = :orderId AND move = 'confirm'`, order);
    await shop.n8n.kill();
    await shop.n8n.start();
    await shop.floor.finish(order, ...ALL_WORK);
    await expectShippedOnce(order);
  }, 300_000);

  it('goes on when n8n was killed while the run waited, and the service too', async () => {
    const order = await shop.placePaid();
    await asleep(order);
    await Promise.all([shop.n8n.kill(), shop.service.kill()]);
    await shop.service.start();
    await shop.floor.finish(order);
    await shop.n8n.start();
    await shop.floor.finish(order, 'packing', 'pickup_dispatch');
    await expectShippedOnce(order);
  }, 300_000);

  it.each([
    [
      'the courier was booked',
      ['picking', 'packing'],
      `SELECT id FROM consignments WHERE order_id = :orderId AND tracking_code IS NOT NULL`,
    ],
    [
      'it shipped, before the customer knew',
      ALL_WORK,
      `SELECT id FROM order_moves WHERE order_id = :orderId AND move = 'ship'`,
    ],
  ])(
    'goes on when n8n was killed right after %s',
    async (_what, done, sql) => {
      const order = await shop.placePaid();
      await asleep(order);
      await shop.floor.finish(order, ...done);
      await atOnceAfter(sql, order);
      await shop.n8n.kill();
      await shop.n8n.start();
      for (const kind of ALL_WORK.slice(done.length)) await shop.floor.finish(order, kind);
      await shop.untilMail(order.customer.email, /on its way/);
      await expectShippedOnce(order);
    },
    300_000,
  );

  it('delivers what it owes once n8n, which was down when the order came, is back', async () => {
    await shop.n8n.kill();
    const order = await shop.placePaid();
    await shop.n8n.start();
    await shop.floor.finish(order, ...ALL_WORK);
    await expectShippedOnce(order);
  }, 300_000);

  it('ships or cancels, never both, when somebody cancels while it ships', async () => {
    const before = await shop.floor.stock();
    const orders: Json[] = [];
    while (orders.length < RACES) orders.push(await shop.place());
    await Promise.all(orders.map((order) => shop.floor.finish(order, 'picking', 'packing')));
    for (const order of orders) await asleep(order, 'pickup_dispatch');
    await Promise.all(
      orders.map(async (order, n) => {
        await shop.floor.finish(order, 'pickup_dispatch');
        await sleep(n * RACE_STEP_MS);
        const request = { reason: 'operational', note: 'race' };
        const answer = await shop.service.call('POST', `/orders/${order.id}/cancel`, request);
        expect([200, 202, 409]).toContain(answer.status);
      }),
    );
    let shipped = 0;
    for (const order of orders) {
      const { status } = await shop.untilStatus(order, 'shipped', 'cancelled');
      const moves = await shop.floor.countActions(order, 'order.ship', 'order.cancel');
      expect({ status, ...moves }).toEqual(
        status === 'shipped'
          ? { status, 'order.ship': 1, 'order.cancel': 0 }
          : { status, 'order.ship': 0, 'order.cancel': 1 },
      );
      shipped += Number(status === 'shipped');
    }
    await shop.untilQuiet();
    await shop.expectBooksAgree();
    const after = await shop.floor.stock();
    expect(after).toMatchObject({ reserved: before.reserved, outgoing: before.outgoing + 2 * shipped });
    await eventually('the runs that were overtaken to be excused', async () => {
      const { items } = await shop.floor.call('GET', '/incidents');
      if ((items as Json[]).some(({ status }) => status !== 'resolved')) throw new Error(JSON.stringify(items));
      return true;
    });
  }, 300_000);
});

import { eventually } from '../support/eventually';
import { MANAGER, PipelineShop } from './pipeline-shop';
import { type Json, RUN_WITHIN_MS } from './runs';

const HANDOFF = 'olPickupHandoff';
const COUNTER = 'olCounterPickup';
const CODE = /(?:Your code, for us alone|Give this code to the rider of .+ only): (\d{6})/;
const LATE_MS = 1000;

/** What the customer's mails say, the newest first. */
async function textsTo(shop: PipelineShop, { customer }: Json): Promise<string[]> {
  const mails = (await shop.mails(customer.email)) as unknown as { id: string }[];
  return Promise.all(
    mails.map(async ({ id }) => {
      const mail = (await (await fetch(`${shop.service.url}/mailbox/${id}.json`)).json()) as { text: string };
      return mail.text;
    }),
  );
}

function codeTold(shop: PipelineShop, order: Json): Promise<string> {
  return eventually(
    'the code to be told',
    async () => {
      const code = (await textsTo(shop, order)).map((text) => CODE.exec(text)?.[1]).find(Boolean);
      if (!code) throw new Error('Not yet');
      return code;
    },
    RUN_WITHIN_MS,
  );
}

const handOffOf = async (shop: PipelineShop, order: Json): Promise<Json> =>
  ((await shop.order(order)).handoffs as Json[]).at(-1) ?? {};
const move = (shop: PipelineShop, { id }: Json, name: string, more: Json = {}): Promise<Json> =>
  shop.floor.call('PUT', `/orders/${id}/status`, { move: name, ...more });
const payAtTheTill = (shop: PipelineShop, { id }: Json): Promise<Json> =>
  shop.floor.call('POST', `/orders/${id}/payments`, { method: 'cash' });
const untilAsleep = (shop: PipelineShop, workflowId: string): Promise<Json> =>
  eventually(
    'a run to sleep',
    async () => {
      const asleep = (await shop.n8n.executions(workflowId)).find(({ status }) => status === 'waiting');
      if (!asleep) throw new Error('None does');
      return asleep;
    },
    RUN_WITHIN_MS,
  );

async function subjectsOf(shop: PipelineShop, order: Json): Promise<string[]> {
  return (await shop.customerMails(order)).map(({ subject }) => subject);
}

describe('pickup-handoff in the real n8n', () => {
  let shop: PipelineShop;
  beforeAll(async () => {
    shop = await PipelineShop.open(['pickup-handoff.json']);
  }, 240_000);
  afterAll(() => shop?.close());

  async function prepared(overrides: Json = {}): Promise<Json> {
    const order = await shop.place({ paymentMethod: 'cash', fulfillmentMethod: 'pickup', ...overrides });
    await move(shop, order, 'process');
    const { lines } = await shop.order(order);
    await shop.floor.call('PUT', `/orders/${order.id}/items/${lines[0].id}/status`, { status: 'prepared' });
    return order;
  }

  it('tells the customer the code, sleeps through a crash of both servers, and thanks once it is handed over', async () => {
    const order = await prepared();
    await move(shop, order, 'ready');
    const code = await codeTold(shop, order);
    await untilAsleep(shop, HANDOFF);
    await Promise.all([shop.service.kill(), shop.n8n.kill()]);
    await shop.service.start();
    await shop.n8n.start();
    await payAtTheTill(shop, order);
    const { id } = await handOffOf(shop, order);
    await shop.floor.call('POST', `/handoffs/${id}/confirm`, { code });
    expect(await shop.untilStatus(order, 'completed')).toMatchObject({ paymentStatus: 'paid' });
    await shop.untilMail(order.customer.email, /arrived/);
    expect(await subjectsOf(shop, order)).toEqual([
      expect.stringMatching(/ready to collect/),
      expect.stringMatching(/arrived/),
    ]);
    expect((await shop.order(order)).handoffs).toHaveLength(1);
    await shop.expectBooksAgree();
  }, 300_000);

  it('brings the goods out to the kerb, and ends with the order when that is cancelled', async () => {
    const [kerb, gone] = [await prepared({ fulfillmentMethod: 'curbside' }), await prepared()];
    await move(shop, kerb, 'fulfill');
    await move(shop, kerb, 'await_handoff', { method: 'kerbside', spot: 'Bay 2' });
    await move(shop, gone, 'ready');
    const code = await codeTold(shop, kerb);
    expect((await textsTo(shop, kerb))[0]).toContain('Bay 2');
    await codeTold(shop, gone);
    await shop.floor.call('POST', `/orders/${gone.id}/cancel`, { reason: 'operational', note: 'sold', notify: false });
    await payAtTheTill(shop, kerb);
    await shop.floor.call('POST', `/handoffs/${(await handOffOf(shop, kerb)).id}/confirm`, { code });
    await shop.untilStatus(kerb, 'completed');
    await shop.untilQuiet();
    expect(await handOffOf(shop, gone)).toMatchObject({ status: 'cancelled' });
    expect(await subjectsOf(shop, gone)).toHaveLength(1);
    const left = (await shop.n8n.executions(HANDOFF)).filter(({ status }) => status !== 'success');
    expect(left).toEqual([]);
  }, 240_000);

  it('reminds a customer who does not come, once and with the same code', async () => {
    const soon = shop.changed('pickup-handoff.json', ({ nodes }) => {
      for (const { name, parameters } of nodes as Json[])
        if (['Open Hand-Off', 'Wait for the Hand-Over'].includes(name as string))
          parameters.dueAt = `={{ $now.plus({ milliseconds: ${LATE_MS} }).toISO() }}`;
    });
    await shop.n8n.publish([soon]);
    const order = await prepared();
    await move(shop, order, 'ready');
    const code = await codeTold(shop, order);
    await eventually(
      'the reminder',
      async () => {
        const texts = await textsTo(shop, order);
        if (texts.filter((text) => CODE.exec(text)?.[1] === code).length < 2) throw new Error('Not yet');
        return true;
      },
      RUN_WITHIN_MS,
    );
    expect(await subjectsOf(shop, order)).toHaveLength(2);
    expect((await handOffOf(shop, order)).overdueAt).not.toBeNull();
    await shop.floor.call('POST', `/orders/${order.id}/cancel`, { reason: 'operational', note: 'sold', notify: false });
    await shop.untilQuiet();
  }, 240_000);
});

describe('counter-pickup in the real n8n', () => {
  let shop: PipelineShop;
  beforeAll(async () => {
    shop = await PipelineShop.open(['counter-pickup.json', 'payment-verification.json']);
    await shop.floor.call('POST', '/users', { name: 'Salma', email: 'salma@example.com', role: 'cashier' });
  }, 240_000);
  afterAll(() => shop?.close());

  const place = (overrides: Json = {}): Promise<Json> =>
    shop.place({ paymentMethod: 'cash', fulfillmentMethod: 'pickup', ...overrides });

  it('takes an order from new to completed: picked, paid at the till, handed over by its code', async () => {
    const before = await shop.floor.stock();
    const order = await place();
    await shop.untilStatus(order, 'processing');
    await shop.floor.finish(order);
    await shop.untilStatus(order, 'ready_for_pickup');
    const code = await codeTold(shop, order);
    const till = await shop.untilMail('salma@example.com', new RegExp(order.number as string));
    expect(till.subject).toContain(order.number);
    await payAtTheTill(shop, order);
    await shop.floor.call('POST', `/handoffs/${(await handOffOf(shop, order)).id}/confirm`, { code });
    await shop.untilStatus(order, 'completed');
    await shop.untilMail(order.customer.email, /arrived/);
    await shop.expectMovedByPipeline(order, { 'order.process': COUNTER, 'order.ready': COUNTER });
    expect(await shop.floor.stock()).toMatchObject({ onHand: before.onHand - 2, reserved: before.reserved });
    await shop.expectBooksAgree();
  }, 240_000);

  it('waits for the money of who pays ahead, then goes on', async () => {
    const order = await place({ paymentMethod: 'bkash' });
    await shop.untilMail(order.customer.email, /pay/i);
    expect((await shop.order(order)).status).toBe('pending');
    const transactionId = `DK${String(process.pid).padStart(8, '0')}`;
    await shop.floor.call('POST', `/orders/${order.id}/payments`, { method: 'bkash', transactionId });
    await shop.untilStatus(order, 'processing');
    expect(await shop.floor.countActions(order, 'order.process')).toEqual({ 'order.process': 1 });
    await shop.floor.cancel(order);
  }, 240_000);

  /** One of two is there; a manager says what becomes of the other. */
  async function shortThenDecided(answer: Json): Promise<Json> {
    const order = await place();
    await shop.floor.finishShort(order);
    const task = await shop.floor.openTask(order, 'shortage_decision');
    const { lines } = await shop.order(order);
    const body = { lines: [{ id: lines[0].id, ...answer }], reason: 'nothing left on the shelf' };
    await shop.floor.call('POST', `/tasks/${task.id}/shortage_decision`, body);
    return order;
  }

  async function handedOver(order: Json): Promise<void> {
    await shop.untilStatus(order, 'ready_for_pickup');
    const code = await codeTold(shop, order);
    await payAtTheTill(shop, order);
    await shop.floor.call('POST', `/handoffs/${(await handOffOf(shop, order)).id}/confirm`, { code });
    await shop.untilStatus(order, 'completed');
    await shop.untilQuiet();
    await shop.expectBooksAgree();
  }

  it('has a manager answer for what is missing: the customer waits, is told, and comes once it is here', async () => {
    const order = await shortThenDecided({ resolution: 'backorder' });
    expect(await subjectsOf(shop, order)).toContainEqual(expect.stringMatching(/missing/i));
    expect((await shop.order(order)).status).toBe('processing');
    const lines = [{ sku: 'TEA-01', quantity: 1, unitCostMinor: 20_000 }];
    await shop.floor.call('POST', '/inventory/receipts', { lines, reference: `PO-${order.number}` });
    await shop.floor.finish(order);
    await handedOver(order);
    expect(await shop.floor.countActions(order, 'order.ready')).toEqual({ 'order.ready': 1 });
  }, 240_000);

  it('has something else picked, or hands over what there is for less', async () => {
    const other = { sku: 'TEA-02', name: 'Oolong 100 g', priceMinor: 40_000, costMinor: 25_000 };
    await shop.floor.call('POST', '/products', { ...other, category: 'tea', weightGrams: 120 });
    const goods = [{ sku: 'TEA-02', quantity: 5, unitCostMinor: 25_000 }];
    await shop.floor.call('POST', '/inventory/receipts', { lines: goods, reference: 'PO-OOLONG' });
    const consent = { given: true, how: 'at the counter' };
    const replaced = await shortThenDecided({
      resolution: 'substitute',
      sku: 'TEA-02',
      pricePolicy: 'lower',
      consent,
    });
    await shop.floor.finish(replaced);
    await handedOver(replaced);
    const refunded = await shortThenDecided({ resolution: 'refund' });
    await handedOver(refunded);
    for (const order of [replaced, refunded])
      expect(await subjectsOf(shop, order)).toContainEqual(expect.stringMatching(/missing/i));
    expect((await shop.order(refunded)).lines).toMatchObject([{ preparedQuantity: 1, cancelledQuantity: 1 }]);
  }, 240_000);

  it('ends quietly with an order that is cancelled, and tells the manager of a hand-over that somebody called off', async () => {
    const [short, gone, kept] = [await place(), await place(), await place()];
    await shop.floor.finishShort(short);
    await shop.floor.openTask(short, 'shortage_decision');
    await shop.floor.openTask(gone);
    for (const { id } of [short, gone])
      await shop.floor.call('POST', `/orders/${id}/cancel`, { reason: 'operational', note: 'sold', notify: false });
    await shop.floor.finish(kept);
    await shop.untilStatus(kept, 'ready_for_pickup');
    await codeTold(shop, kept);
    await untilAsleep(shop, COUNTER);
    await shop.floor.call('POST', `/tasks/${(await shop.floor.openTask(kept, 'hand_off')).id}/cancel`, { note: 'no' });
    await shop.untilMail(MANAGER, new RegExp(`Nobody hands over order ${kept.number}`));
    await shop.untilQuiet();
    expect((await shop.order(gone)).handoffs).toEqual([]);
    expect(await subjectsOf(shop, short)).not.toContainEqual(expect.stringMatching(/missing/i));
    const toManager = (await shop.mails(MANAGER)).map(({ subject }) => subject);
    expect(toManager.filter((one) => /Nobody hands over/.test(one))).toHaveLength(1);
    const failed = (await shop.n8n.executions(COUNTER)).filter(({ status }) => status === 'error');
    expect(failed).toEqual([]);
    await shop.expectBooksAgree();
  }, 240_000);
});

import type { CommandContext, JobContext } from '../../server/platform/context';
import { UnavailableError } from '../../server/platform/errors';
import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';

type Transaction = JobContext['transaction'];

describe.each(DATABASES)('What a courier says, on %s', (kind) => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const job = () => desk.app.service.workroom.jobContext('test');
  const change = (work: (ctx: CommandContext) => Promise<unknown>) => job().transaction(work);
  const stored = async (id: string) => {
    const [row] = await job().read.select<{ status: string; newsOpen: number; problem: string | null }>(
      'SELECT status, news_open, problem FROM consignments WHERE id = :id',
      { id },
    );
    return row;
  };
  /** Tells the order of its parcel's news, with transactions that go as the test wants. */
  const tell = (order: Record<string, any>, id: string, transaction: Transaction = job().transaction) => {
    const { subscriptions } = desk.app.service.workroom.registry;
    const topic = 'consignment.status_changed';
    const { handle } = subscriptions.find(({ name }) => name === `fulfillment.take_news_${topic}`)!;
    const event = { id: 'e', topic, occurredAt: job().read.now, storeId: 'main', orderId: order.id };
    return handle({ ...job(), transaction }, { ...event, data: { consignment: { id } } });
  };

  it('is taken in later when the ledger was too busy for it', async () => {
    const order = await desk.ready();
    const { id } = expectStatus(await desk.book(order, { ship: true }), 201).body;
    await desk.app.settled();
    const said = `UPDATE consignments SET status = 'delivered', news_open = 1, open_marker = NULL WHERE id = :id`;
    await change((ctx) => ctx.execute(said, { id }));
    let tries = 0;
    const busyOnce: Transaction = (work) => {
      tries += 1;
      if (tries > 1) return job().transaction(work);
      return Promise.reject(new UnavailableError('DATABASE_BUSY', 'The ledger is busy.'));
    };
    await expect(tell(order, id, busyOnce)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    expect(await stored(id)).toMatchObject({ problem: null });
    await tell(order, id);
    expect((await desk.read(order)).status).toBe('delivered');
  });

  it('while the order refuses what it said before is not lost, and what is refused leaves its number behind', async () => {
    const order = await desk.inWork();
    const { id, trackingCode } = expectStatus(await desk.book(order), 201).body;
    await desk.app.settled();
    // As if it had been booked to be shipped and nobody had looked yet: an order in work cannot be shipped.
    await change(async (ctx) => {
      await ctx.execute(`UPDATE orders SET handover = '{}' WHERE id = :id`, { id: order.id });
      await ctx.execute(
        `UPDATE consignments SET status = 'pending', news_open = 1, ship_when_booked = 1 WHERE id = :id`,
        { id },
      );
    });
    let tries = 0;
    const saysMore: Transaction = async (work) => {
      tries += 1;
      if (tries === 2) {
        await change((ctx) => ctx.execute(`UPDATE consignments SET status = 'on_hold' WHERE id = :id`, { id }));
      }
      return job().transaction(work);
    };
    await tell(order, id, saysMore);
    expect(tries).toBe(2);
    expect(await stored(id)).toMatchObject({ status: 'on_hold', problem: null });
    expect(Number((await stored(id))?.newsOpen)).toBe(1);

    await tell(order, id);
    const { consignments, handover } = await desk.read(order);
    expect(consignments[0].problem.message).toContain('could not follow its courier');
    expect(Number((await stored(id))?.newsOpen)).toBe(0);
    expect(handover).toEqual({ carrier: 'steadfast', trackingNumber: trackingCode });
  });

  it('of a parcel it will not carry takes that parcel’s number off an order that is still here', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order), 201);
    expect((await desk.read(order)).handover).toMatchObject({ trackingNumber: body.trackingCode });
    await desk.says(body.reference, 'cancelled');
    expect((await desk.sync(body.id)).body.status).toBe('cancelled');
    expect(await desk.read(order)).toMatchObject({ status: 'fulfilled', handover: {} });
    const shipped = await desk.app.put(`/orders/${order.id}/status`, { move: 'ship' });
    expect(shipped).toMatchObject({ status: 422, body: { code: 'FIELD_REQUIRED' } });
    expectStatus(await desk.book(order, { ship: true }), 201);
    expect((await desk.read(order)).status).toBe('shipped');
    await move(desk.app, order.id, 'deliver');
  });
});

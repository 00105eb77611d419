import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { expectStatus } from '../support/shop';
import { N8nRunner } from './n8n-runner';

describe('Send to Courier', () => {
  let desk: CourierDesk;
  let n8n: N8nRunner;

  beforeAll(async () => {
    desk = await openDesk('sqlite');
    n8n = await N8nRunner.start(desk.app);
  });
  afterAll(() => desk.close());

  const itemOf = ({ id, number, status, version }: Record<string, any>, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });

  it('books each order, pairs it with its item, and carries the order as it is now', async () => {
    const orders = [await desk.ready(), await desk.ready()];
    const items = orders.map((order, n) => itemOf(order, { eventId: `evt_courier_${n}`, kept: n }));
    const { outputs } = await n8n.runNode('sendToCourier', { ship: true, options: { note: 'ring twice' } }, items);
    expect(outputs[1]).toEqual([]);
    expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
    for (const [n, order] of orders.entries()) {
      expect(outputs[0]?.[n]?.json).toMatchObject({
        kept: n,
        order: { id: order.id, status: 'shipped' },
        consignment: {
          courier: 'steadfast',
          reference: order.number,
          trackingCode: expect.stringMatching(/^[0-9A-F]{8}$/),
          trackingUrl: expect.stringMatching(/^http:\/\/localhost:\d+\/sandbox\/steadfast\/t\//),
          status: 'in_review',
          codAmountMinor: 100_000,
        },
      });
    }
    const again = await n8n.runNode('sendToCourier', { ship: true, options: { note: 'ring twice' } }, items);
    expect((again.outputs[0]?.[0]?.json.consignment as any).id).toBe((outputs[0]?.[0]?.json.consignment as any).id);
    expect(await desk.parcels()).toHaveLength(2);
  });

  it('sends what the courier refuses by its own output, with what to mend', async () => {
    const [refused, faulty] = [await desk.inWork(), await desk.inWork({ customer: { name: 'Rahima' } })];
    await desk.breaks({ kind: 'rejected' });
    const { outputs } = await n8n.runNode('sendToCourier', {}, [itemOf(refused), itemOf(faulty)]);
    expect(outputs[0]).toEqual([]);
    expect(outputs[1]?.map(({ json }) => json.consignment)).toMatchObject([
      {
        status: 'rejected',
        courier: 'steadfast',
        code: 'COURIER_REJECTED',
        detail: expect.stringContaining('not served'),
        errors: [{ path: 'shippingAddress.line1' }],
      },
      { status: 'rejected', code: 'RECIPIENT_PHONE_MISSING', errors: [{ path: 'customer.phone' }] },
    ]);
  });

  it('shows a refusal of the order as an error', async () => {
    const order = await desk.inWork();
    expectStatus(await desk.app.post(`/orders/${order.id}/holds`, { reason: 'fraud' }), 201);
    const { run } = await n8n.runNode('sendToCourier', {}, [itemOf(order)]);
    expect(run.data.resultData.error).toMatchObject({ message: expect.stringContaining('on hold'), httpCode: '409' });
  });

  it('asks again while the courier does not answer', async () => {
    const order = await desk.inWork();
    // The third attempt comes after six seconds; the request waits for eight.
    await desk.breaks({ kind: 'error_500', times: 3 });
    const running = n8n.runNode('sendToCourier', {}, [itemOf(order)]);
    await new Promise((done) => setTimeout(done, 9_000));
    const [row] = (await desk.read(order)).consignments;
    expect(row).toMatchObject({ status: 'booking', attempts: 3 });
    // The courier's next turn is brought forward, so that the test need not wait for it.
    const job = desk.app.service.workroom.jobContext('test');
    const past = '2000-01-01T00:00:00.000Z';
    await job.transaction((ctx) =>
      ctx.execute('UPDATE consignments SET next_at = :past WHERE id = :id', { past, id: row.id }),
    );
    await desk.runSweep('shipping.overdue_bookings');
    const { outputs } = await running;
    expect(outputs[0]?.[0]?.json.consignment).toMatchObject({ id: row.id, status: 'in_review', attempts: 4 });
  });

  it('fails clearly when nobody knows whether the courier took the parcel', async () => {
    const order = await desk.inWork();
    await desk.breaks({ kind: 'error_500', times: 10 });
    const running = n8n.runNode('sendToCourier', {}, [itemOf(order)]);
    await new Promise((done) => setTimeout(done, 9_000));
    const [row] = (await desk.read(order)).consignments;
    const job = desk.app.service.workroom.jobContext('test');
    const set = `attempts = 6, next_at = '2000-01-01T00:00:00.000Z'`;
    await job.transaction((ctx) => ctx.execute(`UPDATE consignments SET ${set} WHERE id = :id`, { id: row.id }));
    await desk.runSweep('shipping.overdue_bookings');
    const { run } = await running;
    expect(run.data.resultData.error).toMatchObject({
      message: expect.stringContaining('Nobody knows'),
      httpCode: '503',
    });
    expect(run.data.resultData.error?.description).toContain('CONSIGNMENT_NOT_BOOKED');
    await desk.breaks();
  });

  it('can be previewed', async () => {
    const order = await desk.inWork();
    const { outputs } = await n8n.runNode('sendToCourier', { previewOnly: true }, [itemOf(order)]);
    expect(outputs[0]?.[0]?.json.preview).toMatchObject({
      effects: { messages: [{ to: 'Steadfast', codAmountMinor: 100_000 }] },
      result: { reference: order.number },
    });
    expect(await desk.parcelOf(order.number)).toBeUndefined();
  });
});

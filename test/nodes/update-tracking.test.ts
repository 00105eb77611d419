import { type CourierDesk, openDesk } from '../shipping/courier-desk';
import { expectStatus } from '../support/shop';
import { itemOf, N8nRunner } from './n8n-runner';

type Json = Record<string, any>;

const RIDERS = { carrier: 'city riders', trackingNumber: 'CR-77', trackingUrl: 'https://riders.example/CR-77' };

describe('Update Tracking', () => {
  let desk: CourierDesk;
  let n8n: N8nRunner;

  beforeAll(async () => {
    desk = await openDesk('sqlite');
    n8n = await N8nRunner.start(desk.app);
  });
  afterAll(() => desk.close());

  const run = async (parameters: Json, items: any[], more = {}) =>
    (await n8n.runNode('updateTracking', parameters, items, more)).outputs[0] ?? [];
  const versionOf = async (order: Json): Promise<number> => (await desk.read(order)).version as number;

  it('takes carrier and number from the booked parcel of each order, when nothing is given', async () => {
    const orders = [await desk.ready(), await desk.ready()];
    const parcels = [];
    for (const order of orders) parcels.push(expectStatus(await desk.book(order, { ship: true }), 201).body);
    const outputs = await run(
      {},
      orders.map((order, n) => ({ ...itemOf(order), kept: n })),
    );
    expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
    for (const [n, order] of orders.entries()) {
      expect(outputs[n]?.json).toMatchObject({
        kept: n,
        order: { id: order.id, status: 'shipped', version: await versionOf(order) },
        tracking: {
          ...{ changed: false, source: 'courier', carrier: 'steadfast' },
          ...{ trackingNumber: parcels[n]?.trackingCode, trackingUrl: parcels[n]?.trackingUrl },
        },
      });
    }
  });

  it('writes what is given once for a run, however often that run is started, and again for another', async () => {
    const order = await desk.ready();
    const item = { ...itemOf(order), eventId: 'evt_tracking' };
    const [first] = await run(RIDERS, [item]);
    expect(first?.json).toMatchObject({ tracking: { ...RIDERS, changed: true, source: 'given' } });
    const version = await versionOf(order);
    expect((first?.json.order as Json).version).toBe(version);
    expectStatus(await desk.app.put(`/orders/${order.id}/tracking`, { trackingNumber: 'CR-78' }), 200);
    // The run is started again after somebody corrected it: its old word does not come back.
    expect((await run(RIDERS, [item]))[0]?.json.tracking).toEqual(first?.json.tracking);
    expect(await desk.read(order)).toMatchObject({ version: version + 1, handover: { trackingNumber: 'CR-78' } });
    await run({ trackingNumber: 'CR-79' }, [item]);
    await run({ ...RIDERS, reference: 'corrected' }, [item]);
    expect(await desk.read(order)).toMatchObject({ handover: RIDERS });
  });

  it('shows in a preview what it would write', async () => {
    const order = await desk.ready();
    const [item] = await run({ ...RIDERS, previewOnly: true }, [itemOf(order)]);
    expect(item?.json).toMatchObject({
      order: { id: order.id, version: order.version },
      preview: { effects: { events: [{ topic: 'order.tracking_updated' }] }, result: { changed: true, ...RIDERS } },
    });
    expect(item?.json).not.toHaveProperty('tracking');
    expect((await desk.read(order)).handover).toEqual({});
  });

  it('tells at its own item why nothing is written, and goes on with the others', async () => {
    const [bare, booked, fine] = [await desk.ready(), await desk.ready(), await desk.ready()];
    await desk.book(booked);
    const parameters = { trackingNumber: '={{ $json.number }}', carrier: '={{ $json.carrier }}' };
    const items = [
      itemOf(bare),
      { ...itemOf(booked), number: 'CR-1' },
      { ...itemOf(fine), number: 42, carrier: ' x ' },
    ];
    const outputs = await run(parameters, items, { nodeOptions: { onError: 'continueRegularOutput' } });
    const ofItem = (n: number) => outputs.find(({ pairedItem }) => (pairedItem as Json).item === n)?.json;
    expect(ofItem(0)).toMatchObject({
      error: expect.stringContaining('give carrier and trackingNumber'),
      details: { code: 'TRACKING_MISSING' },
    });
    expect(ofItem(1)).toMatchObject({
      error: expect.stringContaining('its word counts'),
      details: { code: 'TRACKING_OF_COURIER', carrier: 'steadfast' },
    });
    expect(ofItem(2)).toMatchObject({ tracking: { carrier: 'x', trackingNumber: '42', trackingUrl: null } });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import { addressIn, addZones, DHAKA } from '../shipping/rates/zoned-shop';
import { expectIntegrity, expectStatus, placeOrder } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { outputsOf } from './n8n-runner';

const FILE = join(__dirname, '../../workflows/order-fulfillment.json');
const fulfillment = JSON.parse(readFileSync(FILE, 'utf8')) as IWorkflowBase;

/** What every order goes through, as a manager knows it, and the step that does it. */
const STEPS = [
  ['Retrieve Order', 'retrieveOrder'],
  ['Check Inventory', 'checkInventory'],
  ['Calculate Order Total', 'calculateOrderTotal'],
  ['Begin Processing', 'updateOrderStatus'],
  ['Assign Picking Task', 'assignPickingTask'],
  ['Get Picking Checklist', 'getPickingChecklist'],
  ['Assign Packing Task', 'assignPackingTask'],
  ['Update Inventory', 'updateInventory'],
  ['Create Label', 'createLabel'],
  ['Calculate Shipping Cost', 'calculateShippingCost'],
  ['Update Tracking', 'updateTracking'],
  ['Tell Customer: Shipped', 'notifyCustomer'],
  ['Dispatch Pickup', 'dispatchPickup'],
  ['Ship Order', 'updateOrderStatus'],
] as const;
/** What somebody does while the run waits for work of this kind. */
type Interruption = (kind: string, orderId: string) => Promise<void>;
const PEOPLE = ['picking', 'packing', 'pickup_dispatch'];

describe('The fourteen steps of an order', () => {
  let floor: TestFloor;

  beforeAll(async () => {
    floor = await openFloor(100);
  });
  afterAll(() => floor.close());

  const visited = (run: IRun): string[] => Object.keys(run.data.resultData.runData);

  /** From confirmed to the end, with people who do their work. */
  async function runThrough(
    city: string,
    workflow = fulfillment,
    whileItWaits: Interruption = () => Promise.resolve(),
  ): Promise<{ id: string; run: IRun; item: Record<string, any> }> {
    const { app, n8n } = floor;
    const { id } = await placeOrder(app, {
      paymentMethod: 'cod',
      shippingAddress: addressIn(city),
      shippingMinor: 6_000,
    });
    const { number, status, version } = (await app.put(`/orders/${id}/status`, { move: 'confirm' })).body;
    const event: IDataObject = {
      ...{ eventId: `evt_steps_${id}`, event: 'order.confirmed', occurredAt: '2026-11-20T09:00:00Z' },
      order: { id, number, status, version },
    };
    let run = await n8n.runWorkflow(workflow, [event]);
    for (const kind of PEOPLE) {
      const { items } = (await app.get(`/tasks?orderId=${id}&status=open&kind=${kind}`)).body;
      await whileItWaits(kind, id);
      await app.post(`/tasks/${items[0]?.id}/complete`, { allDone: true });
      run = (await n8n.resume(workflow, run, await floor.callBack())).run as IRun;
      expect(run.data.resultData.error).toBeUndefined();
    }
    return { id, run, item: outputsOf(run, 'Order Shipped')[0]?.[0]?.json ?? {} };
  }

  it('stand on the canvas, each with its number', () => {
    const numbered = STEPS.map((_, n) => {
      const step = fulfillment.nodes.find(({ notes }) => notes === `Step ${n + 1} of ${STEPS.length}`);
      return [step?.name, step?.type.replace('n8n-nodes-orderloom.', '')];
    });
    expect(numbered).toEqual(STEPS.map((step) => [...step]));
  });

  it('are all gone through; the customer is told once the parcel has left', async () => {
    await addZones(floor.app, [DHAKA]);
    const { id, run, item } = await runThrough('Dhaka');
    const order = (await floor.app.get(`/orders/${id}`)).body;
    const inTurn = visited(run).filter((name) => STEPS.some(([step]) => step === name));
    const names = STEPS.map(([name]) => name);
    expect(inTurn).toEqual([...names.slice(0, 11), 'Dispatch Pickup', 'Ship Order', 'Tell Customer: Shipped']);
    expect(visited(run)).not.toContain('Goes Without a Cost');
    expect(item).toMatchObject({
      order: { status: 'shipped' },
      label: { status: 'active' },
      shippingCost: { zone: 'Inside Dhaka', chargedMinor: 6_000 },
      tracking: { trackingNumber: item.consignment.trackingCode },
      notification: { message: 'shipped' },
    });
    expect(order).toMatchObject({ status: 'shipped', handover: { trackingNumber: item.consignment.trackingCode } });
    await expectIntegrity(floor.app);
  });

  it('do not stop where no rate fits the address: the parcel leaves without a cost', async () => {
    const { run, item } = await runThrough('Sylhet');
    expect(visited(run)).toContain('Goes Without a Cost');
    expect(visited(run).at(-1)).toBe('Order Shipped');
    expect(item).toMatchObject({
      order: { status: 'shipped' },
      tracking: {},
      details: { code: 'ADDRESS_NOT_SERVICEABLE' },
    });
    expect(item).not.toHaveProperty('shippingCost');
  });

  it('leave alone what somebody corrected while the parcel waited to be fetched', async () => {
    const riders = { carrier: 'city riders', trackingNumber: 'CR-78', trackingUrl: 'https://riders.example/CR-78' };
    const own = structuredClone(fulfillment);
    for (const { name, parameters } of own.nodes) if (name === 'Send to Courier') parameters.courier = 'manual';
    const { id } = await runThrough('Dhaka', own, async (kind, orderId) => {
      if (kind !== 'pickup_dispatch') return;
      expectStatus(await floor.app.put(`/orders/${orderId}/tracking`, riders), 200);
    });
    expect((await floor.app.get(`/orders/${id}`)).body).toMatchObject({ status: 'shipped', handover: riders });
  });
});

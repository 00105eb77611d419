import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import { addressIn, addZones, DHAKA } from '../shipping/rates/zoned-shop';
import { expectStatus, move, placeOrder } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { outputsOf } from './n8n-runner';

const FILE = join(__dirname, '../../workflows/batch-fulfillment.json');
const batch = JSON.parse(readFileSync(FILE, 'utf8')) as IWorkflowBase;

describe('A wave in which not every order has a rate', () => {
  let floor: TestFloor;

  beforeAll(async () => {
    floor = await openFloor(100);
    await addZones(floor.app, [DHAKA]);
  });
  afterAll(() => floor.close());

  async function confirmedIn(city: string): Promise<Record<string, any>> {
    const shippingAddress = addressIn(city);
    const order = await placeOrder(floor.app, { paymentMethod: 'cod', shippingAddress, shippingMinor: 6_000 });
    return move(floor.app, order.id, 'confirm');
  }

  /** Picked by one person who finds everything; then the run goes on. */
  async function runWave(beforeItGoesOn: () => Promise<void> = () => Promise.resolve()): Promise<IRun> {
    const { app, n8n } = floor;
    const asleep = await n8n.runWorkflow(batch, [{}]);
    expect(asleep.status).toBe('waiting');
    const [wave] = (await app.get('/waves?limit=1')).body.items;
    await app.post(`/waves/${wave.id}/finish`, { allDone: true });
    await beforeItGoesOn();
    return goOn(asleep);
  }

  async function goOn(asleep: IRun): Promise<IRun> {
    const run = (await floor.n8n.resume(batch, asleep, await floor.callBack())).run as IRun;
    expect(run.data.resultData.error).toBeUndefined();
    return run;
  }

  it('ships them all in one turn of each step', async () => {
    for (const city of ['Dhaka', 'Sylhet', 'Dhaka']) await confirmedIn(city);
    const run = await runWave();
    const items = outputsOf(run, 'Order Shipped')[0]?.map(({ json }) => json as Record<string, any>) ?? [];
    expect(items.map(({ order }) => order.status)).toEqual(['shipped', 'shipped', 'shipped']);
    expect(items.map(({ shippingCost }) => shippingCost?.zone)).toEqual(['Inside Dhaka', undefined, 'Inside Dhaka']);
    expect(items[1]).toMatchObject({ tracking: {}, details: { code: 'ADDRESS_NOT_SERVICEABLE' } });
    expect([turnsOf(run, 'Update Tracking'), turnsOf(run, 'Ship Order')]).toEqual([1, 1]);
    expect(await toldManagers()).toContain('Shipped: 3\n');
  });

  it('counts those that were packed before the others, and so left by themselves, with the others', async () => {
    const { app } = floor;
    expectStatus(await app.call('PATCH', '/stores/main', { packing: 'required' }), 200);
    const [early, late] = [await confirmedIn('Dhaka'), await confirmedIn('Sylhet')];
    const asleep = await runWave(async () => {
      expectStatus(await app.put(`/orders/${early.id}/package`, {}), 201);
    });
    expectStatus(await app.put(`/orders/${late.id}/package`, {}), 201);
    const run = await goOn(asleep);
    expect(turnsOf(run, 'Ship Order')).toBe(2);
    expect(await toldManagers()).toContain('Shipped: 2\n');
  });

  function turnsOf(run: IRun, step: string): number {
    return run.data.resultData.runData[step]?.length ?? 0;
  }

  async function toldManagers(): Promise<string> {
    await floor.app.settled();
    const { items } = (await (await fetch(`${floor.app.url}/mailbox.json`)).json()) as { items: IDataObject[] };
    const mail = items.find(({ subject }) => String(subject).includes('A wave is over'));
    return ((await (await fetch(`${floor.app.url}/mailbox/${String(mail?.id)}.json`)).json()) as { text: string }).text;
  }
});

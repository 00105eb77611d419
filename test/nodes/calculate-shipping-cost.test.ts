import { placeOrder } from '../support/shop';
import { addressIn, addZones, COUNTRY, DHAKA } from '../shipping/rates/zoned-shop';
import { openFloor, type TestFloor } from './floor';
import { itemOf } from './n8n-runner';

type Json = Record<string, any>;

describe('Calculate Shipping Cost', () => {
  let floor: TestFloor;

  beforeAll(async () => {
    floor = await openFloor(100);
  });
  afterAll(() => floor.close());

  const delivered = (city: string, more: Json = {}) =>
    placeOrder(floor.app, { shippingAddress: addressIn(city), shippingMinor: 5_000, ...more });

  it('tells of every address that nobody serves at its own item, with the code and the way out', async () => {
    const [dhaka, sylhet] = [await delivered('Dhaka'), await delivered('Sylhet')];
    await addZones(floor.app, [DHAKA]);
    const nodeOptions = { onError: 'continueRegularOutput' as const };
    const items = [itemOf(sylhet), { ...itemOf(dhaka), kept: 1 }];
    const { outputs, run } = await floor.n8n.runNode('calculateShippingCost', {}, items, { nodeOptions });
    expect(run.data.resultData.error).toBeUndefined();
    expect(outputs).toHaveLength(1);
    const [outside, inside] = outputs[0]?.map(({ json, pairedItem }) => ({ json, pairedItem })) ?? [];
    expect(outside).toMatchObject({
      pairedItem: { item: 0 },
      json: {
        order: { id: sylhet.id },
        error: expect.stringContaining('covers Sylhet'),
        details: { code: 'ADDRESS_NOT_SERVICEABLE', errors: [{ path: 'shippingAddress' }], zones: ['Inside Dhaka'] },
      },
    });
    expect(outside?.json).not.toHaveProperty('shippingCost');
    expect(inside).toMatchObject({
      pairedItem: { item: 1 },
      json: { kept: 1, order: { id: dhaka.id }, shippingCost: { totalMinor: 6_000, chargedMinor: 5_000 } },
    });
    const stopped = await floor.n8n.runNode('calculateShippingCost', {}, [itemOf(sylhet)]);
    expect(stopped.run.data.resultData.error).toMatchObject({
      description: expect.stringContaining('ADDRESS_NOT_SERVICEABLE'),
    });
  });

  it('shows zone, weight and each surcharge beside what the customer was charged', async () => {
    await addZones(floor.app, [COUNTRY]);
    const order = await delivered('Sylhet', { paymentMethod: 'cod', shippingMinor: 15_000 });
    const { outputs } = await floor.n8n.runNode('calculateShippingCost', {}, [itemOf(order)]);
    expect(outputs[0]?.[0]?.json).toMatchObject({
      order: { id: order.id, version: 1 },
      shippingCost: {
        ...{ zone: 'Outside Dhaka', weightGrams: 240, weightSource: 'products', codMinor: 115_000 },
        lines: [
          { label: 'Base up to 1 kg', amountMinor: 13_000 },
          { label: 'Remote area', amountMinor: 2_500 },
          { label: 'Cash on delivery, at least BDT 15.00', amountMinor: 1_500 },
        ],
        ...{ totalMinor: 17_000, chargedMinor: 15_000, differenceMinor: -2_000, currency: 'BDT' },
      },
    });
  });

  it('asks nothing of the service without an order', async () => {
    const { run } = await floor.n8n.runNode('calculateShippingCost', {}, [{}]);
    expect(run.data.resultData.error?.message).toBe('There is no order on this item');
  });
});

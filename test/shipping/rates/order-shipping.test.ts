import { deliveryOf } from '../../../server/orders/quoted-shipping';
import { placeOrderInput } from '../../../server/orders/orders.schema';
import type { StoreRow } from '../../../server/people';
import type { ReadContext } from '../../../server/platform/context';
import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { balanceOf, buildOrder, expectIntegrity, expectStatus, move, prepareAll, stockOf } from '../../support/shop';
import { newProduct, openOrders, type OrderBook, read } from '../../orders/open-orders';
import { addressIn, addZones, COUNTRY, DHAKA, SUBURBS } from './zoned-shop';

type Json = Record<string, any>;

const DAY_MS = 86_400_000;
const SAVAR = addressIn('Savar', '1340');
const PREPAID = { method: 'bkash', transactionId: 'DKK1A2B3C4', amountMinor: 61_200, acceptDifference: true };

it('A given delivery charge is taken without a look at the zones', async () => {
  const nobodyAsks = new Proxy({}, { get: (_ctx, name) => fail(`asked for ${String(name)}`) }) as ReadContext;
  const facts = { store: {} as StoreRow, products: new Map<string, never>(), lines: [] };
  const charged = async (more: Json) =>
    (await deliveryOf(nobodyAsks, placeOrderInput.parse(buildOrder(more)), facts)).shippingMinor;
  expect(await charged({ shippingMinor: 0 })).toBe(0);
  expect(await charged({ shippingMinor: 4_200 })).toBe(4_200);
  const fetched = { shippingMinor: undefined, shippingAddress: undefined };
  expect(await charged({ fulfillmentMethod: 'pickup', ...fetched })).toBe(0);
  expect(await charged({ fulfillmentMethod: 'curbside', ...fetched, shippingAddress: SAVAR })).toBe(0);
});

function fail(message: string): never {
  throw new Error(message);
}

describe.each(DATABASES)('What delivery costs an order, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let tea: string;
  let vase: string;
  let gift: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    tea = await newProduct(app, 500);
    vase = await newProduct(app, 500);
    gift = await newProduct(app, 500);
    expectStatus(await app.call('PATCH', `/products/sku:${vase}`, { fragile: true, weightGrams: 700 }), 200);
    expectStatus(await app.call('PATCH', `/products/sku:${gift}`, { weightGrams: 0 }), 200);
  });
  afterAll(async () => {
    await expectIntegrity(app);
    await book.close();
  });

  const line = (sku: string, quantity: number, unitPriceMinor = 50_000): Json => ({ sku, quantity, unitPriceMinor });
  const wanted = (more: Json = {}): Json =>
    buildOrder({ paymentMethod: 'cod', lines: [line(tea, 2)], shippingMinor: undefined, ...more });
  const tryPlace = (more: Json = {}, options = {}) => app.post('/orders', wanted(more), options);
  const place = async (more: Json = {}): Promise<Json> => expectStatus(await tryPlace(more), 201).body;
  const costOf = async (order: Json): Promise<Json> =>
    expectStatus(await app.get(`/orders/${order.id}/shipping_cost`), 200).body;

  describe('in a store without zones', () => {
    it('is nothing, as ever, and asking for it says what to do', async () => {
      const order = await place({ shippingAddress: SAVAR });
      expect(order).toMatchObject({ shippingMinor: 0, totalMinor: 100_000 });
      expect((await app.get(`/orders/${order.id}/shipping_cost`)).body).toMatchObject({
        ...{ status: 409, code: 'ADDRESS_NOT_SERVICEABLE', errors: [{ path: 'shippingAddress' }] },
        detail: expect.stringContaining('POST /api/v1/shipping/zones'),
      });
    });
  });

  describe('in a store with zones', () => {
    beforeAll(() => addZones(app, [DHAKA, SUBURBS]));

    it('is the quote of its zone, which is posted as shipping income', async () => {
      const income = await balanceOf(app, '4010');
      const order = await place({ lines: [line(tea, 10)] });
      expect(order).toMatchObject({ shippingMinor: 7_500, totalMinor: 507_500, balanceDueMinor: 507_500 });
      expect(income - (await balanceOf(app, '4010'))).toBe(7_500);
      expect(await costOf(order)).toMatchObject({ totalMinor: 7_500, weightGrams: 1_200, differenceMinor: 0 });
    });

    it('is what the order says, if it says it', async () => {
      expect(await place({ shippingMinor: 0 })).toMatchObject({ shippingMinor: 0, totalMinor: 100_000 });
      const abroad = { shippingAddress: { ...SAVAR, country: 'IN' } };
      expect(await place({ ...abroad, shippingMinor: 99_900 })).toMatchObject({ shippingMinor: 99_900 });
    });

    it('is nothing where the customer comes', async () => {
      for (const fulfillmentMethod of ['pickup', 'curbside']) {
        const order = await place({ fulfillmentMethod });
        expect(order.shippingMinor).toBe(0);
        expect(await costOf(order)).toMatchObject({
          ...{ fulfillmentMethod, totalMinor: 0, zone: null, transitDays: null, chargedMinor: 0 },
          lines: [{ kind: 'picked_up', label: 'Picked up by the customer', amountMinor: 0 }],
        });
      }
    });

    it('holds the share of what is collected, of the delivery itself too, and asked again is the same', async () => {
      const lines = [line(tea, 1, 99_999), line(vase, 1)];
      const order = await place({ shippingAddress: SAVAR, lines, taxMinor: 1_234 });
      // 10,000 + 1,000 fragile + 1 % of (99,999 + 50,000 + 1,234 + the delivery itself), up to whole taka.
      expect(order).toMatchObject({ shippingMinor: 12_700, totalMinor: 163_933 });
      expect(await costOf(order)).toMatchObject({
        ...{ zone: 'Dhaka suburbs', fragile: true, codMinor: 163_933, weightGrams: 820 },
        lines: [
          { kind: 'base', amountMinor: 10_000 },
          { kind: 'fragile', amountMinor: 1_000 },
          { kind: 'cod', amountMinor: 1_639 },
          { kind: 'rounding', amountMinor: 61 },
        ],
        ...{ totalMinor: 12_700, chargedMinor: 12_700, differenceMinor: 0 },
        estimatedDelivery: { from: '2026-11-22', to: '2026-11-23' },
      });
      const prepaid = await place({ shippingAddress: SAVAR, lines, paymentMethod: 'bkash' });
      expect(prepaid.shippingMinor).toBe(11_000);
      expect(await costOf(prepaid)).toMatchObject({ codMinor: 0, differenceMinor: 0 });
    });

    it('refuses an address that nobody serves, keeps nothing, and says how to go on', async () => {
      const outside = { number: `OUT-${kind}`, shippingAddress: addressIn('Sylhet', '3100') };
      const known = await place({ ...outside, number: undefined, shippingMinor: 0 });
      const before = await stockOf(app, tea);
      const refused = await tryPlace(outside, { key: `outside-${kind}` });
      expect(refused.body).toMatchObject({
        ...{ status: 409, code: 'ADDRESS_NOT_SERVICEABLE', errors: [{ path: 'shippingAddress' }] },
        detail: expect.stringMatching(
          /covers Sylhet, 3100, BD\. Give shippingMinor .* POST \/api\/v1\/shipping\/zones\.$/,
        ),
        zones: ['Inside Dhaka', 'Dhaka suburbs'],
      });
      const apiKey = await app.keyFor('reporting');
      const shown = (await app.get(`/orders/${known.id}/shipping_cost`, { apiKey })).body;
      expect(shown.detail).toMatch(/^None of the store’s shipping zones covers Sylhet\./);
      expect(JSON.stringify(shown)).not.toContain('3100');
      expect((await app.get(`/orders/number:OUT-${kind}`)).status).toBe(404);
      expect(await stockOf(app, tea)).toEqual(before);
      const [zone] = await addZones(app, [COUNTRY]);
      const taken = expectStatus(await tryPlace(outside, { key: `outside-${kind}` }), 201).body;
      expect(taken.shippingMinor).toBe(17_000);
      const heavy = await tryPlace({ shippingAddress: outside.shippingAddress, lines: [line(vase, 8)] });
      expect(heavy.body).toMatchObject({
        ...{ status: 409, code: 'PARCEL_TOO_HEAVY', errors: [{ path: 'lines' }], weightGrams: 5_600 },
        detail: expect.stringMatching(/Give shippingMinor .* furtherKgMinor with PATCH/),
      });
      expectStatus(await app.call('DELETE', `/shipping/zones/${zone?.id}`), 200);
    });

    it('is that of the first time for the same request again, whatever the zone says since', async () => {
      const [zone] = (await app.get('/shipping/zones')).body.items;
      const again = () => tryPlace({ number: `SAME-${kind}` }, { key: `same-${kind}` });
      const first = expectStatus(await again(), 201).body;
      await app.call('PATCH', `/shipping/zones/${zone.id}`, { surcharges: { remoteMinor: 500 } });
      expect((await again()).body).toEqual(first);
      expect(await place()).toMatchObject({ shippingMinor: 6_500 });
      await app.call('PATCH', `/shipping/zones/${zone.id}`, { surcharges: { remoteMinor: 0 } });
    });

    it('is not asked for a number that is taken: the order there is counts, also where nobody delivers any more', async () => {
      const [zone] = await addZones(app, [COUNTRY]);
      const order = { number: `TAKEN-${kind}`, shippingAddress: addressIn('Sylhet', '3100') };
      const placed = await place(order);
      expectStatus(await app.call('DELETE', `/shipping/zones/${zone?.id}`), 200);
      const refused = (await tryPlace(order)).body;
      expect(refused).toMatchObject({ status: 409, code: 'ORDER_NUMBER_EXISTS', orderId: placed.id });
    });

    it('can be told later, as its zone said then, and that of an order which named its own is not invented', async () => {
      const order = await place({ shippingAddress: SAVAR });
      const placedOf = async ({ id }: Json): Promise<Json> => {
        const { items } = (await app.get(`/orders/${id}/history`)).body;
        return items.find(({ action }: Json) => action === 'order.place').after;
      };
      expect(await placedOf(order)).toMatchObject({
        shipping: {
          ...{ zone: 'Dhaka suburbs', zoneId: expect.any(String), weightGrams: 240, codMinor: 111_200 },
          lines: [
            { label: 'Base up to 1 kg', amountMinor: 10_000 },
            { kind: 'cod', amountMinor: 1_112 },
            { kind: 'rounding', amountMinor: 88 },
          ],
        },
      });
      expect(await placedOf(await place({ shippingMinor: 4_200 }))).not.toHaveProperty('shipping');
    });

    it('is quoted anew for another address, which charges nobody, also where nobody delivers', async () => {
      const order = await place();
      const to = async (shippingAddress: Json): Promise<Json> =>
        expectStatus(await app.put(`/orders/${order.id}`, { shippingAddress }), 200).body;
      expect(await to(SAVAR)).toMatchObject({
        ...{ shippingMinor: 6_000, totalMinor: 106_000, balanceDueMinor: 106_000 },
        deliveryQuote: { zone: 'Dhaka suburbs', totalMinor: 11_100, chargedMinor: 6_000, differenceMinor: -5_100 },
      });
      const nowhere = await to(addressIn('Sylhet', '3100'));
      expect(nowhere).toMatchObject({
        shippingAddress: { city: 'Sylhet' },
        deliveryQuote: {
          ...{ code: 'ADDRESS_NOT_SERVICEABLE', chargedMinor: 6_000 },
          message: expect.stringContaining('covers Sylhet, 3100, BD'),
        },
      });
      const { items } = (await app.get(`/orders/${order.id}/history`)).body;
      const [first, second] = items.filter(({ action }: Json) => action === 'order.edit');
      expect(first.after).toMatchObject({ deliveryQuote: { zone: 'Dhaka suburbs', differenceMinor: -5_100 } });
      expect(second.after.deliveryQuote).toEqual({ code: 'ADDRESS_NOT_SERVICEABLE', chargedMinor: 6_000 });
      const noted = expectStatus(await app.put(`/orders/${order.id}`, { notes: 'ring twice' }), 200).body;
      expect(noted).not.toHaveProperty('deliveryQuote');
    });

    it('is previewed with the order', async () => {
      const { body } = await app.post('/orders?dryRun=true', wanted());
      expect(body).toMatchObject({ dryRun: true, shippingMinor: 6_000, totalMinor: 106_000 });
    });

    it('is taken over by an import that leaves it to us, and the same import again changes nothing', async () => {
      const order = wanted({ number: `IMP-${kind}` });
      const bring = async () => (await app.post('/orders/import', { orders: [order] })).body.items[0];
      const first = await bring();
      expect(first).toMatchObject({ done: true, result: { changed: true, shippingMinor: 6_000 } });
      const [zone] = (await app.get('/shipping/zones')).body.items;
      await app.call('PATCH', `/shipping/zones/${zone.id}`, { surcharges: { remoteMinor: 500 } });
      expect(await bring()).toMatchObject({ result: { id: first.result.id, changed: false, shippingMinor: 6_000 } });
      expect(await costOf(first.result)).toMatchObject({
        totalMinor: 6_500,
        chargedMinor: 6_000,
        differenceMinor: -500,
      });
      await app.call('PATCH', `/shipping/zones/${zone.id}`, { surcharges: { remoteMinor: 0 } });
    });

    describe('by weight', () => {
      const picked = async (lines: Json[], more: Json = {}): Promise<Json> => {
        const order = await place({ lines, ...more });
        await move(app, order.id, 'confirm');
        await move(app, order.id, 'process');
        await prepareAll(app, order);
        return order;
      };
      const pack = async (order: Json, body: Json): Promise<Json> => {
        const answer = await app.put(`/orders/${order.id}/package`, {
          acceptDifference: true,
          note: 'heavy box',
          ...body,
        });
        if (answer.status !== 200) expectStatus(answer, 201);
        return answer.body;
      };

      it('is that of the catalogue, then of the scale, and says for each which', async () => {
        const order = await picked([line(tea, 3), line(vase, 2)]);
        expect(await costOf(order)).toMatchObject({
          ...{ weightGrams: 1_760, weightSource: 'products', totalMinor: 7_500 },
          weights: [
            { from: 'product', label: expect.stringMatching(/^3 × /), grams: 360 },
            { from: 'product', label: expect.stringMatching(/^2 × /), grams: 1_400 },
          ],
        });
        const [teas, vases] = order.lines as Json[];
        await pack(order, { weightGrams: 900, items: [{ id: teas?.id, quantity: 3 }] });
        expect(await costOf(order)).toMatchObject({
          ...{ weightGrams: 2_300, weightSource: 'packages_and_products', totalMinor: 13_500 },
          lines: [{ label: 'Package 1: Base up to 1 kg' }, { label: 'Without a package: Base up to 2 kg' }],
          weights: [
            { from: 'package', label: 'Package 1, as weighed', grams: 900 },
            { from: 'product', grams: 1_400 },
          ],
        });
        await pack(order, { number: 2, weightGrams: 2_500, items: [{ id: vases?.id, quantity: 2 }] });
        expect(await costOf(order)).toMatchObject({
          ...{ weightGrams: 3_400, weightSource: 'packages', totalMinor: 15_000 },
          lines: [
            { label: 'Package 1: Base up to 1 kg', amountMinor: 6_000 },
            { label: 'Package 2: Base up to 2 kg', amountMinor: 7_500 },
            { label: 'Package 2: 1 further kg at BDT 15.00', amountMinor: 1_500 },
          ],
          ...{ chargedMinor: 7_500, differenceMinor: -7_500 },
        });
      });

      it('counts a package that nobody weighed by what is in it', async () => {
        const order = await picked([line(vase, 2)]);
        await pack(order, {});
        expect(await costOf(order)).toMatchObject({ weightGrams: 1_400, weightSource: 'products' });
      });

      it('is too much for a zone that ends below it, until it is split into packages', async () => {
        const [zone] = await addZones(app, [COUNTRY]);
        const order = await picked([line(vase, 8)], { shippingAddress: addressIn('Sylhet'), shippingMinor: 20_000 });
        const refused = async () => (await app.get(`/orders/${order.id}/shipping_cost`)).body;
        expect(await refused()).toMatchObject({ code: 'PARCEL_TOO_HEAVY', weightGrams: 5_600 });
        const [vases] = order.lines as Json[];
        await pack(order, { weightGrams: 900, items: [{ id: vases?.id, quantity: 1 }] });
        expect((await refused()).totalMinor).toBe(44_200);
        await pack(order, { number: 2, weightGrams: 5_700, items: [{ id: vases?.id, quantity: 7 }] });
        expect(await refused()).toMatchObject({
          ...{ code: 'PARCEL_TOO_HEAVY', errors: [{ path: 'packages' }], weightGrams: 5_700 },
          detail: expect.stringMatching(/^Package 2 with 5\.7 kg is too heavy .* Split the parcel/),
        });
        expectStatus(await app.call('DELETE', `/shipping/zones/${zone?.id}`), 200);
      });

      it('names goods whose weight nobody knows, and guesses nothing', async () => {
        const order = await picked([line(tea, 1), line(gift, 4)]);
        expect(await costOf(order)).toMatchObject({
          ...{ weightGrams: 120, totalMinor: 6_000 },
          warnings: [
            {
              ...{ code: 'PRODUCT_WEIGHT_MISSING', sku: gift, quantity: 4 },
              message: expect.stringContaining(`count as 0 g. Give the weight with PATCH /api/v1/products/sku:${gift}`),
            },
          ],
        });
        await pack(order, { weightGrams: 1_300 });
        expect(await costOf(order)).toMatchObject({ weightGrams: 1_300, totalMinor: 7_500, warnings: [] });
      });
    });

    it('keeps what riders collect while parcels are out and after they have arrived', async () => {
      const order = await place({ shippingAddress: SAVAR });
      expect(order).toMatchObject({ shippingMinor: 11_200, totalMinor: 111_200 });
      await move(app, order.id, 'confirm');
      await move(app, order.id, 'process');
      await prepareAll(app, order);
      await move(app, order.id, 'fulfill');
      const booked = await app.post(`/orders/${order.id}/consignments`, { courier: 'manual', ship: true });
      expect(booked.body).toMatchObject({ codAmountMinor: 111_200 });
      await app.settled();
      expect((await read(app, order)).status).toBe('shipped');
      const days = { estimatedDelivery: { from: '2026-11-22', to: '2026-11-23' } };
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, differenceMinor: 0, ...days });
      // The days count from when it left, not from when somebody asks.
      book.clock.advance(DAY_MS);
      expect(await costOf(order)).toMatchObject(days);
      await move(app, order.id, 'deliver');
      await app.settled();
      expect(await read(app, order)).toMatchObject({ status: 'delivered', balanceDueMinor: 0 });
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, differenceMinor: 0, estimatedDelivery: null });
      book.clock.advance(-DAY_MS);
    });

    const ready = async (more: Json = {}): Promise<Json> => {
      const order = await place({ shippingAddress: SAVAR, ...more });
      await move(app, order.id, 'confirm');
      await move(app, order.id, 'process');
      await prepareAll(app, order);
      await move(app, order.id, 'fulfill');
      return order;
    };

    it('holds what was collected of an order that somebody took there by hand, before and after it is settled', async () => {
      const order = await ready();
      await move(app, order.id, 'ship', { carrier: 'Our own rider' });
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, totalMinor: 11_200 });
      await move(app, order.id, 'deliver');
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, differenceMinor: 0 });
      expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
      expect(await read(app, order)).toMatchObject({ paymentStatus: 'paid' });
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, totalMinor: 11_200, differenceMinor: 0 });
    });

    it('holds what a rider would have collected who was refused, while the charge is given back', async () => {
      const income = await balanceOf(app, '4010');
      const order = await ready();
      await move(app, order.id, 'ship', { carrier: 'Our own rider' });
      await move(app, order.id, 'fail_delivery', { reason: 'refused' });
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, chargedMinor: 11_200, differenceMinor: 0 });
      await move(app, order.id, 'return_all', { reason: 'refused' });
      expect(await balanceOf(app, '4010')).toBe(income);
      expect(await costOf(order)).toMatchObject({
        ...{ codMinor: 111_200, totalMinor: 11_200, chargedMinor: 0, differenceMinor: -11_200 },
      });
    });

    it('stays charged for goods that were brought and given back later, since they were brought', async () => {
      const order = await ready();
      await move(app, order.id, 'ship', { carrier: 'Our own rider' });
      await move(app, order.id, 'deliver');
      const income = await balanceOf(app, '4010');
      await move(app, order.id, 'return_all', { reason: 'changed_mind' });
      expect(await balanceOf(app, '4010')).toBe(income);
      expect(await costOf(order)).toMatchObject({ codMinor: 111_200, chargedMinor: 11_200, differenceMinor: 0 });
    });

    it('collects nothing of what was paid before, also when the goods come back', async () => {
      const order = await ready();
      expectStatus(await app.post(`/orders/${order.id}/payments`, PREPAID), 201);
      expect(await costOf(order)).toMatchObject({ codMinor: 50_000 });
      await move(app, order.id, 'ship', { carrier: 'Our own rider' });
      await move(app, order.id, 'fail_delivery', { reason: 'refused' });
      await move(app, order.id, 'return_all', { reason: 'refused' });
      expect(await costOf(order)).toMatchObject({ codMinor: 50_000 });
    });

    it('is nothing for an order of which nothing is left to send, and nothing is charged for it either', async () => {
      const income = await balanceOf(app, '4010');
      const order = await place();
      await app.post(`/orders/${order.id}/cancel`, { reason: 'operational', note: 'no longer wanted' });
      expect(await costOf(order)).toMatchObject({
        ...{ totalMinor: 0, weightGrams: 0, weightSource: 'nothing', chargedMinor: 0, differenceMinor: 0 },
        lines: [{ kind: 'nothing_to_send', amountMinor: 0 }],
      });
      expect(await balanceOf(app, '4010')).toBe(income);
    });

    it('is asked by number too, by everybody who reads orders, and of an order there is', async () => {
      const order = await place({ number: `ASK-${kind}` });
      const apiKey = await app.keyFor('fulfillment_specialist');
      const asked = await app.get(`/orders/number:ASK-${kind}/shipping_cost`, { apiKey });
      expect(asked.body).toMatchObject({ orderId: order.id, number: `ASK-${kind}`, totalMinor: 6_000 });
      expect((await app.get('/orders/nowhere/shipping_cost')).body).toMatchObject({ code: 'ORDER_NOT_FOUND' });
      expectStatus(
        await app.post('/stores', { id: 'north', name: 'North', currency: 'BDT', timezone: 'Asia/Dhaka' }),
        201,
      );
      const elsewhere = await app.keyFor('store_manager', ['north']);
      const stranger = await app.get(`/orders/${order.id}/shipping_cost`, { apiKey: elsewhere });
      expect(stranger.body).toMatchObject({ status: 403, code: 'STORE_NOT_ALLOWED' });
    });
  });
});

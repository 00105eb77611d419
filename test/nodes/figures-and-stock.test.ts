import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { stockFields } from '../../nodes/UpdateInventory/stockFields';
import { shopifyOrder, wooOrder } from '../orders/import/shops';
import { startTestApp, type TestApp } from '../support/app';
import { buildOrder, expectStatus, move, placeOrder, prepareAll, stockOf, stockProduct } from '../support/shop';
import { N8nRunner, type NodeResult } from './n8n-runner';

type Json = Record<string, any>;

describe('The steps about orders to come, stock and figures, against the service', () => {
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    app = await startTestApp();
    n8n = await N8nRunner.start(app);
    await stockProduct(app, {}, 500);
  });
  afterAll(() => app.close());

  const itemOf = ({ id, number, status, version }: Json, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });
  const jsonOf = ({ outputs, run }: NodeResult): Json => {
    if (run.data.resultData.error) throw run.data.resultData.error;
    return (outputs[0]?.[0] as INodeExecutionData).json;
  };
  const errorOf = ({ run }: NodeResult) => run.data.resultData.error;
  const form = (more: Json = {}) => ({
    source: 'fields',
    customerName: 'Rahima Akter',
    phone: '01700000000',
    line1: 'House 12',
    city: 'Dhaka',
    paymentMethod: 'cod',
    lines: { line: [{ sku: 'TEA-01', quantity: 2 }] },
    ...more,
  });
  const processing = async (quantity: number) => {
    const lines = [{ sku: 'TEA-01', quantity, unitPriceMinor: 50_000 }];
    const order = await placeOrder(app, { paymentMethod: 'cod', lines });
    await move(app, order.id, 'process');
    return order;
  };

  describe('Create Order', () => {
    it('places what the form says, and what it leaves empty is the product’s or the shop’s', async () => {
      const line = { sku: 'TEA-01', quantity: 2, ownPrice: true, unitPriceMinor: 40_000, discountMinor: 500 };
      const options = { shippingMinor: 6000, notes: 'ring twice', placedAt: '2026-11-19T10:00:00' };
      const made = jsonOf(
        await n8n.runNode('createOrder', form({ number: '#N-1', lines: { line: [line] }, options }), [{ kept: 1 }]),
      );
      expect(made).toMatchObject({
        ...{ kept: 1, created: true },
        order: {
          ...{ number: 'N-1', status: 'pending', totalMinor: 85_500, notes: 'ring twice', version: 1 },
          shippingAddress: { line1: 'House 12', city: 'Dhaka', country: 'BD' },
        },
      });
      const pickup = jsonOf(await n8n.runNode('createOrder', form({ fulfillmentMethod: 'pickup', number: 'N-2' })));
      expect(pickup.order).toMatchObject({ fulfillmentMethod: 'pickup', totalMinor: 100_000, shippingAddress: null });
    });

    it('places an order once: another run gets it as it is by then', async () => {
      const first = jsonOf(await n8n.runNode('createOrder', form({ number: 'N-3' })));
      await move(app, first.order.id, 'confirm');
      const again = jsonOf(await n8n.runNode('createOrder', form({ number: 'N-3' })));
      expect(again).toMatchObject({ created: false, order: { id: first.order.id, status: 'confirmed' } });
      const other = await n8n.runNode('createOrder', form({ number: 'N-3', options: { shippingMinor: 1 } }));
      expect(errorOf(other)?.description).toMatch(/^ORDER_NUMBER_EXISTS/);
    });

    it('places an order without a number once for its starting event, and again with another reference', async () => {
      const event = [{ eventId: 'evt_form_1' }];
      const id = async (more: Json = {}) => jsonOf(await n8n.runNode('createOrder', form(more), event)).order.id;
      const first = await id();
      expect(await id()).toBe(first);
      expect(await id({ reference: 'second' })).not.toBe(first);
    });

    it('takes the orders of other shops as they come, each item by itself', async () => {
      const shop = [shopifyOrder({ name: '#7001' }), shopifyOrder({ name: '#7002' })];
      const { outputs } = await n8n.runNode('createOrder', { source: 'shopify' }, shop);
      expect(outputs[0]?.map(({ json }) => [(json.order as Json).number, json.created, json.name])).toEqual([
        ['7001', true, '#7001'],
        ['7002', true, '#7002'],
      ]);
      expect(outputs[0]?.[1]?.pairedItem).toEqual({ item: 1 });
      const typed = { source: 'woocommerce', orderJson: JSON.stringify(wooOrder({ number: '7003' })) };
      expect(jsonOf(await n8n.runNode('createOrder', typed)).order).toMatchObject({
        number: '7003',
        totalMinor: 109_000,
      });
      const bogus = { source: 'shopify', shopOptions: { paymentMethod: 'card' } };
      const unknown = [shopifyOrder({ name: '#7004', payment_gateway_names: ['bogus'] })];
      expect(jsonOf(await n8n.runNode('createOrder', bogus, unknown)).order.paymentMethod).toBe('card');
    });

    it('says which field is wrong', async () => {
      const wrong = async (parameters: Json, item: Json = {}) =>
        errorOf(await n8n.runNode('createOrder', parameters, [item]));
      expect((await wrong(form({ customerName: '' })))?.description).toMatch(/customer\.name/);
      expect((await wrong(form({ lines: {} })))?.description).toMatch(/lines/);
      const unknown = form({ lines: { line: [{ sku: 'NONE', quantity: 1 }] } });
      expect((await wrong(unknown))?.description).toMatch(/^SKU_UNKNOWN · lines\[0\]\.sku/);
      const noSku = shopifyOrder({ line_items: [{ title: 'Gift', quantity: 1, price: '1.00' }] });
      expect((await wrong({ source: 'shopify' }, noSku))?.description).toMatch(/line_items\[0\]\.sku/);
      expect((await wrong({ source: 'shopify', orderJson: '[]' }))?.message).toBe('The order is no JSON object');
      expect((await wrong({ source: 'shopify', orderJson: '{' }))?.message).toMatch(/JSON/);
    });

    it('goes on with the others when one is refused and the step is to continue', async () => {
      const shop = [shopifyOrder({ name: '#7101', currency: 'EUR' }), shopifyOrder({ name: '#7102' })];
      const { outputs } = await n8n.runNode('createOrder', { source: 'shopify' }, shop, {
        nodeOptions: { onError: 'continueRegularOutput' },
      });
      expect(outputs[0]).toMatchObject([
        { json: { details: { code: 'CURRENCY_MISMATCH', status: 422 } } },
        { json: { order: { number: '7102' } } },
      ]);
    });

    it('takes goods chosen from the list, and passes over options left empty', async () => {
      const chosen = { __rl: true, mode: 'list', value: 'TEA-01', cachedResultName: 'TEA-01 · Tea' };
      const lines = { line: [{ sku: chosen, quantity: 2 }] };
      const options = { notes: '', storeId: '', transactionId: '', placedAt: '' };
      const made = jsonOf(await n8n.runNode('createOrder', form({ number: 'N-10', lines, options })));
      expect(made.order.lines).toMatchObject([{ sku: 'TEA-01', quantity: 2 }]);
    });

    it('previews without placing', async () => {
      const seen = jsonOf(await n8n.runNode('createOrder', form({ number: 'N-9', previewOnly: true })));
      expect(seen).toMatchObject({
        preview: { result: { number: 'N-9' }, effects: { movements: [{ kind: 'reserve', quantity: 2 }] } },
      });
      expect(seen.order).toBeUndefined();
      expect((await app.get('/orders/number:N-9')).status).toBe(404);
    });
  });

  describe('Calculate Order Total', () => {
    it('shows what the order costs and why', async () => {
      const order = await placeOrder(app, { shippingMinor: 6000, taxMinor: 500 });
      const { total, kept } = jsonOf(await n8n.runNode('calculateOrderTotal', {}, [itemOf(order, { kept: 1 })]));
      expect(kept).toBe(1);
      expect(total).toMatchObject({
        lines: [{ kind: 'item', amountMinor: 100_000 }, { label: 'Shipping' }, { label: 'Tax' }],
        ...{ totalMinor: 106_500, balanceDueMinor: 106_500, currency: 'BDT' },
      });
      expect(errorOf(await n8n.runNode('calculateOrderTotal', {}, [{}]))?.message).toBe(
        'There is no order on this item',
      );
    });
  });

  describe('Update Inventory', () => {
    it('takes the picked goods off the shelf once, and what is picked later by the same run too', async () => {
      const order = await processing(4);
      const before = await stockOf(app);
      const item = [itemOf(order, { eventId: 'evt_stock' })];
      const line = (order.lines as Json[])[0]?.id as string;
      const pick = (quantity: number) =>
        app.put(`/orders/${order.id}/items/${line}/status`, { status: 'prepared', quantity });
      const none = await n8n.runNode('updateInventory', {}, item);
      expect(errorOf(none)?.description).toMatch(/^NOTHING_PREPARED/);
      await pick(3);
      const first = jsonOf(await n8n.runNode('updateInventory', {}, item));
      expect(first).toMatchObject({
        order: { id: order.id, status: 'processing', customer: { name: 'Rahima Akter' } },
        stock: { operation: 'dispatch', changed: true, lines: [{ dispatchedQuantity: 3 }] },
      });
      await n8n.runNode('updateInventory', {}, item);
      await pick(4);
      const rest = jsonOf(await n8n.runNode('updateInventory', {}, item));
      expect(rest.stock).toMatchObject({ changed: true, lines: [{ dispatchedQuantity: 4, movedQuantity: 1 }] });
      const after = await stockOf(app);
      expect([before.onHand - after.onHand, after.outgoing - before.outgoing]).toEqual([4, 4]);
    });

    it('previews a dispatch', async () => {
      const order = await processing(1);
      await prepareAll(app, order);
      const before = await stockOf(app);
      const seen = jsonOf(await n8n.runNode('updateInventory', { previewOnly: true }, [itemOf(order)]));
      expect(seen.preview).toMatchObject({ effects: { movements: [{ kind: 'dispatch' }] }, result: { changed: true } });
      expect(await stockOf(app)).toEqual(before);
    });

    it('receives, corrects, moves and puts back goods, once for each event', async () => {
      await stockProduct(app, { sku: 'MUG-1', barcode: '8900000000017' }, 0);
      expectStatus(await app.post('/inventory/locations', { code: 'back', name: 'Back room' }), 201);
      const event = [{ eventId: 'evt_goods' }];
      const run = async (operation: string, line: Json, more: Json = {}) => {
        const parameters = { operation, lines: { line: [{ sku: 'MUG-1', ...line }] }, ...more };
        await n8n.runNode('updateInventory', parameters, event);
        return jsonOf(await n8n.runNode('updateInventory', parameters, event)).stock;
      };
      const cost = { quantity: 10, useUnitCost: true, unitCostMinor: 700 };
      const options = { document: 'PO-9', note: 'late', location: 'main' };
      expect(await run('receive', cost, { options })).toMatchObject({
        operation: 'receive',
        costMinor: 7000,
        reference: 'PO-9',
      });
      expect(await run('adjust', { mode: 'counted', counted: 9, reason: 'count', note: 'one less' })).toMatchObject({
        lines: [{ change: -1, onHand: 9 }],
      });
      expect(
        await run('adjust', { mode: 'difference', difference: 2, reason: 'found' }, { reference: 'found' }),
      ).toMatchObject({
        lines: [{ change: 2, onHand: 11 }],
      });
      expect(await run('transfer', { quantity: 4 }, { from: 'main', to: 'back' })).toMatchObject({
        from: 'main',
        to: 'back',
      });
      const { body } = await app.get('/inventory?sku=MUG-1');
      expect(body.items.map(({ onHand }: Json) => onHand).sort()).toEqual([4, 7]);
    });

    it('takes goods chosen from the list', async () => {
      const chosen = { __rl: true, mode: 'list', value: 'TEA-01' };
      const lines = { line: [{ sku: chosen, quantity: 3 }] };
      const { stock } = jsonOf(await n8n.runNode('updateInventory', { operation: 'receive', lines }));
      expect(stock.lines).toMatchObject([{ sku: 'TEA-01', quantity: 3 }]);
    });

    it('offers only options that the operation takes', () => {
      const names = (operation: string) =>
        ((stockFields.find(({ name }) => name === 'options')?.options ?? []) as INodeProperties[])
          .filter(({ displayOptions }) => displayOptions?.show?.['/operation']?.includes(operation) ?? true)
          .map(({ name }) => name);
      expect(names('adjust')).not.toContain('note');
      expect(names('transfer')).not.toContain('location');
      expect(names('receive')).toEqual(['document', 'location', 'note', 'storeId']);
    });

    it('puts set-aside goods back on the shelf', async () => {
      const order = await processing(2);
      await prepareAll(app, order);
      await move(app, order.id, 'cancel', { reason: 'operational' });
      const before = await stockOf(app);
      const lines = { line: [{ sku: 'TEA-01', quantity: 2, outcome: 'good' }] };
      const { stock } = jsonOf(
        await n8n.runNode('updateInventory', { operation: 'return', lines }, [{ eventId: 'evt_back' }]),
      );
      expect(stock).toMatchObject({ operation: 'return', lines: [{ quantity: 2, outcome: 'good' }] });
      expect(await stockOf(app)).toMatchObject({ onHand: before.onHand + 2, unavailable: before.unavailable - 2 });
    });

    it('says which field is wrong', async () => {
      const empty = await n8n.runNode('updateInventory', { operation: 'receive' });
      expect(errorOf(empty)?.description).toMatch(/lines/);
      const lines = { line: [{ sku: 'NONE', quantity: 1 }] };
      expect(errorOf(await n8n.runNode('updateInventory', { operation: 'receive', lines }))?.description).toMatch(
        /SKU_UNKNOWN/,
      );
    });
  });

  describe('Daily Summary', () => {
    it('reads the day, or the last that is over, and keeps the item', async () => {
      await app.post('/orders', buildOrder());
      const { body: last } = await app.get('/reports/daily-summary');
      const { kept, summary } = jsonOf(await n8n.runNode('dailySummary', {}, [{ kept: 1 }]));
      expect([kept, summary]).toEqual([1, last]);
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Dhaka' }).format(new Date());
      const named = jsonOf(
        await n8n.runNode('dailySummary', { date: `${today}T10:00:00`, options: { storeId: 'main' } }),
      );
      expect(named.summary).toMatchObject({ date: today, isOver: false, currency: 'BDT' });
      const moment = jsonOf(await n8n.runNode('dailySummary', { date: '={{ $now.setZone("Asia/Dhaka") }}' }));
      expect(moment.summary.date).toBe(today);
    });

    it('says when a day is not there', async () => {
      const wrong = async (date: string) => errorOf(await n8n.runNode('dailySummary', { date }))?.description;
      expect(await wrong('2999-01-01')).toMatch(/^DATE_IN_FUTURE · date/);
      expect(await wrong('yesterday')).toMatch(/date/);
    });
  });
});

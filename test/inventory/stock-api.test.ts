import { reserve } from '../../server/inventory';
import { DATABASES, emptyDatabase } from '../support/databases';
import { openStock, type Stock, stockProduct, TEA } from './open-stock';

describe.each(DATABASES)('stock and products by the API on %s', (kind) => {
  let stock: Stock;
  let drop: () => Promise<void>;
  let teaId: string;

  beforeAll(async () => {
    const database = await emptyDatabase(kind);
    drop = database.drop;
    stock = await openStock(database.url);
    teaId = await stockProduct(stock);
  });

  afterAll(async () => {
    const broken = await stock.broken();
    await stock.close();
    await drop();
    expect(broken).toEqual([]);
  });

  it('keeps every field of a product as it was given', async () => {
    const fields = {
      sku: 'KNIFE-1',
      name: 'Kitchen knife',
      variant: '20 cm',
      attributes: { blade: 'steel' },
      barcode: '4006381333931',
      priceMinor: 150_000,
      costMinor: 90_000,
      taxRate: 7.5,
      weightGrams: 300,
      fragile: false,
      category: 'kitchen',
      shelf: 'B-2',
      restricted: true,
      minimumAge: 18,
      purchaseLimit: { quantity: 2, days: 30 },
      lowStockThreshold: 5,
    };
    const made = await stock.call('POST', '/products', fields);
    expect(made).toMatchObject({ status: 201, body: { ...fields, active: true } });
    expect((await stock.call('GET', '/products/sku:KNIFE-1')).body).toEqual(made.body);
    const changed = await stock.call('PATCH', `/products/${made.body.id}`, {
      purchaseLimit: null,
      taxRate: null,
      active: false,
    });
    expect(changed.body).toMatchObject({ ...fields, purchaseLimit: null, taxRate: null, active: false });
    expect((await stock.call('GET', '/products?active=false')).body.items).toHaveLength(1);
    expect((await stock.call('GET', '/products?text=KITCHEN kn')).body.items).toHaveLength(1);
    expect((await stock.call('GET', '/products?text=%25')).body.items).toHaveLength(0);
  });

  it('lists products by SKU, page by page', async () => {
    const first = (await stock.call('GET', '/products?limit=1')).body;
    expect(first.items).toMatchObject([{ sku: 'KNIFE-1' }]);
    const second = (await stock.call('GET', `/products?limit=1&after=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ sku: 'TEA-01' }], nextCursor: null });
  });

  it.each([
    ['POST', '/products', TEA, 409, 'PRODUCT_EXISTS'],
    ['POST', '/products', { ...TEA, sku: 'a b' }, 422, 'VALIDATION_FAILED'],
    ['POST', '/products', { ...TEA, sku: 'X', priceMinor: -1 }, 422, 'VALIDATION_FAILED'],
    ['POST', '/products', { ...TEA, sku: 'X', priceMinor: 1.5 }, 422, 'VALIDATION_FAILED'],
    ['POST', '/products', { ...TEA, sku: 'X', colour: 'red' }, 422, 'VALIDATION_FAILED'],
    ['PATCH', '/products/sku:NONE', { name: 'x' }, 404, 'PRODUCT_NOT_FOUND'],
    ['PATCH', '/products/sku:TEA-01', { sku: 'OTHER' }, 422, 'VALIDATION_FAILED'],
    ['POST', '/inventory/receipts', { lines: [] }, 422, 'VALIDATION_FAILED'],
    ['POST', '/inventory/receipts', { lines: [{ sku: 'NONE', quantity: 1 }] }, 422, 'SKU_UNKNOWN'],
    ['POST', '/inventory/receipts', { lines: [{ sku: 'TEA-01', quantity: 0 }] }, 422, 'VALIDATION_FAILED'],
    ['POST', '/inventory/receipts', { lines: [{ sku: 'TEA-01', quantity: 1_000_001 }] }, 422, 'VALIDATION_FAILED'],
    [
      'POST',
      '/inventory/receipts',
      { location: 'moon', lines: [{ sku: 'TEA-01', quantity: 1 }] },
      422,
      'LOCATION_UNKNOWN',
    ],
    [
      'POST',
      '/inventory/receipts',
      { lines: [{ sku: 'TEA-01', quantity: 1_000_000, unitCostMinor: 9e12 }] },
      422,
      'AMOUNT_TOO_LARGE',
    ],
    [
      'POST',
      '/inventory/adjustments',
      { lines: [{ sku: 'TEA-01', delta: -51, reason: 'count' }] },
      409,
      'STOCK_INSUFFICIENT',
    ],
    ['POST', '/inventory/adjustments', { lines: [{ sku: 'TEA-01', delta: 1 }] }, 422, 'VALIDATION_FAILED'],
    [
      'POST',
      '/inventory/adjustments',
      { lines: [{ sku: 'TEA-01', delta: 1, countedQuantity: 1, reason: 'count' }] },
      422,
      'VALIDATION_FAILED',
    ],
    [
      'POST',
      '/inventory/transfers',
      { from: 'main', to: 'main', lines: [{ sku: 'TEA-01', quantity: 1 }] },
      422,
      'LOCATIONS_EQUAL',
    ],
    ['PUT', '/inventory/return', { lines: [{ sku: 'TEA-01', quantity: 1 }] }, 409, 'STOCK_INSUFFICIENT'],
    ['GET', '/inventory/check?sku=NONE', undefined, 404, 'PRODUCT_NOT_FOUND'],
    ['GET', '/inventory/check', undefined, 422, 'VALIDATION_FAILED'],
    ['GET', '/inventory/check?orderId=NONE', undefined, 404, 'ORDER_NOT_FOUND'],
    ['GET', '/inventory?after=nonsense', undefined, 400, 'CURSOR_INVALID'],
  ])('%s %s %j is refused with %d %s', async (method, path, body, status, code) => {
    const answer = await stock.call(method, path, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each([
    ['cashier', 'POST', '/products'],
    ['fulfillment_specialist', 'POST', '/inventory/adjustments'],
    ['customer_service', 'POST', '/inventory/receipts'],
    ['reporting', 'POST', '/inventory/transfers'],
    ['cashier', 'GET', '/accounting/entries'],
  ] as const)('a %s may not %s %s', async (role, method, path) => {
    const answer = await stock.call(method, path, method === 'GET' ? undefined : {}, role);
    expect([answer.status, answer.body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
  });

  it('a product withdrawn keeps its stock and can still be received', async () => {
    await stock.call('POST', '/inventory/receipts', { lines: [{ sku: 'KNIFE-1', quantity: 2 }], reference: 'PO-8' });
    expect(await stock.level('KNIFE-1')).toMatchObject({ onHand: 2, valueMinor: 180_000 });
  });

  it('a count below what is promised sends the newest orders back to waiting', async () => {
    const line = { lineId: 'line-1', productId: teaId, sku: 'TEA-01', quantity: 20 };
    const source = (sourceId: string) => ({ storeId: 'main', sourceType: 'order', sourceId, orderId: sourceId });
    await stock.command((ctx) => reserve(ctx, source('early'), [line]));
    await stock.command((ctx) => reserve(ctx, source('late'), [line]));
    const counted = await stock.call('POST', '/inventory/adjustments', {
      lines: [{ sku: 'TEA-01', countedQuantity: 25, reason: 'count', note: 'Shelf count' }],
    });
    expect(counted.body.lines).toMatchObject([
      { change: -25, valueMinor: -1_250_000, onHand: 25, available: 0, backordered: 15 },
    ]);
    expect(await stock.events('stock.backordered')).toMatchObject([
      { sourceId: 'late', lineId: 'line-1', quantity: 15 },
    ]);
    expect(await stock.balance('5100')).toBe(1_250_000);
  });

  it('goods move between locations with their value, and orders take from the first that has all', async () => {
    await stock.call('POST', '/inventory/locations', { code: 'shop', name: 'Shop' });
    await stock.call('POST', '/inventory/receipts', {
      location: 'shop',
      lines: [{ sku: 'TEA-01', quantity: 10, unitCostMinor: 1 }],
    });
    const moved = await stock.call('POST', '/inventory/transfers', {
      from: 'shop',
      to: 'main',
      lines: [{ sku: 'TEA-01', quantity: 4 }],
    });
    expect(moved).toMatchObject({ status: 201, body: { lines: [{ costMinor: 4 }] } });
    expect(await stock.level('TEA-01', 'shop')).toMatchObject({ onHand: 6, valueMinor: 6 });
    expect(await stock.level('TEA-01')).toMatchObject({ onHand: 29, available: 4 });
    const tooMany = await stock.call('POST', '/inventory/transfers', {
      from: 'main',
      to: 'shop',
      lines: [{ sku: 'TEA-01', quantity: 5 }],
    });
    expect(tooMany.body.errors).toMatchObject([{ sku: 'TEA-01', requested: 5, available: 4 }]);
  });

  it('says what is missing and what could take its place', async () => {
    await stockProduct(
      stock,
      { sku: 'TEA-02', name: 'Black tea', priceMinor: 51_000 },
      { quantity: 7, unitCostMinor: 1 },
    );
    expect((await stock.call('GET', '/inventory/check?sku=TEA-01&quantity=10')).body).toEqual({
      available: true,
      lines: [{ sku: 'TEA-01', requested: 10, available: 10, shortfall: 0, substitutes: [] }],
    });
    const short = (await stock.call('GET', '/inventory/check?sku=TEA-01&quantity=12')).body;
    expect(short).toMatchObject({
      available: false,
      lines: [{ shortfall: 2, substitutes: [{ sku: 'TEA-02', name: 'Black tea', available: 7 }] }],
    });
  });

  it('a preview shows movements and postings and leaves nothing behind', async () => {
    const before = await stock.level('TEA-02');
    const body = { lines: [{ sku: 'TEA-02', quantity: 5, unitCostMinor: 100 }] };
    const preview = await stock.call('POST', '/inventory/receipts?dryRun=true', body);
    expect(preview.body).toMatchObject({
      dryRun: true,
      effects: {
        movements: [{ kind: 'receive', sku: 'TEA-02', quantity: 5, costMinor: 500 }],
        postings: [{ debit: { code: '1300' }, credit: { name: 'Accounts Payable' }, amountMinor: 500 }],
      },
    });
    expect(await stock.level('TEA-02')).toEqual(before);
  });
});

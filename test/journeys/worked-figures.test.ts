import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { balanceOf, expectIntegrity, move, pay, placeOrder, shipOrder, stockOf, stockProduct } from '../support/shop';

describe.each(DATABASES)('The worked figures of the business, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('earns 700 on an order of 2,500 that cost 1,800', async () => {
    await stockProduct(app, { sku: 'SET-01', priceMinor: 250_000, costMinor: 180_000, barcode: '1111111111116' }, 1);
    const order = await placeOrder(app, { lines: [{ sku: 'SET-01', quantity: 1, unitPriceMinor: 250_000 }] });
    expect(await balanceOf(app, '1100')).toBe(250_000);
    expect(await balanceOf(app, '4000')).toBe(-250_000);

    await pay(app, order.id);
    expect(await balanceOf(app, '1020')).toBe(250_000);
    expect(await balanceOf(app, '1100')).toBe(0);

    await shipOrder(app, order);
    const delivered = await move(app, order.id, 'deliver');
    expect(delivered.status).toBe('completed');
    expect(await balanceOf(app, '5000')).toBe(180_000);
    expect(await balanceOf(app, '1300')).toBe(0);
    const { body } = await app.get('/accounting/profit-and-loss');
    expect(JSON.stringify(body)).toContain('70000');
    await expectIntegrity(app);
  });

  it('counts 50 on the shelf as 48 of 50 once two are promised and 48 of 48 once they are delivered', async () => {
    await stockProduct(app, { sku: 'CUP-01', priceMinor: 80_000, costMinor: 50_000, barcode: '2222222222222' }, 50);
    expect(await balanceOf(app, '1300')).toBe(2_500_000);

    const order = await placeOrder(app, { lines: [{ sku: 'CUP-01', quantity: 2, unitPriceMinor: 80_000 }] });
    expect(await stockOf(app, 'CUP-01')).toMatchObject({ onHand: 50, reserved: 2, available: 48, total: 50 });

    await pay(app, order.id);
    await shipOrder(app, order);
    expect(await stockOf(app, 'CUP-01')).toMatchObject({ available: 48, outgoing: 2, total: 50 });
    await move(app, order.id, 'deliver');
    expect(await stockOf(app, 'CUP-01')).toMatchObject({
      onHand: 48,
      reserved: 0,
      available: 48,
      outgoing: 0,
      total: 48,
    });
    expect(await balanceOf(app, '1300')).toBe(2_400_000);
    await expectIntegrity(app);
  });

  it('leaves what a cash-on-delivery order brought with the courier until it is handed over', async () => {
    const order = await placeOrder(app, {
      paymentMethod: 'cod',
      lines: [{ sku: 'CUP-01', quantity: 1, unitPriceMinor: 80_000 }],
    });
    expect(order.paymentStatus).toBe('cod_due');
    await shipOrder(app, order);
    const delivered = await move(app, order.id, 'deliver');
    expect(delivered).toMatchObject({ status: 'delivered', paymentStatus: 'cod_collected' });
    expect(await balanceOf(app, '1200')).toBe(80_000);

    const remitted = await app.post(`/orders/${order.id}/payments`, { method: 'cod' });
    expect(remitted.body.order).toMatchObject({ status: 'completed', paymentStatus: 'paid' });
    expect(await balanceOf(app, '1200')).toBe(0);
    await expectIntegrity(app);
  });

  it('gives goods and money back when a paid order is cancelled, picked goods after they are put away', async () => {
    const before = await stockOf(app, 'CUP-01');
    const order = await placeOrder(app, {
      lines: [{ sku: 'CUP-01', quantity: 3, unitPriceMinor: 80_000 }],
      shippingMinor: 6_000,
      taxMinor: 1_000,
    });
    await pay(app, order.id);
    await move(app, order.id, 'confirm');
    await move(app, order.id, 'process');
    await app.put(`/orders/${order.id}/items/${order.lines[0].id}/status`, { status: 'prepared', quantity: 1 });
    const cancelled = await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refund_due',
      balanceDueMinor: 0,
      refundsPayableMinor: 247_000,
    });
    const after = await stockOf(app, 'CUP-01');
    expect(after).toMatchObject({ onHand: before.onHand - 1, reserved: 0, total: before.total });
    await expectIntegrity(app);
  });
});

import { MovableClock } from '../../server/platform/clock';
import { startTestApp, type TestApp } from '../support/app';
import { emptyDatabase } from '../support/databases';
import { expectStatus, move, placeOrder, stockProduct } from '../support/shop';

export interface OrderBook {
  app: TestApp;
  clock: MovableClock;
  close(): Promise<void>;
}

/** A store of its own with a clock that tests move. */
export async function openOrders(kind: 'sqlite' | 'mysql'): Promise<OrderBook> {
  const database = await emptyDatabase(kind);
  const clock = new MovableClock();
  const app = await startTestApp({ databaseUrl: database.url, clock });
  const close = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  return { app, clock, close };
}

let products = 0;

/** A product no other test has touched, with so many units on the shelf; 500 each, cost 300. */
export async function newProduct(app: TestApp, quantity: number): Promise<string> {
  products += 1;
  const sku = `GOODS-${products}`;
  await stockProduct(app, { sku, barcode: String(1_000_000_000_000 + products) }, quantity);
  return sku;
}

/** An order for `quantity` units at 500 each that is paid at the door. */
export function orderFor(app: TestApp, sku: string, quantity: number, overrides: Record<string, unknown> = {}) {
  return placeOrder(app, { paymentMethod: 'cod', lines: [{ sku, quantity, unitPriceMinor: 50_000 }], ...overrides });
}

export async function prepare(app: TestApp, order: Record<string, any>, quantity: number): Promise<void> {
  const path = `/orders/${order.id}/items/${order.lines[0].id}/status`;
  expectStatus(await app.put(path, { status: 'prepared', quantity }), 200);
}

/** In processing with so many units of its line picked. */
export async function pick(app: TestApp, order: Record<string, any>, quantity: number): Promise<void> {
  await move(app, order.id, 'process');
  await prepare(app, order, quantity);
}

/** Picked, and the rest of its line answered for. */
export async function pickPart(
  app: TestApp,
  order: Record<string, any>,
  quantity: number,
  handling: string,
): Promise<Record<string, any>> {
  await pick(app, order, quantity);
  return move(app, order.id, 'partially_fulfill', { reason: 'short', lines: [{ id: order.lines[0].id, handling }] });
}

export async function read(app: TestApp, order: Record<string, any>): Promise<Record<string, any>> {
  return (await app.get(`/orders/${order.id}`)).body;
}

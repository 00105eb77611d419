import type { TestApp } from '../../support/app';
import { expectStatus, move, pay, placeOrder, stockProduct } from '../../support/shop';

export type Body = Record<string, any>;

export const CONSENT = { given: true, how: 'by phone' };
let made = 0;

/** A product of a category of its own, so that each test has its own substitutes. */
export async function product(app: TestApp, units: number, more: Body = {}): Promise<string> {
  made += 1;
  const sku = `SHORT-${made}`;
  await stockProduct(app, { sku, name: `Thing ${made}`, barcode: String(2_000_000_000_000 + made), ...more }, units);
  return sku;
}

export const lineFor = (sku: string, quantity: number, more: Body = {}): Body => ({
  sku,
  quantity,
  unitPriceMinor: 50_000,
  ...more,
});

/** An order in processing; paid by bKash unless said otherwise. */
export async function orderOf(app: TestApp, lines: Body[], more: Body = {}): Promise<Body> {
  const order = await placeOrder(app, { lines, ...more });
  if (order.paymentMethod !== 'cod' && order.totalMinor > 0) await pay(app, order.id);
  if ((await read(app, order)).status === 'pending') await move(app, order.id, 'confirm');
  return move(app, order.id, 'process');
}

export async function read(app: TestApp, { id }: Body): Promise<Body> {
  return expectStatus(await app.get(`/orders/${id}`), 200).body;
}

export async function shortageOf(app: TestApp, { id }: Body): Promise<Body> {
  return expectStatus(await app.get(`/orders/${id}/shortage`), 200).body;
}

/** The order's picking finds so many units of each line, and misses the rest. */
export async function pickSome(app: TestApp, { id }: Body, found: readonly number[]): Promise<void> {
  const picker = { email: 'picker@example.com', name: 'Karim', role: 'fulfillment_specialist' };
  await app.post('/users', picker);
  const { body: task } = expectStatus(await app.post('/tasks', { kind: 'picking', orderId: id }), 201);
  const order = await read(app, { id });
  const lines = task.lines.map((line: Body) => {
    const doneQuantity = found[order.lines.findIndex((one: Body) => one.id === line.lineId)] ?? line.quantity;
    return { id: line.id, doneQuantity, ...(doneQuantity < line.quantity ? { shortReason: 'not_found' } : {}) };
  });
  expectStatus(await app.post(`/tasks/${task.id}/complete`, { lines }), 200);
}

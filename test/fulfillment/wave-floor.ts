import { type TestApp } from '../support/app';
import { expectStatus, move, pay, placeOrder } from '../support/shop';
import { type Body } from './floor';

/** Orders that are confirmed and nothing more, in the order in which they were placed; one list of units an order. */
export async function confirmedOrders(app: TestApp, wanted: Record<string, number>[]): Promise<Body[]> {
  const orders: Body[] = [];
  for (const units of wanted) {
    const lines = Object.entries(units).map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: 50_000 }));
    const order = await placeOrder(app, { lines });
    await pay(app, order.id);
    const { status } = expectStatus(await app.get(`/orders/${order.id}`), 200).body;
    orders.push(status === 'pending' ? await move(app, order.id, 'confirm') : { ...order, status });
  }
  return orders;
}

export function idsOf(orders: readonly Body[]): string[] {
  return orders.map(({ id }) => id as string);
}

export async function startWave(app: TestApp, orders: readonly Body[], more: Record<string, unknown> = {}) {
  return expectStatus(await app.post('/waves', { orderIds: idsOf(orders), ...more }), 201).body;
}

export async function readWave(app: TestApp, id: string): Promise<Body> {
  return expectStatus(await app.get(`/waves/${id}`), 200).body;
}

export async function inWave(app: TestApp, id: string, verb: string, body: Record<string, unknown>): Promise<Body> {
  return expectStatus(await app.post(`/waves/${id}/${verb}`, body), 200).body;
}

export function itemOf(wave: Body, sku: string): Body {
  return (wave.lines as Body[]).find((line) => line.sku === sku) ?? {};
}

export function slotOf(wave: Body, slot: number): Body {
  return (wave.orders as Body[]).find((one) => one.slot === slot) ?? {};
}

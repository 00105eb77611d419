import { type Answer, expect, type HttpClient } from './http-client';
import { rounded, type Spread, spreadOf } from './percentiles';

export const PRODUCTS = 50;

export function skuOf(n: number): string {
  return `BENCH-${String(n % PRODUCTS).padStart(3, '0')}`;
}

let walletIds = 0;

/** Ten characters as bKash makes them; each counts once. */
function walletId(): string {
  walletIds += 1;
  return `B${walletIds.toString(36).toUpperCase().padStart(9, '0')}`;
}

interface Placed {
  id: string;
  lines: [{ id: string }];
}

type Step = (client: HttpClient, order: Placed) => Promise<unknown>;

const move =
  (name: string, fields: Record<string, unknown> = {}): Step =>
  async (client, { id }) =>
    expect(await client.put(`/orders/${id}/status`, { move: name, ...fields }), 200);

/** What follows on placing, in the order a pipeline takes it. */
const STEPS: Readonly<Record<string, Step>> = {
  pay: async (client, { id }) =>
    expect(await client.post(`/orders/${id}/payments`, { method: 'bkash', transactionId: walletId() }), 201),
  confirm: move('confirm'),
  process: move('process'),
  prepare: async (client, { id, lines: [line] }) =>
    expect(await client.put(`/orders/${id}/items/${line.id}/status`, { status: 'prepared' }), 200),
  fulfill: move('fulfill'),
  ship: move('ship', { carrier: 'manual' }),
  deliver: move('deliver'),
};

export const STEP_NAMES: readonly string[] = ['place', ...Object.keys(STEPS)];

/** Sends an order for one product; the answer may be a refusal. */
export function tryToPlace(client: HttpClient, sku: string, quantity: number): Promise<Answer> {
  return client.post('/orders', {
    fulfillmentMethod: 'delivery',
    paymentMethod: 'bkash',
    customer: { name: 'Rahima Akter', email: 'rahima@example.com', phone: '01700000000' },
    shippingAddress: { line1: 'House 12, Road 5', city: 'Dhaka', postalCode: '1209', country: 'BD' },
    lines: [{ sku, quantity, unitPriceMinor: 50_000 }],
    shippingMinor: 6_000,
    taxMinor: 0,
  });
}

/** Takes one order from placing to delivery and hands out the answer of each step. */
export async function* lifecycleOf(client: HttpClient, sku: string): AsyncGenerator<{ name: string; answer: unknown }> {
  const order = expect(await tryToPlace(client, sku, 2), 201) as Placed;
  yield { name: 'place', answer: order };
  for (const [name, step] of Object.entries(STEPS)) yield { name, answer: await step(client, order) };
}

export interface LifecycleFigures {
  clients: number;
  orders: number;
  ordersPerSecond: number;
  steps: Record<string, Spread>;
}

/** Takes `count` orders from placing to delivery, `clients` at a time, each client with one order in hand. */
export async function runLifecycle(client: HttpClient, clients: number, count: number): Promise<LifecycleFigures> {
  const times: Record<string, number[]> = Object.fromEntries(STEP_NAMES.map((name) => [name, []]));
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const steps = lifecycleOf(client, skuOf(begun));
      for (let startedAt = performance.now(); ; startedAt = performance.now()) {
        const { value, done } = await steps.next();
        if (done) break;
        times[value.name]?.push(performance.now() - startedAt);
      }
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  const steps = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, spreadOf(list)]));
  return { clients, orders: count, ordersPerSecond: rounded(count / seconds, 1), steps };
}

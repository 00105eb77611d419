import { expectStatus, move, placeOrder, prepareAll } from '../support/shop';
import type { TestApp } from '../support/app';
import { type Body, mailsTo, reach, readOrder } from './floor';

export const CUSTOMER = 'rahima@example.com';

/** A 1 by 1 pixel; what a browser's canvas makes, only smaller. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** An order for the counter whose goods are picked; paid in cash when it is fetched, unless said otherwise. */
export async function pickedForPickup(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Body> {
  const order = await placeOrder(app, {
    fulfillmentMethod: 'pickup',
    paymentMethod: 'cash',
    shippingAddress: undefined,
    ...overrides,
  });
  await move(app, order.id, 'process');
  await prepareAll(app, order);
  return order;
}

/** As `pickedForPickup`, and ready to be brought out. */
export async function fulfilledForKerb(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Body> {
  const order = await pickedForPickup(app, { fulfillmentMethod: 'curbside', ...overrides });
  await move(app, order.id, 'fulfill');
  return order;
}

export async function openHandOff(app: TestApp, order: Body, body: Record<string, unknown> = {}): Promise<Body> {
  return expectStatus(await app.post(`/orders/${order.id}/handoffs`, { method: 'counter', ...body }), 201).body;
}

export async function payAtTheTill(app: TestApp, order: Body): Promise<void> {
  expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cash' }), 201);
}

/** Has the customer told to come, and reads the code in the mail as they do. */
export async function codeTold(app: TestApp, order: Body, message = 'ready'): Promise<string> {
  expectStatus(await app.post('/notifications/customer', { orderId: order.id, message }), 201);
  const mails = await mailsTo(app, CUSTOMER);
  const mine = mails.find(({ subject }) => String(subject).includes(order.number));
  return (
    /(?:Your code, for us alone|Give this code to the rider of .+ only): (\d{6})/.exec(String(mine?.text))?.[1] ?? ''
  );
}

export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** The one hand-off of an order as GET /orders/:id shows it. */
export async function handOffOf(app: TestApp, order: Body): Promise<Body> {
  const { handoffs } = await readOrder(app, order.id);
  return (handoffs as Body[]).at(-1) ?? {};
}

export async function taskOf(app: TestApp, handOff: Body): Promise<Body> {
  return expectStatus(await app.get(`/tasks/${handOff.taskId}`), 200).body;
}

export async function openPage(app: TestApp, task: Body): Promise<string> {
  return (await fetch(reach(app, task.url))).text();
}

let clicks = 0;

/** Posts a form of a task's page as a browser without scripts does. */
export async function submit(
  app: TestApp,
  task: Body,
  form: string,
  fields: Record<string, string>,
): Promise<{ status: number; html: string }> {
  clicks += 1;
  const body = new URLSearchParams({ clientActionId: `hand-off-${clicks}`, ...fields });
  const answer = await fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body });
  return { status: answer.status, html: await answer.text() };
}

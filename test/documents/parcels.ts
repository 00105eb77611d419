import type { TestApp } from '../support/app';
import { expectStatus, move, prepareAll } from '../support/shop';
import { type Body, orderInProcess } from '../fulfillment/floor';

/** Picked and waiting for its label. */
export async function fulfilledOrder(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Body> {
  const order = await orderInProcess(app, overrides);
  await prepareAll(app, order);
  return move(app, order.id, 'fulfill');
}

export async function labelled(app: TestApp, overrides: Record<string, unknown> = {}, format = 'pdf'): Promise<Body> {
  const order = await fulfilledOrder(app, overrides);
  const label = expectStatus(await app.post(`/orders/${order.id}/labels`, { format }), 201).body;
  return { ...order, label };
}

export interface Paper {
  status: number;
  type: string;
  headers: Headers;
  content: Buffer;
  text: string;
}

/** A paper of an order, as a program fetches it; `name` is `label.pdf`, `packing-slip` and so on. */
export async function fetchPaper(
  app: TestApp,
  orderId: string,
  name: string,
  options: { apiKey?: string; event?: string } = {},
): Promise<Paper> {
  const headers: Record<string, string> = { authorization: `Bearer ${options.apiKey ?? app.apiKey}` };
  if (options.event) headers['x-event-id'] = options.event;
  const response = await fetch(`${app.url}/api/v1/orders/${encodeURIComponent(orderId)}/documents/${name}`, {
    headers,
  });
  const content = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, headers: response.headers, content, text: content.toString('utf8') };
}

import type { TestApp } from '../../support/app';
import { expectStatus, prepareAll } from '../../support/shop';
import { type Body, orderInProcess, reach, readOrder } from '../floor';

export const ALL_CHECKS = {
  condition: true,
  allItems: true,
  variants: true,
  protection: true,
  slip: true,
  note: true,
  sealed: true,
  labelClear: true,
};
/** The checks as the page's form sends them. */
export const TICKED = Object.fromEntries(Object.keys(ALL_CHECKS).map((name) => [`check_${name}`, 'yes']));
export const CHECKER = {
  name: 'Salma Khatun',
  email: 'checker@example.com',
  role: 'fulfillment_specialist',
  storeIds: [],
};

/** An order of two teas and a cup, 120 g each, all picked and still being processed. */
export async function pickedOrder(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Body> {
  const order = await orderInProcess(app, overrides);
  await prepareAll(app, order);
  return readOrder(app, order.id);
}

export async function openPacking(app: TestApp, orderId: string, more: Record<string, unknown> = {}): Promise<Body> {
  return expectStatus(await app.post('/tasks', { kind: 'packing', orderId, ...more }), 201).body;
}

export function lineId(order: Body, sku: string): string {
  return (order.lines as Body[]).find((line) => line.sku === sku)?.id as string;
}

export async function packagesOf(app: TestApp, orderId: string): Promise<Body[]> {
  return (await readOrder(app, orderId)).packages as Body[];
}

/** Units packed by line, as the order counts them. */
export async function packedOf(app: TestApp, orderId: string): Promise<Record<string, number>> {
  const { lines } = await readOrder(app, orderId);
  return Object.fromEntries((lines as Body[]).map((line) => [line.sku, line.packedQuantity]));
}

let clicks = 0;

/** Posts a form of a task's page as a browser without scripts does. */
export async function submit(
  app: TestApp,
  task: Body,
  form: string,
  fields: Record<string, string> = {},
): Promise<{ status: number; said: string; html: string }> {
  clicks += 1;
  const body = new URLSearchParams({ clientActionId: `click-${clicks}`, ...fields });
  const answer = await fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
  const html = await answer.text();
  return { status: answer.status, said: saidIn(html), html };
}

export async function openPage(app: TestApp, task: Body): Promise<string> {
  return (await fetch(reach(app, task.url))).text();
}

export function saidIn(html: string): string {
  return (/<p id="said"[^>]*>([^<]*)/.exec(html)?.[1] ?? '').replaceAll('&#x27;', "'");
}

import { type Clock } from '../../server/platform/clock';
import { type Answer, startTestApp, type TestApp } from '../support/app';
import { type DATABASES, emptyDatabase } from '../support/databases';
import { expectStatus, move, pay, placeOrder, stockProduct } from '../support/shop';

/** Stands in links that leave the service; the port it gets is only known once it listens. */
const PUBLIC_URL = 'http://orders.example';

/** What the API answers; tests say what they expect of it. */
export type Body = Answer['body'];

export const PICKER = {
  name: 'Karim Uddin',
  email: 'picker@example.com',
  role: 'fulfillment_specialist',
  storeIds: [],
};
export const CUP = { sku: 'CUP-01', name: 'Cup', barcode: '4006381333931', shelf: 'A-12' };

/** The service on an empty database, with an address that links in mails can use, two products on the shelf and a picker. */
export async function startFloor(
  kind: (typeof DATABASES)[number] = 'sqlite',
  options: { clock?: Clock; env?: Record<string, string> } = {},
): Promise<TestApp> {
  const database = await emptyDatabase(kind);
  const env = { PUBLIC_URL, ...options.env };
  const app = await startTestApp({ ...options, databaseUrl: database.url, env });
  await stockProduct(app, {}, 500);
  await stockProduct(app, CUP, 500);
  expectStatus(await app.post('/users', PICKER), 201);
  const close = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  return { ...app, close };
}

/** An order of two teas and a cup that is being processed. */
export async function orderInProcess(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Body> {
  const lines = [
    { sku: 'CUP-01', quantity: 1, unitPriceMinor: 20_000 },
    { sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 },
  ];
  const order = await placeOrder(app, { lines, notes: 'call first', ...overrides });
  await pay(app, order.id);
  if ((await readOrder(app, order.id)).status === 'pending') await move(app, order.id, 'confirm');
  return move(app, order.id, 'process');
}

export async function readOrder(app: TestApp, id: string): Promise<Body> {
  return expectStatus(await app.get(`/orders/${id}`), 200).body;
}

export async function openPicking(app: TestApp, orderId: string, more: Record<string, unknown> = {}): Promise<Body> {
  return expectStatus(await app.post('/tasks', { kind: 'picking', orderId, ...more }), 201).body;
}

export function lineOf(task: Body, sku: string): Body {
  return (task.lines as Body[]).find((line) => line.sku === sku) ?? {};
}

/** The mails the demo's mailbox has caught for somebody, newest first. */
export async function mailsTo(app: TestApp, recipient: string): Promise<Body[]> {
  await app.settled();
  const response = await fetch(`${app.url}/mailbox.json?to=${encodeURIComponent(recipient)}`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  return Promise.all(
    items.map(async ({ id }) => (await fetch(`${app.url}/mailbox/${id}.json`)).json() as Promise<Body>),
  );
}

/** Where a link of the service leads while it runs in a test. */
export function reach(app: TestApp, link: string): string {
  return link.replace(PUBLIC_URL, app.url);
}

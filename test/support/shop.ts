import type { Answer, TestApp } from './app';

export const TEA = {
  sku: 'TEA-01',
  name: 'Green tea 100 g',
  priceMinor: 50_000,
  costMinor: 30_000,
  weightGrams: 120,
  barcode: '8901234567894',
  category: 'tea',
  shelf: 'A-3',
};

/** Adds a product and puts units of it on the shelf. */
export async function stockProduct(app: TestApp, product: Partial<typeof TEA> = {}, quantity = 50): Promise<void> {
  const made = { ...TEA, ...product };
  expectStatus(await app.post('/products', made), 201);
  if (quantity === 0) return;
  const lines = [{ sku: made.sku, quantity, unitCostMinor: made.costMinor }];
  expectStatus(await app.post('/inventory/receipts', { lines, reference: 'PO-7' }), 201);
}

/** The body of an order as shops send it. */
export function buildOrder(overrides: Record<string, unknown> = {}): Record<string, any> {
  return {
    fulfillmentMethod: 'delivery',
    paymentMethod: 'bkash',
    customer: { name: 'Rahima Akter', email: 'rahima@example.com', phone: '01700000000' },
    shippingAddress: { line1: 'House 12, Road 5', city: 'Dhaka', postalCode: '1209', country: 'BD' },
    lines: [{ sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 }],
    shippingMinor: 0,
    taxMinor: 0,
    ...overrides,
  };
}

export async function placeOrder(app: TestApp, overrides: Record<string, unknown> = {}): Promise<Record<string, any>> {
  return expectStatus(await app.post('/orders', buildOrder(overrides)), 201).body;
}

let walletIds = 0;

/** A transaction id no other test has used. */
export function bkashId(): string {
  walletIds += 1;
  return `DK${String(process.pid % 100).padStart(2, '0')}${String(walletIds).padStart(6, '0')}`;
}

export async function pay(app: TestApp, orderId: string): Promise<void> {
  expectStatus(await app.post(`/orders/${orderId}/payments`, { method: 'bkash', transactionId: bkashId() }), 201);
}

export async function move(
  app: TestApp,
  orderId: string,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<Record<string, any>> {
  return expectStatus(await app.put(`/orders/${orderId}/status`, { move: name, ...fields }), 200).body;
}

/** Says that every line of the order is picked. */
export async function prepareAll(app: TestApp, order: Record<string, any>): Promise<void> {
  for (const line of order.lines as { id: string }[]) {
    expectStatus(await app.put(`/orders/${order.id}/items/${line.id}/status`, { status: 'prepared' }), 200);
  }
}

/** From pending to shipped, as a pipeline would take it. */
export async function shipOrder(app: TestApp, order: Record<string, any>): Promise<void> {
  await move(app, order.id, 'confirm');
  await move(app, order.id, 'process');
  await prepareAll(app, order);
  await move(app, order.id, 'fulfill');
  await move(app, order.id, 'ship', { carrier: 'manual' });
}

/** The answer, when it has the status wanted; otherwise an error that shows what came instead. */
export function expectStatus<B>(answer: Answer<B>, status: number): Answer<B> {
  if (answer.status !== status)
    throw new Error(`Wanted ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** The balance of one account in the trial balance; debits positive. */
export async function balanceOf(app: TestApp, code: string): Promise<number> {
  const { body } = await app.get('/accounting/trial-balance');
  const account = (body.accounts as { code: string; debitMinor: number; creditMinor: number }[]).find(
    (one) => one.code === code,
  );
  return account ? account.debitMinor - account.creditMinor : 0;
}

/** What the order's entries leave in each of these accounts (name → code), debits positive. */
export async function leftByOrder(
  app: TestApp,
  orderId: string,
  accounts: Record<string, string>,
): Promise<Record<string, number>> {
  const { items } = expectStatus(await app.get(`/accounting/entries?orderId=${orderId}&limit=100`), 200).body;
  const postings = (items as Record<string, any>[]).flatMap((entry) => entry.postings as Record<string, any>[]);
  const balance = (code: string): number =>
    postings.reduce(
      (sum, { debit, credit, amountMinor }) =>
        sum + (debit.code === code ? amountMinor : 0) - (credit.code === code ? amountMinor : 0),
      0,
    );
  return Object.fromEntries(Object.entries(accounts).map(([name, code]) => [name, balance(code)]));
}

export async function stockOf(app: TestApp, sku = 'TEA-01'): Promise<Record<string, any>> {
  const { body } = await app.get(`/inventory?sku=${sku}`);
  return (body.items as Record<string, any>[])[0] ?? {};
}

export async function expectIntegrity(app: TestApp): Promise<void> {
  const { body } = await app.get('/integrity');
  const broken = (body.checks as { ok: boolean }[]).filter((check) => !check.ok);
  if (broken.length > 0) throw new Error(`The ledger contradicts itself: ${JSON.stringify(broken)}`);
}

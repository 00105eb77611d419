import { MovableClock } from '../../server/platform/clock';
import { startTestApp, type TestApp } from '../support/app';
import { emptyDatabase } from '../support/databases';
import { expectStatus, move, placeOrder, prepareAll, stockProduct } from '../support/shop';

export interface Shop {
  app: TestApp;
  clock: MovableClock;
  close(): Promise<void>;
}

/** A shop with tea on the shelf, early in its business day of 20 November in Dhaka. */
export async function openShop(kind: 'sqlite' | 'mysql'): Promise<Shop> {
  const database = await emptyDatabase(kind);
  const clock = new MovableClock('2026-11-20T04:00:00.000Z');
  const app = await startTestApp({ databaseUrl: database.url, clock });
  await stockProduct(app, {}, 1000);
  const close = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  return { app, clock, close };
}

/** Picked and on its way. */
export async function send(app: TestApp, order: Record<string, any>): Promise<void> {
  await move(app, order.id, 'confirm');
  await move(app, order.id, 'process');
  await prepareAll(app, order);
  await move(app, order.id, 'fulfill');
  await move(app, order.id, 'ship', { carrier: 'manual' });
}

export function cod(app: TestApp, quantity: number, more: Record<string, unknown> = {}): Promise<Record<string, any>> {
  return placeOrder(app, {
    paymentMethod: 'cod',
    lines: [{ sku: 'TEA-01', quantity, unitPriceMinor: 50_000 }],
    ...more,
  });
}

export async function summaryOf(app: TestApp, date?: string): Promise<Record<string, any>> {
  return expectStatus(await app.get(`/reports/daily-summary${date ? `?date=${date}` : ''}`), 200).body;
}

type Entry = {
  event: string;
  orderId: string | null;
  postings: { debit: { code: string }; credit: { code: string }; amountMinor: number }[];
};

async function entriesOf(app: TestApp, day: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = ''; ;) {
    const { body } = await app.get(`/accounting/entries?day=${day}&limit=200${after}`);
    entries.push(...(body.items as Entry[]));
    if (!body.nextCursor) return entries;
    after = `&after=${body.nextCursor}`;
  }
}

type Counts = (debit: string, credit: string) => boolean;

function sumOf(entries: readonly Entry[], counts: Counts): number {
  const postings = entries.flatMap((entry) => entry.postings);
  return postings.reduce(
    (total, { debit, credit, amountMinor }) => total + (counts(debit.code, credit.code) ? amountMinor : 0),
    0,
  );
}

const METHODS = { bkash: '1020', nagad: '1021', rocket: '1022', bank: '1010', card: '1030', cash: '1000' };
const FROM_CUSTOMERS = ['1100', '2100'];

/** The same figures, worked out from the entries of the day as anybody could. */
export async function figuresFromEntries(app: TestApp, day: string): Promise<Record<string, any>> {
  const entries = await entriesOf(app, day);
  const sum = (counts: Counts): number => sumOf(entries, counts);
  /** Credits less debits: what an account of income or debt grew by. */
  const grown = (code: string): number => sum((_, credit) => credit === code) - sum((debit) => debit === code);
  const received = Object.entries(METHODS).map(([method, code]) => ({
    method,
    amountMinor: sum((debit, credit) => debit === code && FROM_CUSTOMERS.includes(credit)),
  }));
  const handedOver = { method: 'cod', amountMinor: sum((debit, credit) => debit === '1010' && credit === '1200') };
  return {
    ordersPlaced: new Set(entries.filter(({ event }) => event === 'placed').map(({ orderId }) => orderId)).size,
    revenueMinor: grown('4000'),
    shippingMinor: grown('4010'),
    taxMinor: grown('2200'),
    cogsMinor: sum((debit) => debit === '5000'),
    returnedCogsMinor: sum((_, credit) => credit === '5000'),
    returnedSalesMinor: sum((debit) => debit === '4100'),
    refundsMinor: sum((debit, credit) => debit === '2100' && credit.startsWith('10')),
    paymentsReceived: [...received, handedOver].filter(({ amountMinor }) => amountMinor > 0),
  };
}

/** What couriers held at the end of the last of these days, when nothing was before the first. */
export async function heldByCouriers(app: TestApp, days: readonly string[]): Promise<number> {
  const entries = (await Promise.all(days.map((day) => entriesOf(app, day)))).flat();
  return sumOf(entries, (debit) => debit === '1200') - sumOf(entries, (_, credit) => credit === '1200');
}

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

/** The same figures, worked out from the entries of the day as anybody could. */
export async function figuresFromEntries(app: TestApp, day: string): Promise<Record<string, number>> {
  const entries: Entry[] = [];
  for (let after = ''; ;) {
    const { body } = await app.get(`/accounting/entries?day=${day}&limit=200${after}`);
    entries.push(...(body.items as Entry[]));
    if (!body.nextCursor) break;
    after = `&after=${body.nextCursor}`;
  }
  const postings = entries.flatMap((entry) => entry.postings);
  const sum = (counts: (debit: string, credit: string) => boolean): number =>
    postings.reduce(
      (total, { debit, credit, amountMinor }) => total + (counts(debit.code, credit.code) ? amountMinor : 0),
      0,
    );
  return {
    ordersPlaced: new Set(entries.filter(({ event }) => event === 'placed').map(({ orderId }) => orderId)).size,
    revenueMinor: sum((_, credit) => credit === '4000') - sum((debit) => debit === '4000'),
    cogsMinor: sum((debit) => debit === '5000'),
    refundsMinor: sum((debit, credit) => debit === '2100' && credit.startsWith('10')),
  };
}

import fc from 'fast-check';
import { startTestApp, type TestApp } from '../../support/app';
import { type DATABASES, emptyDatabase } from '../../support/databases';
import { stockProduct } from '../../support/shop';
import { COMMANDS, requestOf, SKUS, step, type Walk } from './commands';
import { expectPossible, rowCounts } from './invariants';

/** Ten days in a shop of fifty orders each: twenty commands an order is a long life. */
const WALKS = 10;
const STEPS = 1_000;
const SEED = 20_261_121;
const WALK_TIMEOUT_MS = 300_000;

/** Whatever people do, in whatever order: it is done or refused with a reason, and the ledger never contradicts itself. */
export function walkAtRandom(kind: (typeof DATABASES)[number]): void {
  /** What was carried out at least once; a walk that is refused everywhere would prove nothing. */
  const carriedOut = new Set<string>();
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeEach(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    for (const [n, sku] of SKUS.entries())
      await stockProduct(app, { sku, barcode: `990000000000${n}`, costMinor: 3_333 + n }, 60);
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  it.each(Array.from({ length: WALKS }, (_, n) => n + 1))(
    `keeps every promise after each of ${STEPS} commands, walk %i`,
    async (walk) => {
      const shop: Walk = { app, placed: [] };
      const steps = fc.sample(step, { numRuns: STEPS, seed: SEED + walk });
      for (const [n, one] of steps.entries()) {
        try {
          if (await take(shop, one, `walk-${walk}-${n}`)) carriedOut.add(one.command);
          await expectPossible(app);
        } catch (error) {
          throw new Error(`After command ${n}, ${JSON.stringify(one)}: ${(error as Error).message}`, { cause: error });
        }
      }
    },
    WALK_TIMEOUT_MS,
  );

  it('has carried out each kind of command', () => {
    expect([...carriedOut].sort()).toEqual([...COMMANDS].sort());
  });
}

/** Sends the step's command, and once more when it was done. Answers whether it was; throws when the service failed. */
async function take(shop: Walk, one: Parameters<typeof requestOf>[0], key: string): Promise<boolean> {
  const request = await requestOf(one, shop);
  if (!request) return false;
  const { method, path, body } = request;
  const answer = await shop.app.call(method, path, body, { key });
  if (answer.status >= 500) throw new Error(`${method} ${path} answered ${answer.status}.`);
  if (answer.status >= 400) {
    if (typeof answer.body.code !== 'string') throw new Error(`${method} ${path} was refused without a code.`);
    return false;
  }
  if (path === '/orders') shop.placed.push({ id: answer.body.id, number: answer.body.number });
  await repeat(shop.app, request, key, answer.body);
  return true;
}

/** A command that is sent again answers what it answered, and nothing else happens. */
async function repeat(
  app: TestApp,
  request: { method: string; path: string; body?: unknown },
  key: string,
  first: unknown,
): Promise<void> {
  // What the first one left in the outbox is carried out first: it is no part of the repeat.
  await app.settled();
  const before = await rowCounts(app);
  const again = await app.call(request.method, request.path, request.body, { key });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toEqual(first);
  expect(await rowCounts(app)).toEqual(before);
}

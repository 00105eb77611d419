import fc from 'fast-check';
import { startTestApp, type TestApp } from '../../support/app';
import { type DATABASES, emptyDatabase } from '../../support/databases';
import { expectStatus, stockProduct } from '../../support/shop';
import { COMMANDS, type Request, requestOf, SKUS, type Step, step, type Walk } from './commands';
import { expectPossible, ledgerFigures } from './invariants';

/** Five days in a shop of fifty orders each: forty commands an order is a long life. */
const WALKS = 5;
const STEPS = 2_000;
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
    const picker = { email: 'karim@example.com', name: 'Karim', role: 'fulfillment_specialist' };
    expectStatus(await app.post('/users', picker), 201);
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

/** Takes one step and looks at every promise. Answers whether it was carried out; throws when the service failed. */
async function take(shop: Walk, one: Step, key: string): Promise<boolean> {
  const { app } = shop;
  const request = await requestOf(one, shop);
  if (!request) return false;
  const { method, path, body } = request;
  const before = await ledgerFigures(app);
  const answer = await app.call(method, path, body, { key });
  if (answer.status >= 500) throw new Error(`${method} ${path} answered ${answer.status}.`);
  if (answer.status >= 400) {
    if (typeof answer.body.code !== 'string') throw new Error(`${method} ${path} was refused without a code.`);
    // Where nothing has changed, what held before holds now.
    expect(await ledgerFigures(app)).toEqual(before);
    return false;
  }
  if (path === '/orders') shop.placed.push({ id: answer.body.id, number: answer.body.number });
  // What the command left in the outbox belongs to it: put-backs, backorders that goods came for.
  await app.settled();
  await expectPossible(app);
  await repeat(app, request, key, answer.body);
  return true;
}

/** A command that is sent again answers what it answered, and nothing else happens. */
async function repeat(app: TestApp, { method, path, body }: Request, key: string, first: unknown): Promise<void> {
  const before = await ledgerFigures(app);
  const again = await app.call(method, path, body, { key });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toEqual(first);
  expect(await ledgerFigures(app)).toEqual(before);
}

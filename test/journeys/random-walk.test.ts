import fc from 'fast-check';
import { movesFrom } from '../../server/orders/order-moves';
import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { bkashId, buildOrder, expectIntegrity, stockProduct } from '../support/shop';

const STEPS = 1_000;
const CHECKED_EVERY = 20;
const SEED = 20261121;
const SKUS = ['RW-1', 'RW-2', 'RW-3'];

interface Step {
  act: 'place' | 'pay' | 'partPay' | 'remit' | 'move' | 'prepare' | 'hold' | 'release' | 'receive' | 'count';
  /** Which order, of those placed so far. */
  order: number;
  move: string;
  quantity: number;
  choice: number;
  /** Which of the moves that are possible. */
  pick: number;
}

const MOVES = [
  'confirm',
  'process',
  'fulfill',
  'partially_fulfill',
  'resume',
  'ready',
  'await_handoff',
  'ship',
  'fail_delivery',
  'reattempt',
  'deliver',
  'complete',
  'cancel',
  'reject',
  'return_all',
];

/** Taken seldom, or no order would get far. */
const ENDINGS = ['cancel', 'reject', 'partially_fulfill'];

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(
    { weight: 3, arbitrary: fc.constant('place' as const) },
    { weight: 3, arbitrary: fc.constantFrom('pay' as const, 'partPay' as const, 'remit' as const) },
    { weight: 12, arbitrary: fc.constant('move' as const) },
    { weight: 5, arbitrary: fc.constant('prepare' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('hold' as const, 'release' as const, 'receive' as const, 'count' as const),
    },
  ),
  order: fc.nat({ max: 14 }),
  move: fc.constantFrom(...MOVES),
  quantity: fc.integer({ min: 1, max: 4 }),
  choice: fc.nat({ max: 5 }),
  pick: fc.nat({ max: 999 }),
});

/** Whatever people do, in whatever order: it is done or refused with a reason, and the ledger never contradicts itself. */
describe.each(DATABASES)('A shop where anybody does anything, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  const made = new Set<string>();
  const placed: { id: string; lines: { id: string; quantity: number }[] }[] = [];

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    for (const [n, sku] of SKUS.entries())
      await stockProduct(app, { sku, barcode: `990000000000${n}`, costMinor: 3_333 + n }, 60);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function place({ quantity, choice }: Step): Promise<number> {
    const lines = [
      { sku: SKUS[choice % 3], quantity, unitPriceMinor: 10_001 },
      { sku: SKUS[(choice + 1) % 3], quantity: 1, unitPriceMinor: 777, discountMinor: choice },
    ];
    const answer = await app.post(
      '/orders',
      buildOrder({
        lines,
        paymentMethod: ['bkash', 'cod', 'cash'][choice % 3],
        fulfillmentMethod: choice > 3 ? 'pickup' : 'delivery',
        shippingMinor: 6_001,
        taxMinor: 333,
        allowBackorder: choice === 5,
      }),
    );
    if (answer.status === 201) placed.push({ id: answer.body.id, lines: answer.body.lines });
    return answer.status;
  }

  /** Mostly a move that the table knows from here, so that orders get far; sometimes any move at all. */
  async function move({ move: any, quantity, choice, pick }: Step, order: (typeof placed)[number]): Promise<number> {
    const { body } = await app.get(`/orders/${order.id}`);
    const known = movesFrom(body.status).filter((name) => pick % 10 === 0 || !ENDINGS.includes(name));
    const name = pick % 15 === 0 ? any : (known[pick % Math.max(1, known.length)] ?? any);
    const handling = ['refund', 'backorder'][choice % 2];
    const some = order.lines.map(({ id }) => ({ id, quantity: quantity - 1 }));
    const lines = name === 'partially_fulfill' ? order.lines.map(({ id }) => ({ id, handling })) : some;
    const fields = {
      reason: name === 'fail_delivery' ? 'refused' : 'operational',
      carrier: 'manual',
      method: 'kerb',
      spot: 'P1',
      ...(name === 'partially_fulfill' || (name === 'deliver' && choice === 0) ? { lines } : {}),
      ...(choice <= 2 ? { overrides: [{ guard: 'payment', reason: 'known customer' }] } : {}),
    };
    const { status } = await app.put(`/orders/${order.id}/status`, { move: name, ...fields });
    if (status === 200) made.add(name);
    return status;
  }

  async function take(one: Step): Promise<number> {
    // The newest ones, since the oldest are soon finished.
    const order = placed.at(-1 - (one.order % Math.max(1, placed.length)));
    if (one.act === 'place' || !order) return place(one);
    const path = `/orders/${order.id}`;
    switch (one.act) {
      case 'pay':
        return (await app.post(`${path}/payments`, { method: 'bkash', transactionId: bkashId() })).status;
      case 'partPay':
        return (
          await app.post(`${path}/payments`, {
            method: 'cash',
            amountMinor: 5_000 * one.quantity,
            acceptDifference: true,
          })
        ).status;
      case 'remit':
        return (await app.post(`${path}/payments`, { method: 'cod' })).status;
      case 'prepare': {
        const line = order.lines[one.choice % order.lines.length];
        const quantity = one.pick % 8 === 0 ? one.quantity - 1 : undefined;
        return (await app.put(`${path}/items/${line?.id}/status`, { status: 'prepared', quantity })).status;
      }
      case 'hold':
        return (await app.post(`${path}/holds`, { reason: 'other', note: 'look again' })).status;
      case 'release': {
        const { body } = await app.get(path);
        const handle = body.holds?.[0]?.handle as string | undefined;
        return handle ? (await app.call('DELETE', `${path}/holds/${handle}`)).status : 200;
      }
      case 'receive': {
        const lines = [{ sku: SKUS[one.choice % 3], quantity: one.quantity * 3, unitCostMinor: 3_000 + one.choice }];
        return (await app.post('/inventory/receipts', { lines })).status;
      }
      case 'count': {
        const lines = [{ sku: SKUS[one.choice % 3], delta: one.quantity - 3, reason: 'count' }];
        return (await app.post('/inventory/adjustments', { lines })).status;
      }
      default:
        return move(one, order);
    }
  }

  it(`keeps every promise of the ledger through ${STEPS} commands`, async () => {
    const steps = fc.sample(step, { numRuns: STEPS, seed: SEED });
    const statuses = new Map<number, number>();
    for (const [n, one] of steps.entries()) {
      const status = await take(one);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500) throw new Error(`Step ${n} ${JSON.stringify(one)} answered ${status}.`);
      if (n % CHECKED_EVERY === 0) await expectIntegrity(app);
    }
    await expectIntegrity(app);
    const { body } = await app.get('/accounting/trial-balance');
    expect(body.totalDebitMinor).toBe(body.totalCreditMinor);
    // A walk that is refused everywhere would prove nothing.
    expect(made.size).toBeGreaterThan(MOVES.length - 4);
  }, 180_000);
});

import fc from 'fast-check';
import { movesFrom, ORDER_MOVES } from '../../../server/orders/order-moves';
import type { TestApp } from '../../support/app';
import { bkashId, buildOrder } from '../../support/shop';

/** What chance decides of one command; each command reads from it what it needs. */
export interface Step {
  command: string;
  /** Which of the orders. */
  order: number;
  quantity: number;
  choice: number;
  /** Which of the moves that are possible. */
  pick: number;
}

export interface Request {
  method: string;
  path: string;
  body?: unknown;
}

export const SKUS = ['RW-1', 'RW-2', 'RW-3'];
export const ORDERS_MAX = 50;

/** A shop in the middle of its day: the orders placed so far. */
export interface Walk {
  app: TestApp;
  placed: { id: string; number: string }[];
}

type Order = Record<string, any>;
/** What somebody sends; nothing when the order gives no occasion for it. */
type Command = (order: Order, step: Step, walk: Walk) => Request | undefined | Promise<Request | undefined>;

/** The last two fetch their orders themselves. */
const METHODS = ['bkash', 'cod', 'cod', 'bkash', 'cash', 'bkash'];
/** Taken seldom, or no order would get far. */
const SELDOM = ['cancel', 'reject', 'partially_fulfill', 'return_all', 'resume'];

const post = (path: string, body: unknown = {}): Request => ({ method: 'POST', path, body });

function place({ quantity, choice }: Step, { placed }: Walk): Request {
  const lines = [
    { sku: SKUS[choice % 3], quantity, unitPriceMinor: 10_001 },
    { sku: SKUS[(choice + 1) % 3], quantity: 1, unitPriceMinor: 777, discountMinor: choice },
  ];
  const order = buildOrder({
    // All are placed: who orders now, orders twice.
    number: placed.length < ORDERS_MAX ? undefined : placed[0]?.number,
    lines,
    paymentMethod: METHODS[choice],
    payment: choice === 3 ? { transactionId: bkashId() } : undefined,
    fulfillmentMethod: choice > 3 ? 'pickup' : 'delivery',
    shippingMinor: 6_001,
    taxMinor: 333,
    allowBackorder: choice === 5,
  });
  return post('/orders', order);
}

/** Mostly a move that the table knows from here, so that orders get far; sometimes any move at all. */
function move(order: Order, { quantity, choice, pick }: Step): Request {
  const known = movesFrom(order.status).filter((name) => pick % 10 === 0 || !SELDOM.includes(name));
  const any = ORDER_MOVES[pick % ORDER_MOVES.length];
  const name = pick % 15 === 0 ? any : (known[pick % Math.max(1, known.length)] ?? any);
  const handling = ['refund', 'backorder'][choice % 2];
  const some = order.lines.map(({ id }: Order) => ({ id, quantity: quantity - 1 }));
  const lines = name === 'partially_fulfill' ? order.lines.map(({ id }: Order) => ({ id, handling })) : some;
  const body = {
    move: name,
    reason: name === 'fail_delivery' ? 'refused' : 'operational',
    carrier: 'manual',
    method: 'kerb',
    spot: 'P1',
    ...(name === 'partially_fulfill' || (name === 'deliver' && choice === 0) ? { lines } : {}),
    ...(choice <= 2 ? { overrides: [{ guard: 'payment', reason: 'known customer' }] } : {}),
  };
  return { method: 'PUT', path: `/orders/${order.id}/status`, body };
}

/** Who pays on delivery seldom pays before. */
function pay({ id, paymentMethod }: Order, { pick }: Step): Request | undefined {
  if (paymentMethod === 'cod' && pick % 4 > 0) return undefined;
  return post(`/orders/${id}/payments`, { method: 'bkash', transactionId: bkashId() });
}

function decide(order: Order, { choice }: Step): Request | undefined {
  const submitted = order.payments.find((payment: Order) => payment.status === 'submitted');
  if (!submitted) return undefined;
  if (choice % 3 === 0) return post(`/payments/${submitted.id}/reject`, { reason: 'not found' });
  return post(`/payments/${submitted.id}/verify`);
}

function prepare(order: Order, { choice, quantity, pick }: Step): Request {
  const open = ({ preparedQuantity, quantity: ordered }: Order): boolean => preparedQuantity < ordered;
  const line = order.lines.find(open) ?? order.lines[choice % order.lines.length];
  const body = { status: 'prepared', quantity: pick % 8 === 0 ? quantity - 1 : undefined };
  return { method: 'PUT', path: `/orders/${order.id}/items/${line.id}/status`, body };
}

/** The courier brings what it collected, for any order it collected for. */
async function remit(order: Order, _step: Step, { app }: Walk): Promise<Request> {
  const { body } = await app.get('/orders?paymentStatus=cod_collected&limit=1');
  const { id } = body.items[0] ?? order;
  return post(`/orders/${id}/payments`, { method: 'cod' });
}

/** Opens the order's picking, or goes on with the task it has; put-back among them. */
async function task(order: Order, step: Step, { app }: Walk): Promise<Request> {
  const { choice, pick } = step;
  const { body } = await app.get(`/tasks?orderId=${order.id}`);
  const open = body.items.find(({ status }: Order) => ['open', 'in_progress'].includes(status));
  if (!open) return post('/tasks', { kind: 'picking', orderId: order.id });
  if (pick % 12 === 0) return post(`/tasks/${open.id}/cancel`, { reason: 'somebody else does it' });
  if (open.kind === 'count') return countShelves(open, step, app);
  if (open.kind === 'stock_decision') {
    const decision = ['accept', 'accept', 'leave', 'recount'][choice % 4];
    return post(`/tasks/${open.id}/stock_decision`, { decision, note: 'as the walk has it' });
  }
  const { body: whole } = await app.get(`/tasks/${open.id}`);
  const short = choice === 0;
  const lines = whole.lines.map(({ id, quantity }: Order) => ({
    id,
    doneQuantity: short ? Math.max(0, quantity - 1) : quantity,
    shortReason: short ? 'not_found' : undefined,
  }));
  return post(`/tasks/${open.id}/complete`, { lines });
}

/** Counts what should lie there, now and then another figure; a preview tells what should. */
async function countShelves(open: Order, { choice, quantity }: Step, app: Walk['app']): Promise<Request> {
  const { products } = open.details;
  const lines = products.map(({ id }: Order) => ({ id, counted: 0 }));
  const { body } = await app.post(`/tasks/${open.id}/count?dryRun=true`, { lines });
  const wrong = choice === 0 ? quantity - 3 : 0;
  const counted = (n: number): number => Math.max(0, (body.result?.lines[n]?.expected ?? 0) + wrong);
  return post(`/tasks/${open.id}/count`, {
    lines: lines.map((line: Order, n: number) => ({ ...line, counted: counted(n) })),
  });
}

/** Something is not on the shelf: its units wait, are replaced by another product, or go off the bill. */
function miss(order: Order, { choice, quantity, pick }: Step): Request | undefined {
  const open = ({ quantity: ordered, preparedQuantity, cancelledQuantity, substitutedQuantity }: Order): boolean =>
    preparedQuantity < ordered - cancelledQuantity - substitutedQuantity;
  const line = order.lines.find(open) ?? order.lines[pick % order.lines.length];
  const reason = 'not on the shelf';
  const some = pick % 2 === 0 ? { quantity } : {};
  if (choice < 2) return post(`/orders/${order.id}/backorders`, { lines: [{ id: line.id, ...some }], reason });
  if (choice === 2) return post(`/orders/${order.id}/short_lines`, { lines: [{ id: line.id, ...some }], reason });
  const consent = { given: true, how: 'by phone', upToMinor: 1_000_000 };
  const pricePolicy = ['keep', 'new', 'lower'][choice - 3];
  const sku = SKUS[(SKUS.indexOf(line.sku) + 1 + (pick % 2)) % SKUS.length];
  return post(`/orders/${order.id}/substitutions`, { lineId: line.id, sku, ...some, pricePolicy, consent, reason });
}

/** A manager says what becomes of all that is missing. */
async function answerShortage(order: Order, { choice }: Step, { app }: Walk): Promise<Request | undefined> {
  const { body: shortage } = await app.get(`/orders/${order.id}/shortage`);
  if (shortage.missingUnits === 0) return undefined;
  if (choice === 5) return post(`/orders/${order.id}/shortage_decision`, { assigneeEmail: 'manager@example.com' });
  const resolution = ['backorder', 'refund', 'substitute'][choice % 3];
  const consent = { given: true, how: 'by phone' };
  return post(`/orders/${order.id}/shortage`, { resolution, consent, reason: 'not on the shelf' });
}

/** Somebody tells the courier what is due, or once more what it knows. */
function tellCourier({ consignments }: Order): Request | undefined {
  const parcel = consignments.find(({ endedAt }: Order) => endedAt === null) ?? consignments[0];
  const codAmountMinor = parcel?.endedAt === null ? parcel.codDueMinor : parcel?.codAmountMinor;
  return parcel && post(`/consignments/${parcel.id}/cod_amount`, { codAmountMinor });
}

function release(order: Order): Request | undefined {
  const hold = order.holds[0];
  return hold && { method: 'DELETE', path: `/orders/${order.id}/holds/${hold.handle}` };
}

function cancel(order: Order, { choice, pick }: Step): Request | undefined {
  if (pick % 3 > 0) return undefined;
  const body =
    choice % 2 === 0
      ? { reason: 'operational', note: 'the shop is closing' }
      : {
          reason: 'customer_requested',
          note: 'changed her mind',
          customerContact: '01700000000',
          requestedAt: new Date(0).toISOString(),
        };
  return post(`/orders/${order.id}/cancel`, body);
}

function payOut(order: Order, { choice }: Step): Request | undefined {
  const refund = order.refunds.find(({ status }: Order) => status !== 'settled');
  if (!refund) return undefined;
  const failed = { result: 'failed', reason: 'wallet closed' };
  return post(`/refunds/${refund.id}/execute`, choice === 0 ? failed : { method: 'cash' });
}

/** Everything people and pipelines can ask of an order and its goods; how often is the first figure. */
const commands: Readonly<Record<string, [weight: number, Command]>> = {
  // Once all are placed, who would place one rather does something with those there are.
  place: [
    12,
    (order, step, walk) =>
      walk.placed.length < ORDERS_MAX || step.pick % 5 === 0 ? place(step, walk) : move(order, step),
  ],
  move: [30, move],
  prepare: [12, prepare],
  pay: [4, pay],
  payInPart: [
    1,
    ({ id }, { quantity }) =>
      post(`/orders/${id}/payments`, { method: 'cash', amountMinor: 5_000 * quantity, acceptDifference: true }),
  ],
  payTooMuch: [
    1,
    ({ id, balanceDueMinor }, { quantity }) =>
      post(`/orders/${id}/payments`, {
        method: 'cash',
        amountMinor: balanceDueMinor + quantity,
        acceptDifference: true,
      }),
  ],
  decide: [1, decide],
  remit: [3, remit],
  task: [6, task],
  miss: [3, miss],
  answerShortage: [2, answerShortage],
  hold: [1, ({ id }) => post(`/orders/${id}/holds`, { reason: 'other', note: 'look again' })],
  release: [2, release],
  receive: [
    1,
    (_order, { choice, quantity }) =>
      post('/inventory/receipts', {
        lines: [{ sku: SKUS[choice % 3], quantity: quantity * 3, unitCostMinor: 3_000 + choice }],
      }),
  ],
  adjust: [
    1,
    (_order, { choice, quantity }) =>
      post('/inventory/adjustments', { lines: [{ sku: SKUS[choice % 3], delta: quantity - 3, reason: 'count' }] }),
  ],
  dispatch: [3, ({ id }) => post('/inventory/dispatch', { orderId: id })],
  book: [2, ({ id }, { choice }) => post(`/orders/${id}/consignments`, { courier: 'manual', ship: choice === 0 })],
  tellCourier: [2, tellCourier],
  cancel: [1, cancel],
  refund: [3, ({ id }) => post(`/orders/${id}/refund`)],
  payOut: [2, payOut],
};

export const COMMANDS = Object.keys(commands);

export const step: fc.Arbitrary<Step> = fc.record({
  command: fc.oneof(...Object.entries(commands).map(([name, [weight]]) => ({ weight, arbitrary: fc.constant(name) }))),
  // The first ones come up most often, so that some live long and see everything.
  order: fc.nat({ max: ORDERS_MAX ** 2 - 1 }).map((square) => Math.floor(square ** 2 / ORDERS_MAX ** 3)),
  quantity: fc.integer({ min: 1, max: 4 }),
  choice: fc.nat({ max: 5 }),
  pick: fc.nat({ max: 999 }),
});

/** What this step sends in the shop as it is now. */
export async function requestOf(step: Step, walk: Walk): Promise<Request | undefined> {
  const chosen = walk.placed[step.order % Math.max(1, walk.placed.length)];
  if (!chosen) return place(step, walk);
  const { body: order } = await walk.app.get(`/orders/${chosen.id}`);
  const [, command] = commands[step.command] ?? [];
  return command?.(order, step, walk);
}

import { codDelivered, returnAccepted, reversed } from '../accounting';
import { backorder, deliver, dispatch, recall, release, returnDelivered, writeOffOutgoing } from '../inventory';
import type { CommandContext } from '../platform/context';
import { ValidationError } from '../platform/errors';
import { orderRiders } from './order-extensions';
import { assertHeld, dispatchedInHouse, sourceOf, stockLines } from './order-goods';
import {
  keptQuantity,
  type LineCounters,
  missingQuantity,
  openQuantity,
  shippableQuantity,
  undeliveredQuantity,
  unpreparedQuantity,
} from './order-lines';
import type { OrderMove } from './order-moves';
import { postForOrder } from './order-money';
import { dueWithout, reversalBetween } from './order-reversal';
import { type OrderState, snapshot } from './order-state';
import type { OrderLineRow, OrderRow } from './orders.models';
import type { StatusInput } from './orders.schema';

export interface MoveFacts extends Omit<StatusInput, 'status' | 'move'> {
  /** What the courier says by delivering that it has collected; nobody types it. */
  collectedMinor?: number;
}
type Effect = (ctx: CommandContext, state: OrderState, facts: MoveFacts) => Promise<void>;

/** The reason of a return that brings no goods back. */
const LOST = 'lost';

const nothing: Effect = () => Promise.resolve();

/** What each move does to goods and money, inside the move's transaction. Statuses and guards are not its business. */
export const moveEffects: Readonly<Record<OrderMove, Effect>> = {
  confirm: nothing,
  process: nothing,
  fulfill: nothing,
  partially_fulfill: handleOpenLines,
  resume: takeBack,
  ready: bringIn,
  await_handoff: keepHandover,
  ship: handOver,
  fail_delivery: nothing,
  reattempt: handOver,
  deliver: deliverLines,
  complete: completeLines,
  cancel: cancelOpenLines,
  reject: cancelOpenLines,
  return_all: returnEverything,
};

/** Counters set so that the change in each is the number of units answered for the line. */
function count(lines: OrderLineRow[], counter: keyof LineCounters, unitsOf: (line: OrderLineRow) => number): void {
  for (const line of lines) line[counter] += unitsOf(line);
}

async function keepHandover(_ctx: CommandContext, { order }: OrderState, facts: MoveFacts): Promise<void> {
  const { carrier, trackingNumber, method, spot, service } = facts;
  const given = Object.entries({ carrier, trackingNumber, method, spot, service }).filter(
    ([, value]) => value !== undefined,
  );
  const { trackingUrl, ...before } = order.handover;
  order.handover = { ...before, ...Object.fromEntries(given) };
  const isSame = before.carrier === order.handover.carrier && before.trackingNumber === order.handover.trackingNumber;
  // The page of one parcel says nothing of another.
  if (isSame && trackingUrl) order.handover.trackingUrl = trackingUrl;
  return Promise.resolve();
}

/** What is prepared leaves the shelf; from here on it is on its way, still ours. */
async function handOver(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  await keepHandover(ctx, state, facts);
  // A small shop ships what it never booked as picked.
  if (order.status === 'confirmed') count(lines, 'preparedQuantity', unpreparedQuantity);
  const outside = await dispatchedInHouse(ctx, order, lines);
  const wanted = stockLines(lines, (line) => shippableQuantity(line) - (outside.get(line.id) ?? 0));
  const moved = await dispatch(ctx, sourceOf(order), wanted);
  assertHeld(wanted, moved);
  count(lines, 'shippedQuantity', shippableQuantity);
}

/** Goods that wait at the counter are in the house: what a courier brought back is promised to the order again. */
async function bringIn(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  await keepHandover(ctx, state, facts);
  if (order.status !== 'delivery_failed') return;
  await recall(ctx, sourceOf(order), stockLines(lines, undeliveredQuantity), 'reserved');
  for (const line of lines) line.shippedQuantity -= undeliveredQuantity(line);
}

/** The customer has it: cost leaves the stock, cash on delivery is with the courier, what was refused is reversed. */
async function deliverLines(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  if (lines.some((line) => shippableQuantity(line) > 0)) await handOver(ctx, state, {});
  const before = snapshot(state).lines;
  const units = deliveredUnits(lines, facts);
  await deliver(
    ctx,
    sourceOf(order),
    stockLines(lines, (line) => units.get(line.id) ?? 0),
  );
  const left = (line: OrderLineRow): number => undeliveredQuantity(line) - (units.get(line.id) ?? 0);
  const comesBack = new Map(lines.map((line) => [line.id, left(line)]));
  await recall(ctx, sourceOf(order), stockLines(lines, left), 'unavailable');
  count(lines, 'deliveredQuantity', (line) => units.get(line.id) ?? 0);
  count(lines, 'returnedQuantity', (line) => comesBack.get(line.id) ?? 0);
  await reverseSale(ctx, state, before, 'returned');
  if (order.paymentMethod !== 'cod' || order.fulfillmentMethod !== 'delivery') return;
  const isAllTaken = [...comesBack.values()].every((quantity) => quantity === 0);
  const toldMinor = isAllTaken ? (facts.collectedMinor ?? (await orderRiders.told(ctx, order.id))) : undefined;
  // Of goods that were partly refused, or that no courier has, it is what is due for those that came.
  const collectedMinor = toldMinor ?? dueWithout(order, lines, (line) => openQuantity(line) - line.shippedQuantity);
  await bookCollected(ctx, order, collectedMinor);
  if (facts.collectedMinor === undefined) await orderRiders.booked(ctx, order.id, collectedMinor);
}

/**
 * The courier owes what its rider was told to collect, whatever was due: too much is owed back to the customer, too
 * little stays open.
 */
export async function bookCollected(ctx: CommandContext, order: OrderRow, amountMinor: number): Promise<void> {
  const { receivableMinor: balanceDueMinor, number: consignment } = order;
  const postings = codDelivered({ amountMinor, balanceDueMinor, consignment });
  await postForOrder(ctx, order, { event: 'cod_delivered', postings });
}

/** Throws 422 LINE_UNKNOWN or QUANTITY_TOO_LARGE. */
function deliveredUnits(lines: readonly OrderLineRow[], facts: MoveFacts): Map<string, number> {
  if (!facts.lines) return new Map(lines.map((line) => [line.id, undeliveredQuantity(line)]));
  const units = new Map<string, number>();
  facts.lines.forEach((wanted, n) => {
    const line = lineOf(lines, wanted.id, n);
    const most = undeliveredQuantity(line);
    const quantity = wanted.quantity ?? most;
    if (quantity > most) {
      throw new ValidationError(
        'QUANTITY_TOO_LARGE',
        `Only ${most} of ${line.sku} are on their way, not ${quantity}.`,
        {
          errors: [{ path: `lines[${n}].quantity`, code: 'QUANTITY_TOO_LARGE', message: `At most ${most}.` }],
        },
      );
    }
    units.set(line.id, quantity);
  });
  return units;
}

/** Collected at the counter, or delivered before: whatever has not left yet leaves now. */
async function completeLines(ctx: CommandContext, state: OrderState): Promise<void> {
  if (state.order.status === 'delivered') return;
  await handOver(ctx, state, {});
  await deliver(ctx, sourceOf(state.order), stockLines(state.lines, undeliveredQuantity));
  count(state.lines, 'deliveredQuantity', undeliveredQuantity);
}

/** Everything not handed over is given back: unpicked goods at once, picked ones after somebody has put them away. */
async function cancelOpenLines(ctx: CommandContext, state: OrderState): Promise<void> {
  const { order, lines } = state;
  const before = snapshot(state).lines;
  const outside = await dispatchedInHouse(ctx, order, lines);
  const inHouse = (line: OrderLineRow): number => outside.get(line.id) ?? 0;
  const toDispatch = (line: OrderLineRow): number => shippableQuantity(line) - inHouse(line);
  await dispatch(ctx, sourceOf(order), stockLines(lines, toDispatch));
  await recall(ctx, sourceOf(order), stockLines(lines, shippableQuantity), 'unavailable');
  // Taken off the shelf before anybody picked it: nobody has touched it.
  await recall(
    ctx,
    sourceOf(order),
    stockLines(lines, (line) => -toDispatch(line)),
    'on_hand',
  );
  const toLeave = (line: OrderLineRow): number => openQuantity(line) - line.shippedQuantity;
  await release(ctx, sourceOf(order), stockLines(lines, toLeave));
  count(lines, 'cancelledQuantity', toLeave);
  for (const line of lines) {
    line.preparedQuantity = line.shippedQuantity;
    line.backorderedQuantity = 0;
  }
  await reverseSale(ctx, state, before, 'cancelled');
}

/** Each open line is answered for: the rest waits for goods, is to be substituted, or is taken off the bill. */
async function handleOpenLines(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  const before = snapshot(state).lines;
  const handling = new Map((facts.lines ?? []).map((wanted, n) => [lineOf(lines, wanted.id, n).id, wanted.handling]));
  const missing = lines.filter((line) => openQuantity(line) > line.preparedQuantity && !handling.get(line.id));
  if (missing.length > 0) {
    const errors = missing.map((line) => ({
      path: 'lines',
      code: 'HANDLING_MISSING',
      message: `Say what happens to the rest of ${line.sku}: backorder, substitute or refund.`,
      lineId: line.id,
    }));
    throw new ValidationError('HANDLING_MISSING', errors[0]?.message ?? '', { errors });
  }
  const waits = (line: OrderLineRow): boolean => handling.get(line.id) !== 'refund';
  await release(
    ctx,
    sourceOf(order),
    stockLines(lines, (line) => (waits(line) ? 0 : missingQuantity(line))),
    { isMissing: true },
  );
  await backorder(
    ctx,
    sourceOf(order),
    stockLines(lines, (line) => (waits(line) ? unpreparedQuantity(line) : 0)),
  );
  for (const line of lines) {
    const rest = openQuantity(line) - line.preparedQuantity;
    if (rest <= 0) continue;
    if (handling.get(line.id) === 'refund') line.cancelledQuantity += rest;
    line.backorderedQuantity = handling.get(line.id) === 'refund' ? 0 : rest;
  }
  await reverseSale(ctx, state, before, 'short_shipped');
}

/** Work starts again: goods that had left the shelf without leaving the house come back to it. */
async function takeBack(ctx: CommandContext, { order, lines }: OrderState): Promise<void> {
  const outside = await dispatchedInHouse(ctx, order, lines);
  const inHouse = stockLines(lines, (line) => outside.get(line.id) ?? 0);
  await recall(ctx, sourceOf(order), inHouse, 'reserved');
}

/** The whole order comes back: before delivery the sale is reversed, after it the return is accepted. */
async function returnEverything(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  const before = snapshot(state).lines;
  if (order.status === 'delivered') {
    await returnDelivered(ctx, sourceOf(order), stockLines(lines, keptQuantity));
    count(lines, 'returnedQuantity', keptQuantity);
    const { salesMinor, taxMinor } = reversalBetween(order, before, lines);
    const postings = returnAccepted({ salesMinor, taxMinor, balanceDueMinor: order.receivableMinor });
    await postForOrder(ctx, order, { event: 'return_accepted', postings });
    return;
  }
  await cancelOpenLines(ctx, state);
  const cancelled = snapshot(state).lines;
  const out = stockLines(lines, undeliveredQuantity);
  if (facts.reason === LOST) await writeOffOutgoing(ctx, sourceOf(order), out, LOST);
  else await recall(ctx, sourceOf(order), out, 'unavailable');
  count(lines, 'returnedQuantity', undeliveredQuantity);
  await reverseSale(ctx, state, cancelled, 'returned');
}

async function reverseSale(
  ctx: CommandContext,
  { order, lines }: OrderState,
  before: OrderLineRow[],
  event: string,
): Promise<void> {
  const sale = reversalBetween(order, before, lines);
  const postings = reversed({ ...sale, balanceDueMinor: order.receivableMinor });
  await postForOrder(ctx, order, { event, postings });
}

function lineOf(lines: readonly OrderLineRow[], id: string, n: number): OrderLineRow {
  const line = lines.find((candidate) => candidate.id === id);
  if (line) return line;
  throw new ValidationError('LINE_UNKNOWN', `The order has no line "${id}".`, {
    errors: [{ path: `lines[${n}].id`, code: 'LINE_UNKNOWN', message: 'Use the id of a line of this order.' }],
  });
}

/** Where the order stands after the move: it stays partial while units are open, and a part that left is not undone. */
export function statusAfter(move: OrderMove, to: OrderRow['status'], { lines }: OrderState): OrderRow['status'] {
  const some = (units: (line: OrderLineRow) => number): boolean => lines.some((line) => units(line) > 0);
  const stillToLeave = some((line) => openQuantity(line) - line.shippedQuantity);
  const ends = move === 'cancel' || move === 'partially_fulfill' || move === 'return_all' || move === 'deliver';
  if ((move === 'ship' || move === 'reattempt' || move === 'deliver') && stillToLeave) return 'partially_fulfilled';
  if (!ends || stillToLeave) return to;
  if (some(undeliveredQuantity)) return 'shipped';
  if (some(keptQuantity)) return 'delivered';
  if (some((line) => line.shippedQuantity)) return 'returned';
  return move === 'return_all' ? to : 'cancelled';
}

import { CODE_WORDS, type HandOffRow, openHandOffOf } from '../fulfillment';
import { type Departure, departuresOf, lastMoveOf, lockState, type OrderState, resolutionsOfOrder } from '../orders';
import { storeSettings } from '../people';
import { authorise } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { consignmentsOf } from '../shipping';
import { type CustomerMessage, customerMessages, reasonAgainst, templateOf } from './customer-messages';
import { factsFor, type Known } from './message-facts';
import { findMessage, type NaturalKey, type Sending, sendOnce } from './message-store';
import { messages } from './notifications.models';
import type { CustomerInput } from './notifications.schema';
import { notifyCustomers } from './rights';
import { standing, trackingOf } from './tracking';

/** Messages that bring the customer, or whoever comes for them, to the goods. */
const TELL_OF_HAND_OFF: readonly CustomerMessage[] = ['ready', 'handoff'];
const ABOUT_MISSING_GOODS: readonly CustomerMessage[] = ['short', 'lines_cancelled'];

/**
 * Queues one of the customer messages for an order, once per message and recipient unless `resend` asks for another.
 * Throws 404 ORDER_NOT_FOUND, 409 MESSAGE_NOT_DUE or CUSTOMER_UNREACHABLE.
 */
export async function notifyCustomer(ctx: CommandContext, input: CustomerInput): Promise<Sending> {
  const state = await lockState(ctx, input.orderId);
  const { order } = state;
  authorise(ctx.actor, notifyCustomers, order.storeId);
  const { message, resend } = input;
  const recipient = order.customerEmail?.toLowerCase();
  const handOff = TELL_OF_HAND_OFF.includes(message) ? await openHandOffOf(ctx, order.id) : undefined;
  const parts = message === 'shipped' ? await departuresOf(ctx, order.id) : [];
  const occasion = handOff?.id ?? (await occasionOf(ctx, message, order.id, parts));
  const first: NaturalKey = ['customer', order.id, message, recipient ?? '', ...(occasion ? [occasion] : [])];
  const known = recipient && !resend ? await findMessage(ctx, first) : undefined;
  // What was told once stays told, whatever became of the order since.
  if (known) return { row: known, isNew: false };
  assertDue(message, state);
  if (!recipient) throw unreachable(state);
  const note = input.note || null;
  return sendOnce(ctx, {
    storeId: order.storeId,
    orderId: order.id,
    audience: 'customer',
    message,
    recipient,
    naturalKey: resend ? [...first, ctx.newId()] : first,
    note,
    template: templateOf(message),
    data: await factsOf(ctx, message, state, { note, handOff, parts }),
    lateWords: handOff?.confirmBy === 'code' ? { maker: CODE_WORDS, about: { handOffId: handOff.id } } : undefined,
  });
}

/**
 * What makes a message of the same kind another one, beside a hand-off with its new code: a further part that left, and
 * a further answer to what was missing. Of the first part and of what nobody answered for there is one.
 */
async function occasionOf(
  ctx: CommandContext,
  message: CustomerMessage,
  orderId: string,
  parts: readonly Departure[],
): Promise<string | undefined> {
  if (message === 'short') return (await resolutionsOfOrder(ctx, orderId)).at(-1)?.id;
  return parts.length > 1 ? `part-${parts.length}` : undefined;
}

function assertDue(message: CustomerMessage, { order, lines }: OrderState): void {
  const reason = reasonAgainst(message, order, lines);
  if (!reason) return;
  const { title, due } = customerMessages[message];
  throw new ConflictError(
    'MESSAGE_NOT_DUE',
    `"${title}" makes no sense for order ${order.number} now: ${reason}. Move the order first, or choose another message.`,
    {
      errors: [{ path: 'message', code: 'MESSAGE_NOT_DUE', message: 'Choose a message that is true now.' }],
      facts: { orderId: order.id, orderStatus: order.status, message, dueStatuses: due },
    },
  );
}

function unreachable({ order }: OrderState): ConflictError {
  const { id: orderId, number, customerPhone } = order;
  const way = customerPhone ? 'Phone them (the number stands in the order)' : 'Look for another way to reach them';
  return new ConflictError(
    'CUSTOMER_UNREACHABLE',
    `The customer of order ${number} left no e-mail address. ${way}, give somebody a manual_message task with POST /api/v1/tasks, or add an address with PUT /api/v1/orders/${orderId}.`,
    { facts: { orderId, hasPhone: customerPhone !== null, taskKind: 'manual_message' } },
  );
}

async function factsOf(
  ctx: CommandContext,
  message: CustomerMessage,
  state: OrderState,
  { note, handOff, parts }: { note: string | null; handOff?: HandOffRow; parts: readonly Departure[] },
): Promise<Record<string, unknown>> {
  const { order, lines } = state;
  const parcels = await consignmentsOf(ctx, [order.id]);
  // A mail about a later part is about its parcel, be there one or not.
  const ofPart = parts.length > 1 ? parcels.filter(({ part }) => part === parts.length) : parcels;
  const collects = message === 'shipped' && order.paymentMethod === 'cod';
  const failure = message === 'delivery_failed' ? await lastMoveOf(ctx, order.id, 'fail_delivery') : undefined;
  return factsFor(message, {
    order,
    lines,
    store: await storeSettings(ctx, order.storeId),
    tracking: trackingOf(order, ofPart),
    atTheDoorMinor: collects ? standing(ofPart)?.codAmountMinor : undefined,
    failureReason: failure?.reason ?? null,
    handOff,
    lastPart: parts.length > 1 ? parts.at(-1)?.units : undefined,
    ...(ABOUT_MISSING_GOODS.includes(message) ? await answersToTell(ctx, order.id) : {}),
    note,
  });
}

/** Answers to missing units, and those among them that came after the last mail about it; sent again, it tells all. */
async function answersToTell(ctx: CommandContext, orderId: string): Promise<Pick<Known, 'answers' | 'newAnswers'>> {
  const answers = await resolutionsOfOrder(ctx, orderId);
  const where = `order_id = :orderId AND audience = 'customer' AND message = 'short' ORDER BY queued_at DESC`;
  const last = await ctx.get(messages, where, { orderId });
  const since = answers.filter(({ createdAt }) => !last || createdAt > last.queuedAt);
  return { answers, newAnswers: since.length > 0 ? since : answers };
}

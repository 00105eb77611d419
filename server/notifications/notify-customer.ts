import { CODE_WORDS, type HandOffRow, openHandOffOf } from '../fulfillment';
import { lastMoveOf, lockState, type OrderState } from '../orders';
import { storeSettings } from '../people';
import { authorise } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { consignmentsOf } from '../shipping';
import { type CustomerMessage, customerMessages, reasonAgainst, templateOf } from './customer-messages';
import { factsFor } from './message-facts';
import { findMessage, type NaturalKey, type Sending, sendOnce } from './message-store';
import type { CustomerInput } from './notifications.schema';
import { notifyCustomers } from './rights';
import { trackingOf } from './tracking';

/** Messages that bring the customer, or whoever comes for them, to the goods. */
const TELL_OF_HAND_OFF: readonly CustomerMessage[] = ['ready', 'handoff'];

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
  const first = keyOf(order.id, message, recipient, handOff);
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
    data: await factsOf(ctx, message, state, { note, handOff }),
    lateWords: handOff?.confirmBy === 'code' ? { maker: CODE_WORDS, about: { handOffId: handOff.id } } : undefined,
  });
}

/** A new hand-off has a new code, so its message is another one. */
function keyOf(orderId: string, message: string, recipient: string | undefined, handOff?: HandOffRow): NaturalKey {
  const key = ['customer', orderId, message, recipient ?? ''];
  return handOff ? [...key, handOff.id] : key;
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
  { note, handOff }: { note: string | null; handOff?: HandOffRow },
): Promise<Record<string, unknown>> {
  const { order, lines } = state;
  const failure = message === 'delivery_failed' ? await lastMoveOf(ctx, order.id, 'fail_delivery') : undefined;
  return factsFor(message, {
    order,
    lines,
    store: await storeSettings(ctx, order.storeId),
    tracking: trackingOf(order, await consignmentsOf(ctx, [order.id])),
    failureReason: failure?.reason ?? null,
    handOff,
    note,
  });
}

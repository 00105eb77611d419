import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { fetchOrder } from '../shared/orders';
import type { OrderMove } from '../shared/orderMoves';
import type { OrderSummary } from '../shared/service';
import { startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';

/** Fields that go to the service as they stand in the node. */
const PLAIN_FIELDS: Partial<Record<OrderMove, readonly string[]>> = {
  await_handoff: ['method', 'spot', 'service'],
  cancel: ['reason', 'customerContact'],
  fail_delivery: ['reason'],
  partially_fulfill: ['reason'],
  reattempt: ['trackingNumber'],
  reject: ['reason'],
  resume: ['reason'],
  return_all: ['reason'],
  ship: ['carrier', 'trackingNumber'],
};

interface Line extends IDataObject {
  id: string;
  quantity: number;
}

/** What is asked of the service for one item; a field that the move does not take is not sent. */
export async function moveBody(
  context: IExecuteFunctions,
  itemIndex: number,
  order: OrderSummary,
  move: OrderMove,
): Promise<IDataObject> {
  const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const { notes, onlyIfUnchanged, once } = options;
  // Left empty it is not sent: what stands in the order is not written over with nothing.
  const fields = (PLAIN_FIELDS[move] ?? [])
    .map((name) => [name, context.getNodeParameter(name, itemIndex, '')] as const)
    .filter(([, value]) => String(value ?? '').trim() !== '');
  return {
    move,
    ...Object.fromEntries(fields),
    ...(move === 'cancel'
      ? { requestedAt: toUtc(context, itemIndex, context.getNodeParameter('requestedAt', itemIndex, '')) }
      : {}),
    ...(move === 'partially_fulfill' ? { lines: await openLines(context, itemIndex, order.id) } : {}),
    notes,
    version: onlyIfUnchanged ? order.version : undefined,
    once: once || undefined,
    overrides: overridesOf(options),
    event: startingEventId(context, itemIndex),
  };
}

/** One reason for all the rules chosen; the service says what a missing one should hold. */
function overridesOf({ overrides = [], overrideReason = '' }: IDataObject): IDataObject[] | undefined {
  const guards = overrides as string[];
  return guards.length === 0 ? undefined : guards.map((guard) => ({ guard, reason: overrideReason }));
}

/** Each line that is not prepared, with the one answer chosen for all of them. */
async function openLines(context: IExecuteFunctions, itemIndex: number, orderId: string): Promise<IDataObject[]> {
  const handling = context.getNodeParameter('handling', itemIndex) as string;
  const { lines } = (await fetchOrder(context, orderId)) as unknown as { lines: Line[] };
  return lines.filter((line) => openQuantity(line) > 0).map(({ id }) => ({ id, handling }));
}

function openQuantity(line: Line): number {
  const settled = ['preparedQuantity', 'cancelledQuantity', 'substitutedQuantity'] as const;
  return settled.reduce((open, name) => open - Number(line[name] ?? 0), line.quantity);
}

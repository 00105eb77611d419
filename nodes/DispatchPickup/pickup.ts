import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { assigneeOf, assignTask } from '../shared/assignTask';
import { isPreview, previewOf } from '../shared/fields';
import { orderOf } from '../shared/orders';
import type { OrderSummary, Task } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';
import { callService } from '../shared/transport';
import type { Assignment } from '../shared/waiting';

interface HandOff extends IDataObject {
  order: OrderSummary;
  task: Task;
}

/** Gives somebody the work; what a customer fetches becomes a hand-off, which the order waits for. */
export async function dispatchPickup(context: IExecuteFunctions, itemIndex: number): Promise<Assignment> {
  const pickup = context.getNodeParameter('pickup', itemIndex) as string;
  return pickup === 'courier'
    ? assignTask(context, itemIndex, 'pickup_dispatch')
    : openHandOff(context, itemIndex, pickup);
}

async function openHandOff(context: IExecuteFunctions, itemIndex: number, method: string): Promise<Assignment> {
  const order = await orderOf(context, itemIndex);
  const preview = isPreview(context, itemIndex);
  const eventId = startingEventId(context, itemIndex);
  const { instructions, customerInstructions } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const answer = await callService<HandOff>(context, {
    method: 'POST',
    path: `/orders/${encodeURIComponent(order.id)}/handoffs`,
    query: preview ? { dryRun: 'true' } : undefined,
    idempotencyKey: idempotencyKey('handoff', order.id, referenceOf(context, itemIndex)),
    eventId,
    body: {
      method,
      ...placeOf(context, itemIndex, method),
      confirmBy: context.getNodeParameter('confirmBy', itemIndex, 'code'),
      ...assigneeOf(context, itemIndex),
      dueAt: toUtc(context, itemIndex, context.getNodeParameter('dueAt', itemIndex, '')),
      staffInstructions: instructions,
      customerInstructions,
      event: eventId,
    },
  });
  return preview ? { order, ...previewOf(answer) } : { order: { ...order, ...answer.order }, task: answer.task };
}

function placeOf(context: IExecuteFunctions, itemIndex: number, method: string): IDataObject {
  if (method === 'kerbside') return { spot: context.getNodeParameter('spot', itemIndex, '') };
  if (method === 'delivery_service') return { service: context.getNodeParameter('service', itemIndex, '') };
  return {};
}

import type { IDataObject, IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';
import { isPreview, previewOf } from '../shared/fields';
import { orderOf } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { OrderSummary, Task } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';
import { callService, type ServiceRequest } from '../shared/transport';

export interface Assignment {
  order: OrderSummary;
  /** Missing in a preview: nothing was assigned. */
  task?: Task;
  preview?: IDataObject;
}

/** Gives the order's picking to somebody. The same order again answers the task that is open. */
export async function assignPicking(context: IExecuteFunctions, itemIndex: number): Promise<Assignment> {
  const order = await orderOf(context, itemIndex);
  const preview = isPreview(context, itemIndex);
  const eventId = startingEventId(context, itemIndex);
  const { instructions } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const answer = await openOrDone(context, {
    method: 'POST',
    path: '/tasks',
    query: preview ? { dryRun: 'true' } : undefined,
    idempotencyKey: idempotencyKey('picking', order.id, referenceOf(context, itemIndex)),
    eventId,
    body: {
      kind: 'picking',
      orderId: order.id,
      ...assigneeOf(context, itemIndex),
      dueAt: toUtc(context, itemIndex, context.getNodeParameter('dueAt', itemIndex, '')),
      instructions,
      event: eventId,
    },
  });
  return preview ? { order, ...previewOf(answer) } : { order, task: answer };
}

/** When everything is picked already, the task that did it is the answer: the run goes on as if it had waited. */
async function openOrDone(context: IExecuteFunctions, request: ServiceRequest): Promise<Task> {
  try {
    return await callService<Task>(context, request);
  } catch (error) {
    const lastTaskId =
      error instanceof Refusal && error.code === 'NOTHING_TO_PICK' ? error.problem.lastTaskId : undefined;
    if (typeof lastTaskId !== 'string') return Promise.reject(error as Error);
    return callService<Task>(context, { method: 'GET', path: `/tasks/${encodeURIComponent(lastTaskId)}` });
  }
}

function assigneeOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
  if (context.getNodeParameter('assignTo', itemIndex) === 'role') {
    return { role: context.getNodeParameter('role', itemIndex) as string };
  }
  const person = context.getNodeParameter('assignee', itemIndex) as INodeParameterResourceLocator;
  return { assigneeEmail: String(person.value ?? '').trim() };
}

import type { IDataObject, IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';
import { isPreview, previewOf } from './fields';
import { orderOf } from './orders';
import { Refusal } from './refusal';
import type { Task } from './service';
import { idempotencyKey, referenceOf, startingEventId } from './startingEvent';
import { toUtc } from './times';
import { callService, type ServiceRequest } from './transport';
import type { Assignment } from './waiting';

/**
 * Gives work of a kind on the item's order to somebody, as the assignee fields say. The same order again answers the
 * task that is open. `more` is sent beside what every kind takes.
 */
export async function assignTask(
  context: IExecuteFunctions,
  itemIndex: number,
  kind: string,
  more: IDataObject = {},
): Promise<Assignment> {
  const order = await orderOf(context, itemIndex);
  const preview = isPreview(context, itemIndex);
  const eventId = startingEventId(context, itemIndex);
  const { instructions } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const answer = await openOrDone(context, {
    method: 'POST',
    path: '/tasks',
    query: preview ? { dryRun: 'true' } : undefined,
    idempotencyKey: idempotencyKey(kind, order.id, referenceOf(context, itemIndex)),
    eventId,
    body: {
      kind,
      orderId: order.id,
      ...assigneeOf(context, itemIndex),
      dueAt: toUtc(context, itemIndex, context.getNodeParameter('dueAt', itemIndex, '')),
      instructions,
      event: eventId,
      ...more,
    },
  });
  return preview ? { order, ...previewOf(answer) } : { order, task: answer };
}

/** When nothing is left to do, the task that did it is the answer: the run goes on as if it had waited. */
async function openOrDone(context: IExecuteFunctions, request: ServiceRequest): Promise<Task> {
  try {
    return await callService<Task>(context, request);
  } catch (error) {
    const lastTaskId =
      error instanceof Refusal && error.code.startsWith('NOTHING_TO_') ? error.problem.lastTaskId : undefined;
    if (typeof lastTaskId !== 'string') return Promise.reject(error as Error);
    return callService<Task>(context, { method: 'GET', path: `/tasks/${encodeURIComponent(lastTaskId)}` });
  }
}

/** Who is named: a role, whose member with the least to do it becomes, or one person. */
export function assigneeOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
  if (context.getNodeParameter('assignTo', itemIndex) === 'role') {
    return { role: context.getNodeParameter('role', itemIndex) as string };
  }
  const person = context.getNodeParameter('assignee', itemIndex) as INodeParameterResourceLocator;
  return { assigneeEmail: String(person.value ?? '').trim() };
}

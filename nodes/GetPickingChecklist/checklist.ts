import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Page, Task } from '../shared/service';
import { executionName, idempotencyKey, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

/** The order's newest picking, open or closed; where nobody was given one yet, what picking it now would list. */
export async function checklistOf(
  context: IExecuteFunctions,
  itemIndex: number,
  orderId: string,
): Promise<IDataObject> {
  const eventId = startingEventId(context, itemIndex);
  const { items } = await callService<Page<Task>>(context, {
    method: 'GET',
    path: '/tasks',
    query: { orderId, kind: 'picking', limit: 1 },
    eventId,
  });
  const [newest] = items;
  if (!newest) return { ...listOf(await plan(context, orderId, eventId)), taskId: null, status: 'not_assigned' };
  const path = `/tasks/${encodeURIComponent(newest.id)}`;
  return listOf(await callService<Task>(context, { method: 'GET', path, eventId }));
}

/** Asked as a dry run: nobody is given anything. */
async function plan(context: IExecuteFunctions, orderId: string, eventId: string | undefined): Promise<IDataObject> {
  return callService<IDataObject>(context, {
    method: 'POST',
    path: '/tasks',
    query: { dryRun: 'true' },
    idempotencyKey: idempotencyKey('checklist', orderId, executionName(context)),
    eventId,
    body: { kind: 'picking', orderId },
  });
}

/** The task's lines in the way through the shelves. Its link stays out: whoever holds it may tick. */
function listOf(task: IDataObject): IDataObject {
  const { id, status, outcome, round, assigneeName, assigneeEmail, dueAt, instructions, progress, lines } = task;
  return {
    taskId: id,
    ...{ status, outcome, round, assigneeName, assigneeEmail, dueAt, instructions, progress },
    lines: (lines as IDataObject[]).map(({ id: _id, lineId, sku, name, ...rest }) => ({ lineId, sku, name, ...rest })),
  };
}

import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { assigneeOf } from '../shared/assignTask';
import { isPreview, previewOf } from '../shared/fields';
import type { Outgoing } from '../shared/forEachItem';
import { carry } from '../shared/forEachItem';
import { freshened, orderOf } from '../shared/orders';
import type { OrderSummary, Task, WaitResult } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';
import { callService } from '../shared/transport';
import type { Assignment, WaitingStep } from '../shared/waiting';

const BACKORDERED = 0;
const SUBSTITUTED = 1;
const REFUNDED = 2;

const OUTPUT_OF: Readonly<Record<string, number>> = {
  backorder: BACKORDERED,
  substitute: SUBSTITUTED,
  refund: REFUNDED,
  // The goods turned up, or came: the order goes on as it does when they are waited for.
  none: BACKORDERED,
};

/** Why goods were answered for when nobody wrote a reason. */
const USUAL_REASON = 'Answered by the pipeline';

/** Whether a person is asked. A run sleeps with all of its items or with none, so either all are asked about or none. */
export function asksPerson(context: IExecuteFunctions): boolean {
  const asked = context.getInputData().map((_, itemIndex) => context.getNodeParameter('decide', itemIndex) === 'ask');
  if (asked.every((one) => one === asked[0])) return asked[0] ?? false;
  throw new NodeOperationError(context.getNode(), 'Some items ask a person and some do not', {
    description: 'Send them to two steps: one with Decide set to "Ask a Person", one for the rest.',
  });
}

/** A manager is asked, and the run sleeps until there is an answer. */
export const asking: WaitingStep = {
  outputs: 3,
  outputFor: ({ task }: WaitResult) => outputOf(resolutionOf(task)?.resolution),
  unassignedOutput: REFUNDED,
  waits: () => true,
};

/** A decision that was called off leaves like a refund: the goods do not come. */
function outputOf(resolution: unknown): number {
  return OUTPUT_OF[String(resolution)] ?? REFUNDED;
}

function resolutionOf(task: Task | undefined): IDataObject | undefined {
  if (task?.kind !== 'shortage_decision' || task.closedAt === null) return undefined;
  return task.status === 'cancelled' ? { resolution: 'cancelled', lines: [] } : (task.result ?? undefined);
}

/** What was decided stands under a key of its own, beside the task in which it was. */
export function withResolution(outputs: INodeExecutionData[][]): INodeExecutionData[][] {
  return outputs.map((items) =>
    items.map((item) => {
      const resolution = resolutionOf(item.json.task as Task | undefined);
      return resolution ? { ...item, json: { ...item.json, resolution } } : item;
    }),
  );
}

/** Asks a manager what becomes of what is missing; asked again for the same event it is the same task. */
export async function askManager(context: IExecuteFunctions, itemIndex: number): Promise<Assignment> {
  const order = await orderOf(context, itemIndex);
  const eventId = startingEventId(context, itemIndex);
  if (isPreview(context, itemIndex)) {
    const shortage = await callService<IDataObject>(context, { method: 'GET', path: `${pathOf(order)}/shortage` });
    return { order, ...previewOf(shortage) };
  }
  const { instructions } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const task = await callService<Task>(context, {
    method: 'POST',
    path: `${pathOf(order)}/shortage_decision`,
    idempotencyKey: idempotencyKey('shortage-decision', order.id, referenceOf(context, itemIndex)),
    eventId,
    body: {
      ...assigneeOf(context, itemIndex),
      dueAt: toUtc(context, itemIndex, context.getNodeParameter('dueAt', itemIndex, '')),
      instructions: instructions || undefined,
      event: eventId,
    },
  });
  return { order, task };
}

/** One answer to everything that is missing, given by the pipeline itself. */
export async function answerByRule(
  context: IExecuteFunctions,
  itemIndex: number,
  item: INodeExecutionData,
): Promise<Outgoing> {
  const order = await orderOf(context, itemIndex);
  const preview = isPreview(context, itemIndex);
  const eventId = startingEventId(context, itemIndex);
  const { reason } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const resolution = context.getNodeParameter('decide', itemIndex) as string;
  const answer = await callService<IDataObject>(context, {
    method: 'POST',
    path: `${pathOf(order)}/shortage`,
    query: preview ? { dryRun: 'true' } : undefined,
    idempotencyKey: idempotencyKey('shortage', order.id, referenceOf(context, itemIndex)),
    eventId,
    body: { resolution, reason: reason || USUAL_REASON, event: eventId, ...neededFor(context, itemIndex, resolution) },
  });
  const output = outputOf(answer.resolution);
  if (preview) return { output, json: carry(item, { order, ...previewOf(answer) }) };
  const { order: after, ...given } = answer;
  return { output, json: carry(item, { order: freshened(order, after), resolution: given }) };
}

function neededFor(context: IExecuteFunctions, itemIndex: number, resolution: string): IDataObject {
  const text = (name: string): string => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
  if (resolution === 'backorder') {
    return { expectedAt: toUtc(context, itemIndex, context.getNodeParameter('expectedAt', itemIndex, '')) };
  }
  if (resolution !== 'substitute') return {};
  const [agreed, override] = [text('agreed'), text('override')];
  return {
    pricePolicy: 'lower',
    consent: agreed ? { given: true, how: agreed } : undefined,
    override: override && !agreed ? { reason: override } : undefined,
  };
}

function pathOf({ id }: OrderSummary): string {
  return `/orders/${encodeURIComponent(id)}`;
}

import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { Task, Wait, WaitResult } from '../shared/service';
import { idempotencyKey } from '../shared/startingEvent';
import { callService } from '../shared/transport';

/** The outputs of a step that waits for people. */
export const OUTPUT_OF = { done: 0, short: 1, cancelled: 2 } as const;
export const OUTPUTS = Object.keys(OUTPUT_OF).length;

/**
 * Tells the service which tasks this execution waits for. n8n has one address per execution, so the wait is an object
 * of its own: a late answer to an earlier wait must not resume a later one. `round` tells the turns of a loop apart.
 */
export async function openWait(context: IExecuteFunctions, tasks: readonly Task[]): Promise<Wait> {
  const executionId = context.getExecutionId();
  const nodeId = context.getNode().id;
  const round = context.getWorkflowDataProxy(0).$runIndex as number;
  return callService<Wait>(context, {
    method: 'POST',
    path: '/waits',
    idempotencyKey: idempotencyKey('wait', executionId, nodeId, String(round)),
    body: {
      executionId,
      nodeId,
      round,
      // Passed on as it is: its signature covers the whole address.
      resumeUrl: context.evaluateExpression('{{ $execution.resumeUrl }}', 0) as string,
      items: [...new Set(tasks.map(({ id }) => id))].map((taskId) => ({ taskId })),
    },
  });
}

/**
 * The results of the wait that a call-back names, asked of the service rather than believed. Undefined when that wait
 * is over: a later one of this execution must not be resumed by it.
 */
export async function resultsOfCurrentWait(context: IWebhookFunctions): Promise<WaitResult[] | undefined> {
  const { waitId } = context.getBodyData();
  if (typeof waitId !== 'string' || waitId === '') return undefined;
  const wait = await callService<Wait>(context, { method: 'GET', path: `/waits/${encodeURIComponent(waitId)}` });
  return wait.current && wait.done ? (wait.results ?? []) : undefined;
}

/** The original items with what came of their tasks; the outcome decides the output. Failed items stay failed. */
export function sortByOutcome(
  node: INode,
  items: readonly INodeExecutionData[],
  results: readonly WaitResult[],
): INodeExecutionData[][] {
  const sorted: INodeExecutionData[][] = Array.from({ length: OUTPUTS }, () => []);
  for (const [itemIndex, item] of items.entries()) {
    const pairedItem = item.pairedItem ?? { item: itemIndex };
    const result = resultFor(item, itemIndex, results);
    if (item.error || !result) {
      sorted[0]?.push({ ...item, error: item.error ?? unassigned(node, itemIndex), pairedItem });
    } else {
      const { outcome, task } = result;
      sorted[OUTPUT_OF[outcome]]?.push({ json: { ...item.json, task }, binary: item.binary, pairedItem });
    }
  }
  return sorted;
}

/** By the task on the item, else by its order; an item with neither stands in the place of its result. */
function resultFor(
  item: INodeExecutionData,
  itemIndex: number,
  results: readonly WaitResult[],
): WaitResult | undefined {
  const { task, order } = item.json as { task?: IDataObject; order?: IDataObject };
  const ofTask = results.find(({ taskId }) => taskId === task?.id);
  if (ofTask) return ofTask;
  return order?.id === undefined ? results[itemIndex] : results.find((result) => result.task.orderId === order.id);
}

function unassigned(node: INode, itemIndex: number): NodeOperationError {
  return new NodeOperationError(node, 'No task was assigned for this item', { itemIndex });
}

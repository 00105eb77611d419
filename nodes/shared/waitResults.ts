import { NodeOperationError } from 'n8n-workflow';
import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  INodeParameterResourceLocator,
  IWebhookFunctions,
} from 'n8n-workflow';
import { Refusal } from './refusal';
import type { Order, Task, Wait, WaitResult } from './service';
import { executionName, idempotencyKey, startingEventId } from './startingEvent';
import { callService } from './transport';

/** How a step that waits sorts its items. */
export interface Outlets {
  outputs: number;
  /** Where an item leaves by what came of its task. */
  outputFor(result: WaitResult): number;
}

/**
 * Tells the service which tasks this execution waits for. n8n has one address per execution, so the wait is an object
 * of its own: a late answer to an earlier wait must not resume a later one. `round` tells the turns of a loop apart.
 */
export async function openWait(context: IExecuteFunctions, tasks: readonly Task[]): Promise<Wait> {
  const executionId = context.getExecutionId();
  const nodeId = context.getNode().id;
  const round = context.getWorkflowDataProxy(0).$runIndex as number;
  const taskIds = [...new Set(tasks.map(({ id }) => id))];
  const wait = await callService<Wait>(context, {
    method: 'POST',
    path: '/waits',
    idempotencyKey: idempotencyKey('wait', executionName(context), nodeId, String(round)),
    eventId: startingEventId(context, 0),
    body: {
      executionId,
      nodeId,
      round,
      // Passed on as it is: its signature covers the whole address.
      resumeUrl: context.evaluateExpression('{{ $execution.resumeUrl }}', 0) as string,
      items: taskIds.map((taskId) => ({ taskId })),
    },
  });
  if (taskIds.every((id) => wait.results?.some(({ taskId }) => taskId === id))) return wait;
  throw new NodeOperationError(context.getNode(), 'The service answered with a wait for other tasks', {
    description: `Execution ${executionId} was known to it before, as from an n8n that was set up anew. Run the workflow again.`,
  });
}

/**
 * The results of the wait that a call-back names, asked of the service rather than believed. Undefined when that wait
 * is over: a later one of this execution must not be resumed by it.
 */
export async function resultsOfCurrentWait(context: IWebhookFunctions): Promise<WaitResult[] | undefined> {
  const { waitId } = context.getBodyData();
  if (typeof waitId !== 'string' || waitId === '') return undefined;
  const wait = await readWait(context, waitId);
  return wait?.current && wait.done ? (wait.results ?? []) : undefined;
}

/** Undefined when the service knows no such wait: whoever called is not the service. */
async function readWait(context: IWebhookFunctions, waitId: string): Promise<Wait | undefined> {
  try {
    return await callService<Wait>(context, { method: 'GET', path: `/waits/${encodeURIComponent(waitId)}` });
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    return Promise.reject(error as Error);
  }
}

/**
 * The order that the step's field names for each item, asked again: a sleeping run keeps its input only, and the field
 * need not name the order that is on the item. Empty where it cannot be told.
 */
export function namedOrders(context: IWebhookFunctions, items: readonly INodeExecutionData[]): string[] {
  const { value } = (context.getNode().parameters.order ?? {}) as Partial<INodeParameterResourceLocator>;
  const text = String(value ?? '').trim();
  return items.map((_, itemIndex) => {
    try {
      const named = text.startsWith('=') ? context.evaluateExpression(text.slice(1), itemIndex) : text;
      return String(named ?? '').trim();
    } catch {
      // Then the item itself has to say which order it is about.
      return '';
    }
  });
}

/** Items with what came of their tasks, by output; and apart, those for which there is no task. */
export function sortByOutcome(
  { outputs, outputFor }: Outlets,
  items: readonly INodeExecutionData[],
  results: readonly WaitResult[],
  orderNames: readonly string[] = [],
): { sorted: INodeExecutionData[][]; without: INodeExecutionData[] } {
  const sorted: INodeExecutionData[][] = Array.from({ length: outputs }, () => []);
  const without: INodeExecutionData[] = [];
  for (const [itemIndex, item] of items.entries()) {
    const name = orderNames[itemIndex];
    const result = name ? results.find((one) => isNamed(one.task, name)) : resultFor(item, itemIndex, results);
    if (!result) {
      without.push(item);
      continue;
    }
    sorted[outputFor(result)]?.push({ ...item, json: { ...item.json, task: withoutLink(result.task) } });
  }
  return { sorted, without };
}

/** The link opens the work to whoever has it; n8n keeps what is on an item as long as the run. */
export function withoutLink({ url: _url, ...task }: Task): Task {
  return task as Task;
}

/** By id or by number, with or without what marks a number. */
function isNamed({ orderId, orderNumber }: Task, name: string): boolean {
  return orderId === name || String(orderNumber) === name.replace(/^(number:|#)/, '');
}

/** The items that leave carry the order their task is of; where it is another than the item came with, it is read. */
export async function withTheirOrders(
  context: IWebhookFunctions,
  outputs: readonly INodeExecutionData[][],
): Promise<INodeExecutionData[][]> {
  const withItsOrder = async (item: INodeExecutionData): Promise<INodeExecutionData> => {
    const { task, order } = item.json as { task: Task; order?: IDataObject };
    if (order?.id === task.orderId) return item;
    const path = `/orders/${encodeURIComponent(task.orderId)}`;
    return { ...item, json: { ...item.json, order: await callService<Order>(context, { method: 'GET', path }) } };
  };
  return Promise.all(outputs.map((items) => Promise.all(items.map(withItsOrder))));
}

/**
 * Items that could not be assigned before the run went to sleep: nothing was done for them, so they leave with
 * the cancelled. Why, the run has forgotten, for sleep keeps only the input; and n8n's error output pairs items by their
 * place after a sleep, so it would mix their data up.
 */
export function unassigned(items: readonly INodeExecutionData[]): INodeExecutionData[] {
  const problem = { error: 'No task was assigned for this item', details: { code: 'TASK_NOT_ASSIGNED' } };
  return items.map((item) => ({ ...item, json: { ...item.json, ...problem } }));
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

import { WAIT_INDEFINITELY } from 'n8n-workflow';
import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  INodeProperties,
  INodeType,
  IWebhookDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { carry, forEachItem } from './forEachItem';
import { toNodeError } from './refusal';
import type { OrderSummary, Task, WaitResult } from './service';
import {
  namedOrders,
  openWait,
  type Outlets,
  resultsOfCurrentWait,
  sortByOutcome,
  unassigned,
  withoutLink,
  withTheirOrders,
} from './waitResults';

/** A step that gives people work and sleeps until they are done. */
export interface WaitingStep extends Outlets {
  /** Where items leave for which there is no task after a sleep. */
  unassignedOutput: number;
  /** Whether this run of the step sleeps at all; when not said, the field *Wait Until Done* says it. */
  waits?(context: IExecuteFunctions): boolean;
}

/** What assigning one item came to. */
export interface Assignment {
  order: OrderSummary;
  /** Missing in a preview: nothing was assigned. */
  task?: Task;
  preview?: IDataObject;
  /** Why there is no task for this item, though nothing failed: it leaves with those without a task. */
  leftOut?: IDataObject;
}

export const waitUntilDoneField: INodeProperties = {
  displayName: 'Wait Until Done',
  name: 'waitUntilDone',
  type: 'boolean',
  default: true,
  description:
    'Whether to pause until every task of these items is closed. Without waiting, items go on at once through the first output with the open task.',
};

export const waitingWebhooks: IWebhookDescription[] = [
  {
    name: 'default',
    httpMethod: 'POST',
    path: '',
    responseMode: 'onReceived',
    responseData: 'noData',
    restartWebhook: true,
  },
];

/** The address is the sleeping execution's own, there as long as it sleeps: nothing to make and nothing to remove. */
export const waitingWebhookMethods: NonNullable<INodeType['webhookMethods']> = {
  default: {
    checkExists: async () => true,
    create: async () => true,
    delete: async () => true,
  },
};

/** Assigns every item, then sleeps until all tasks are closed; goes on at once where they are, or where nothing is waited for. */
export async function assignAndWait(
  context: IExecuteFunctions,
  step: WaitingStep,
  assign: (itemIndex: number, item: INodeExecutionData) => Promise<Assignment>,
): Promise<INodeExecutionData[][]> {
  const tasks: Task[] = [];
  const assigned = await forEachItem(context, step.outputs, async (itemIndex, item) => {
    const { order, preview, leftOut, ...given } = await assign(itemIndex, item);
    const task = given.task && withoutLink(given.task);
    if (leftOut) return { output: step.unassignedOutput, json: carry(item, { order, ...leftOut }) };
    if (task) tasks.push(task);
    return { output: 0, json: carry(item, task ? { order, task } : { order, preview }) };
  });
  if (tasks.length === 0 || !isWaiting(context, step)) return assigned;
  try {
    const { done, results = [] } = await openWait(context, tasks);
    if (done) return settle(step, assigned, results);
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
  // A wait with a date would end by the first output; the due time is the service's to watch.
  await context.putExecutionToWait(WAIT_INDEFINITELY);
  // A copy: n8n takes failed items out of what it is given, and the sleeping run needs its input whole.
  return [[...context.getInputData()]];
}

/** What a sleeping step does when the service calls: it goes on with the results, or sleeps on. */
export async function resumeStep(context: IWebhookFunctions, step: WaitingStep): Promise<IWebhookResponseData> {
  try {
    const results = await resultsOfCurrentWait(context);
    // Without workflow data the execution stays asleep.
    if (results === undefined) return {};
    const input = context.evaluateExpression('{{ $input.all() }}', 0) as INodeExecutionData[];
    const items = input.map((item, index) => ({ ...item, pairedItem: { item: index } }));
    const { sorted, without } = sortByOutcome(step, items, results, namedOrders(context, items));
    const outputs = await withTheirOrders(context, sorted);
    outputs[step.unassignedOutput]?.push(...unassigned(without));
    return { workflowData: outputs };
  } catch (error) {
    // Whatever is thrown here would end the run. Asked to come again, the service does, and the run sleeps on.
    context.logger.warn('The result of a wait could not be read', {
      reason: toNodeError(context.getNode(), error).message,
    });
    context.getResponseObject().status(503).send('Come again later').end();
    return { noWebhookResponse: true };
  }
}

function isWaiting(context: IExecuteFunctions, step: WaitingStep): boolean {
  return step.waits ? step.waits(context) : context.getNodeParameter('waitUntilDone', 0) === true;
}

/** Items without a task stay where they are, such as failed ones; the others go by what came of their task. */
function settle(
  step: WaitingStep,
  assigned: readonly INodeExecutionData[][],
  results: readonly WaitResult[],
): INodeExecutionData[][] {
  // An item that failed may carry the task of an earlier step, which is none of these.
  const hasTask = ({ json }: INodeExecutionData) =>
    results.some(({ taskId }) => taskId === (json.task as IDataObject | undefined)?.id);
  const { sorted } = sortByOutcome(step, assigned.flat().filter(hasTask), results);
  assigned.forEach((items, output) => sorted[output]?.unshift(...items.filter((item) => !hasTask(item))));
  return sorted;
}

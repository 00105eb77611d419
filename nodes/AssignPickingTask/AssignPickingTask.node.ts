import { NodeConnectionTypes, WAIT_INDEFINITELY } from 'n8n-workflow';
import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { orderField, previewField, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders, searchUsers } from '../shared/listSearch';
import { toNodeError } from '../shared/refusal';
import type { Task, WaitResult } from '../shared/service';
import { assignPicking } from './assign';
import { assigneeFields } from './assigneeFields';
import {
  namedOrders,
  openWait,
  OUTPUT_OF,
  OUTPUTS,
  resultsOfCurrentWait,
  sortByOutcome,
  unassigned,
  withTheirOrders,
} from './waiting';

export class AssignPickingTask implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Assign Picking Task',
    name: 'assignPickingTask',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ "to " + ($parameter["assignTo"] === "role" ? $parameter["role"].replaceAll("_", " ") : ($parameter["assignee"].cachedResultName || $parameter["assignee"].value || "a person")) + ($parameter["waitUntilDone"] ? ", wait" : "") }}',
    description: 'Gives the picking of an order to a person or a role, who gets the checklist by email',
    defaults: { name: 'Assign Picking Task' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Done', 'Short', 'Cancelled'],
    credentials: [{ name: 'orderloomApi', required: true }],
    waitingNodeTooltip: 'Waiting until the picking is done',
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        path: '',
        responseMode: 'onReceived',
        responseData: 'noData',
        restartWebhook: true,
      },
    ],
    properties: [
      orderField,
      ...assigneeFields,
      {
        displayName: 'Wait Until Done',
        name: 'waitUntilDone',
        type: 'boolean',
        default: true,
        description:
          'Whether to pause until every picking is closed. Without waiting, items go on at once through "Done" with the open task.',
      },
      previewField,
      {
        displayName: 'Options',
        name: 'options',
        type: 'collection',
        placeholder: 'Add Option',
        default: {},
        options: [
          {
            displayName: 'Instructions',
            name: 'instructions',
            type: 'string',
            typeOptions: { rows: 3 },
            default: '',
            placeholder: 'e.g. gift wrap, no receipt',
            description: 'Shown above the checklist',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders, searchUsers } };

  /** The address is the sleeping execution's own, there as long as it sleeps: nothing to make and nothing to remove. */
  webhookMethods = {
    default: {
      checkExists: async () => true,
      create: async () => true,
      delete: async () => true,
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const tasks: Task[] = [];
    const assigned = await forEachItem(this, OUTPUTS, async (itemIndex, item) => {
      const { order, task, preview } = await assignPicking(this, itemIndex);
      if (task) tasks.push(task);
      return { output: OUTPUT_OF.done, json: carry(item, task ? { order, task } : { order, preview }) };
    });
    if (tasks.length === 0 || this.getNodeParameter('waitUntilDone', 0) !== true) return assigned;
    try {
      const { done, results = [] } = await openWait(this, tasks);
      if (done) return settle(assigned.flat(), results);
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
    // A wait with a date would end by the first output; the due time is the service's to watch.
    await this.putExecutionToWait(WAIT_INDEFINITELY);
    // A copy: n8n takes failed items out of what it is given, and the sleeping run needs its input whole.
    return [[...this.getInputData()]];
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    try {
      const results = await resultsOfCurrentWait(this);
      // Without workflow data the execution stays asleep.
      if (results === undefined) return {};
      const input = this.evaluateExpression('{{ $input.all() }}', 0) as INodeExecutionData[];
      const items = input.map((item, index) => ({ ...item, pairedItem: { item: index } }));
      const { sorted, without } = sortByOutcome(items, results, namedOrders(this, items));
      const outputs = await withTheirOrders(this, sorted);
      outputs[OUTPUT_OF.cancelled]?.push(...unassigned(without));
      return { workflowData: outputs };
    } catch (error) {
      // Whatever is thrown here would end the run. Asked to come again, the service does, and the run sleeps on.
      this.logger.warn('The result of a wait could not be read', {
        reason: toNodeError(this.getNode(), error).message,
      });
      this.getResponseObject().status(503).send('Come again later').end();
      return { noWebhookResponse: true };
    }
  }
}

/** Failed items stay where n8n's error output looks for them; the others go by what came of their task. */
function settle(items: readonly INodeExecutionData[], results: readonly WaitResult[]): INodeExecutionData[][] {
  const { sorted } = sortByOutcome(
    items.filter(({ json }) => json.task !== undefined),
    results,
  );
  sorted[OUTPUT_OF.done]?.unshift(...items.filter(({ json }) => json.task === undefined));
  return sorted;
}

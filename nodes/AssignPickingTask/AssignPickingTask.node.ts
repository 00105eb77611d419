import { NodeConnectionTypes } from 'n8n-workflow';
import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { assigneeFields } from '../shared/assigneeFields';
import { assignTask } from '../shared/assignTask';
import { orderField, previewField, referenceField } from '../shared/fields';
import { searchOrders, searchUsers } from '../shared/listSearch';
import {
  assignAndWait,
  resumeStep,
  type WaitingStep,
  waitingWebhookMethods,
  waitingWebhooks,
  waitUntilDoneField,
} from '../shared/waiting';
import { pickTogether } from './pickTogether';

const OUTPUT_OF = { done: 0, short: 1, cancelled: 2 } as const;

const picking: WaitingStep = {
  outputs: Object.keys(OUTPUT_OF).length,
  outputFor: ({ outcome }) => OUTPUT_OF[outcome],
  unassignedOutput: OUTPUT_OF.cancelled,
};

export class AssignPickingTask implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Assign Picking Task',
    name: 'assignPickingTask',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ "to " + ($parameter["assignTo"] === "role" ? $parameter["role"].replaceAll("_", " ") : ($parameter["assignee"].cachedResultName || $parameter["assignee"].value || "a person")) + ($parameter["pickTogether"] ? ", together" : "") + ($parameter["waitUntilDone"] ? ", wait" : "") }}',
    description: 'Gives the picking of an order to a person or a role, who gets the checklist by email',
    defaults: { name: 'Assign Picking Task' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Done', 'Short', 'Cancelled'],
    credentials: [{ name: 'orderloomApi', required: true }],
    waitingNodeTooltip: 'Waiting until the picking is done',
    webhooks: waitingWebhooks,
    properties: [
      orderField,
      ...assigneeFields,
      {
        displayName: 'Pick Together',
        name: 'pickTogether',
        type: 'boolean',
        default: false,
        description:
          'Whether one person picks the orders of all items in one wave: collects by product, then sorts into a slot for each order. Confirmed orders begin processing by it. Orders that cannot be picked now leave through "Cancelled" with the reason.',
      },
      waitUntilDoneField,
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
            displayOptions: { hide: { '/pickTogether': [true] } },
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders, searchUsers } };

  webhookMethods = waitingWebhookMethods;

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const isWave = this.getInputData().length > 0 && this.getNodeParameter('pickTogether', 0, false) === true;
    const together = pickTogether(this);
    return assignAndWait(this, picking, (itemIndex) =>
      isWave ? together(itemIndex) : assignTask(this, itemIndex, 'picking'),
    );
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return resumeStep(this, picking);
  }
}

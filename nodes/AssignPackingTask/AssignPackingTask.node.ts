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
import { withPackages } from './withPackages';

const DONE = 0;
const CANCELLED = 1;

const packing: WaitingStep = {
  outputs: 2,
  outputFor: ({ outcome }) => (outcome === 'cancelled' ? CANCELLED : DONE),
  unassignedOutput: CANCELLED,
};

export class AssignPackingTask implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Assign Packing Task',
    name: 'assignPackingTask',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ "to " + ($parameter["assignTo"] === "role" ? $parameter["role"].replaceAll("_", " ") : ($parameter["assignee"].cachedResultName || $parameter["assignee"].value || "a person")) + ($parameter["waitUntilDone"] ? ", wait" : "") }}',
    description:
      'Gives the packing of an order to a person or a role, who packs, weighs and seals its packages on a page sent by email',
    defaults: { name: 'Assign Packing Task' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Done', 'Cancelled'],
    credentials: [{ name: 'orderloomApi', required: true }],
    waitingNodeTooltip: 'Waiting until the packing is done',
    webhooks: waitingWebhooks,
    properties: [
      orderField,
      ...assigneeFields,
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
            description: 'Shown above the packing list',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders, searchUsers } };

  webhookMethods = waitingWebhookMethods;

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return withPackages(await assignAndWait(this, packing, (itemIndex) => assignTask(this, itemIndex, 'packing')));
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const answer = await resumeStep(this, packing);
    return answer.workflowData ? { ...answer, workflowData: withPackages(answer.workflowData) } : answer;
  }
}

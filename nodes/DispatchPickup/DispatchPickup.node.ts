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
import { dispatchPickup } from './pickup';
import { pickupFields, pickupOptions } from './pickupFields';

const OUTPUT_OF = { done: 0, short: 0, cancelled: 1 } as const;

const pickup: WaitingStep = {
  outputs: 2,
  outputFor: ({ outcome }) => OUTPUT_OF[outcome],
  unassignedOutput: OUTPUT_OF.cancelled,
};

export class DispatchPickup implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Dispatch Pickup',
    name: 'dispatchPickup',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ ({ courier: "courier", counter: "at the counter", kerbside: "at the kerb", delivery_service: "delivery service" }[$parameter["pickup"]] ?? "pickup") + ($parameter["waitUntilDone"] ? ", wait" : "") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Gives somebody the work of handing the goods to the courier, the customer or a delivery service',
    defaults: { name: 'Dispatch Pickup' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Done', 'Cancelled'],
    credentials: [{ name: 'orderloomApi', required: true }],
    waitingNodeTooltip: 'Waiting until the goods are handed over',
    webhooks: waitingWebhooks,
    properties: [
      orderField,
      ...pickupFields,
      ...assigneeFields,
      waitUntilDoneField,
      previewField,
      pickupOptions,
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders, searchUsers } };

  webhookMethods = waitingWebhookMethods;

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return assignAndWait(this, pickup, (itemIndex) => dispatchPickup(this, itemIndex));
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return resumeStep(this, pickup);
  }
}

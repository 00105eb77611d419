import { NodeConnectionTypes } from 'n8n-workflow';
import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { orderField, previewField, referenceField } from '../shared/fields';
import { forEachItem } from '../shared/forEachItem';
import { searchOrders, searchUsers } from '../shared/listSearch';
import { assignAndWait, resumeStep, waitingWebhookMethods, waitingWebhooks } from '../shared/waiting';
import { answerByRule, asking, askManager, asksPerson, withResolution } from './resolve';
import { shortageFields, shortageOptions } from './shortageFields';

export class ResolveShortage implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Resolve Shortage',
    name: 'resolveShortage',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ ({ ask: "ask a person, wait", backorder: "the customer waits", refund: "off the bill", substitute: "something alike instead" }[$parameter["decide"]] ?? "") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description:
      'Answers for goods that are missing: they are waited for, replaced or refunded. Refunded also takes questions that were called off, such as when the order was cancelled.',
    defaults: { name: 'Resolve Shortage' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Backordered', 'Substituted', 'Refunded'],
    credentials: [{ name: 'orderloomApi', required: true }],
    waitingNodeTooltip: 'Waiting until somebody has decided',
    webhooks: waitingWebhooks,
    properties: [orderField, ...shortageFields, previewField, shortageOptions, referenceField],
  };

  methods = { listSearch: { searchOrders, searchUsers } };

  webhookMethods = waitingWebhookMethods;

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    if (!asksPerson(this)) {
      return forEachItem(this, asking.outputs, (itemIndex, item) => answerByRule(this, itemIndex, item));
    }
    return withResolution(await assignAndWait(this, asking, (itemIndex) => askManager(this, itemIndex)));
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const answer = await resumeStep(this, asking);
    const { workflowData } = answer;
    return workflowData ? { ...answer, workflowData: withResolution(workflowData) } : answer;
  }
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
  IDataObject,
  IHookFunctions,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { toNodeError } from '../shared/refusal';
import { EVENTS } from './events';
import { isGenuine } from './signature';
import { isSubscribed, memoryOf, subscribe, unsubscribe } from './subscription';

interface Message {
  id: string;
  type: string;
  timestamp: string;
  data?: IDataObject;
}

export class OrderTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Order Trigger',
    name: 'orderTrigger',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description: 'Starts the workflow when something happens to an order, a payment, a task or stock',
    eventTriggerDescription: 'Waiting for the chosen events of Orderloom',
    activationMessage: 'This workflow now starts on the chosen events of Orderloom.',
    defaults: { name: 'Order Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'orderloom' }],
    properties: [
      {
        displayName: 'Events',
        name: 'events',
        type: 'multiOptions',
        options: EVENTS,
        default: ['order.placed'],
        required: true,
        description:
          'What starts this workflow. A run starts at least once for each event; the steps make a repeat harmless.',
      },
    ],
  };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        try {
          return await isSubscribed(this);
        } catch (error) {
          throw toNodeError(this.getNode(), error);
        }
      },
      async create(this: IHookFunctions): Promise<boolean> {
        try {
          await subscribe(this);
          return true;
        } catch (error) {
          throw toNodeError(this.getNode(), error);
        }
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        try {
          await unsubscribe(this);
          return true;
        } catch (error) {
          throw toNodeError(this.getNode(), error);
        }
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { secret } = memoryOf(this);
    const rawBody = this.getRequestObject().rawBody;
    const headers = this.getHeaderData() as IDataObject;
    if (!secret || !isGenuine({ headers, rawBody }, secret, Date.now())) {
      this.getResponseObject().status(401).send('The signature does not fit').end();
      return { noWebhookResponse: true };
    }
    const { id, type, timestamp, data } = this.getBodyData() as unknown as Message;
    const json = { ...data, eventId: id, event: type, occurredAt: timestamp };
    return { workflowData: [[{ json }]] };
  }
}

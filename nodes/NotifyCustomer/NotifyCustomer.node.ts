import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { notify, SENT } from '../shared/notify';
import { orderOf } from '../shared/orders';
import { idempotencyKey, referenceOf } from '../shared/startingEvent';
import { MESSAGE_OPTIONS } from './messageOptions';

export class NotifyCustomer implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Notify Customer',
    name: 'notifyCustomer',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["message"].replaceAll("_", " ") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Emails the customer one of the messages about an order, once for each message and address',
    defaults: { name: 'Notify Customer' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Sent', 'Failed'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Message',
        name: 'message',
        type: 'options',
        options: MESSAGE_OPTIONS,
        default: 'order_received',
        description: 'A message that is not true of the order now leaves by "Failed"',
      },
      orderField,
      {
        displayName: 'Note',
        name: 'note',
        type: 'string',
        typeOptions: { rows: 3 },
        default: '',
        placeholder: 'e.g. Please bring a bag',
        description: 'Words of your own, shown below the message',
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
            displayName: 'Resend',
            name: 'resend',
            type: 'boolean',
            default: false,
            description: 'Whether to send the message once more to an address that had it, such as for a second parcel',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const order = await orderOf(this, itemIndex);
      const message = this.getNodeParameter('message', itemIndex) as string;
      const { resend } = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
      const { output, notification } = await notify(this, itemIndex, {
        path: '/notifications/customer',
        idempotencyKey: idempotencyKey(
          resend ? 'notify-again' : 'notify',
          order.id,
          message,
          referenceOf(this, itemIndex),
        ),
        body: {
          orderId: order.id,
          message,
          note: this.getNodeParameter('note', itemIndex, ''),
          resend: resend || undefined,
        },
      });
      const isPlan = output === SENT && isPreview(this, itemIndex);
      return { output, json: carry(item, isPlan ? { order, ...previewOf(notification) } : { order, notification }) };
    });
  }
}

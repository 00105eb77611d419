import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { CANCELLATION_REASONS, customerRequestFields } from '../shared/cancellationFields';
import { orderField, previewField, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { cancelOrder, OUTPUTS } from './cancel';

const ASKING = { displayOptions: { show: { underWay: ['ask'] } } };
const AT_CUSTOMERS_REQUEST = { displayOptions: { show: { reason: ['customer_requested'] } } };

export class CancelOrder implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Cancel Order',
    name: 'cancelOrder',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ "because: " + $parameter["reason"].replaceAll("_", " ") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description:
      'Cancels an order that has not been handed over, with its goods and money. What is left to do stands under "cancellation".',
    defaults: { name: 'Cancel Order' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Cancelled', 'Needs Approval', 'Refused'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      orderField,
      {
        displayName: 'Reason',
        name: 'reason',
        type: 'options',
        options: CANCELLATION_REASONS,
        default: 'operational',
      },
      ...customerRequestFields(AT_CUSTOMERS_REQUEST),
      {
        displayName: 'Note',
        name: 'note',
        type: 'string',
        typeOptions: { rows: 2 },
        default: '',
        placeholder: 'e.g. ordered the wrong size',
        description: 'Kept with the cancellation and in the history of the order',
      },
      {
        displayName: 'If Work Is Under Way',
        name: 'underWay',
        type: 'options',
        options: [
          {
            name: 'Ask a Manager',
            value: 'ask',
            description: 'Hold the order, stop everyone at work on it, and let a manager decide',
          },
          {
            name: 'Cancel at Once',
            value: 'cancel',
            description:
              'End the work; what was picked is put back. Asks a manager only where the role of the credential may not cancel.',
          },
        ],
        default: 'cancel',
        description: 'What to do while somebody picks or packs the order',
      },
      {
        displayName: 'Requester Email',
        name: 'requesterEmail',
        type: 'string',
        default: '',
        placeholder: 'e.g. name@shop.com',
        description: 'Who asks, so that they hear what was decided and do not decide themselves',
        ...ASKING,
      },
      {
        displayName: 'Restock',
        name: 'restock',
        type: 'boolean',
        default: true,
        description:
          'Whether picked goods go back on sale once they are put away. Otherwise they stay apart until somebody looks at them.',
      },
      {
        displayName: 'Notify Customer',
        name: 'notify',
        type: 'boolean',
        default: true,
        description:
          'Whether the cancellation waits for the message to the customer, which a Notify Customer step sends',
      },
      previewField,
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, OUTPUTS, async (itemIndex, item) => {
      const { output, results } = await cancelOrder(this, itemIndex);
      return { output, json: carry(item, results) };
    });
  }
}

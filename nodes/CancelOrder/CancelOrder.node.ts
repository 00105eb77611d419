import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField, previewField, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { cancelOrder, OUTPUTS } from './cancel';

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
        options: [
          { name: 'Compliance', value: 'compliance', description: 'The sale is not allowed' },
          { name: 'Customer Requested', value: 'customer_requested', description: 'Say who asked, and when' },
          { name: 'Duplicate', value: 'duplicate', description: 'The same order came twice' },
          { name: 'Inventory', value: 'inventory', description: 'The goods cannot be had' },
          { name: 'Operational', value: 'operational', description: 'The shop cannot do it' },
          { name: 'Payment', value: 'payment', description: 'The money did not come' },
        ],
        default: 'operational',
      },
      {
        displayName: 'Customer Contact',
        name: 'customerContact',
        type: 'string',
        default: '',
        required: true,
        placeholder: 'e.g. 01700000000',
        description: 'The phone number or email address the customer asked from',
        ...AT_CUSTOMERS_REQUEST,
      },
      {
        displayName: 'Requested At',
        name: 'requestedAt',
        type: 'dateTime',
        default: '',
        required: true,
        description: 'When the customer asked, in the time zone of the workflow',
        ...AT_CUSTOMERS_REQUEST,
      },
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

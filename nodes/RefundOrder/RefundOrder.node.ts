import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField, previewField, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { OUTPUTS, refundOrder } from './refund';

const WHEN_SENT = { displayOptions: { show: { execution: ['now'] } } };

export class RefundOrder implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Refund Order',
    name: 'refundOrder',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ ($parameter["execution"] === "now" ? "the money was sent" : "decide only") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description:
      'Gives back what is owed on an order. Settled also takes what is only decided (status "approved") and orders that owe nothing.',
    defaults: { name: 'Refund Order' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Settled', 'Failed'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      orderField,
      {
        displayName: 'Execution',
        name: 'execution',
        type: 'options',
        options: [
          {
            name: 'Decide Only',
            value: 'decide',
            description: 'A person sends the money later; the refund leaves by "Settled" with the status "approved"',
          },
          {
            name: 'The Money Was Sent',
            value: 'now',
            description: 'Record that somebody has sent it; a refund that was decided before is the one that is meant',
          },
        ],
        default: 'decide',
      },
      {
        displayName: 'Method',
        name: 'method',
        type: 'options',
        options: [
          { name: 'Bank', value: 'bank' },
          { name: 'bKash', value: 'bkash' },
          { name: 'Card', value: 'card' },
          { name: 'Cash', value: 'cash' },
          { name: 'Nagad', value: 'nagad' },
          { name: 'Rocket', value: 'rocket' },
          { name: 'The Way the Customer Paid', value: '', description: 'Cash on delivery goes back in cash' },
        ],
        default: '',
        description: 'The account the money left',
        ...WHEN_SENT,
      },
      {
        displayName: 'Transaction ID',
        name: 'transactionId',
        type: 'string',
        default: '',
        placeholder: 'e.g. BKA1B2C3D4',
        description: 'The ID the wallet showed for this transfer. Cash needs none.',
        ...WHEN_SENT,
      },
      {
        displayName: 'Amount (Minor Units)',
        name: 'amountMinor',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 0,
        placeholder: 'e.g. 106000',
        description: 'In the smallest unit of the currency (12.50 is 1250). When 0: all that is owed back.',
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
            displayName: 'Note',
            name: 'note',
            type: 'string',
            default: '',
            placeholder: 'e.g. customer wants it on another number',
            description: 'Kept with the refund',
          },
          {
            displayName: 'Reason',
            name: 'reason',
            type: 'string',
            default: '',
            placeholder: 'e.g. order cancelled',
            description: 'Kept with the refund, for whoever looks at it later',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, OUTPUTS, async (itemIndex, item) => {
      const { output, results } = await refundOrder(this, itemIndex);
      return { output, json: carry(item, results) };
    });
  }
}

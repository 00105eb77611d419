import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { markPaid, PAID } from './payment';

export class MarkPaid implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Mark Paid',
    name: 'markPaid',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ {submitted: "verify the transaction ID of the order", transaction: "by transaction ID", cash: "in cash"}[$parameter["source"]] }}',
    description: 'Records the payment of an order, or verifies the transaction ID that came with it',
    defaults: { name: 'Mark Paid' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Paid', 'Mismatch'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Paid With',
        name: 'source',
        type: 'options',
        options: [
          { name: 'Cash', value: 'cash', description: 'Money put into the till' },
          {
            name: 'Transaction ID That Came With the Order',
            value: 'submitted',
            description: 'Says the money was found. Orders paid at the door or counter pass.',
          },
          {
            name: 'Transaction ID You Enter',
            value: 'transaction',
            description: 'The ID of a wallet, bank or card payment',
          },
        ],
        default: 'submitted',
      },
      orderField,
      {
        displayName: 'Method',
        name: 'method',
        type: 'options',
        options: [
          { name: 'Bank', value: 'bank' },
          { name: 'bKash', value: 'bkash' },
          { name: 'Card', value: 'card' },
          { name: 'Nagad', value: 'nagad' },
          { name: 'Rocket', value: 'rocket' },
        ],
        default: 'bkash',
        displayOptions: { show: { source: ['transaction'] } },
      },
      {
        displayName: 'Transaction ID',
        name: 'transactionId',
        type: 'string',
        default: '',
        required: true,
        placeholder: 'e.g. BKA1B2C3D4',
        displayOptions: { show: { source: ['transaction'] } },
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
            displayName: 'Accept Difference',
            name: 'acceptDifference',
            type: 'boolean',
            default: false,
            description: 'Whether to record another amount than the balance due, as a part payment or an overpayment',
          },
          {
            displayName: 'Amount (Minor Units)',
            name: 'amountMinor',
            type: 'number',
            typeOptions: { minValue: 0, numberPrecision: 0 },
            default: 0,
            placeholder: 'e.g. 106000',
            description: 'What came in, in the smallest unit of the currency (12.50 is 1250). When 0: the balance due.',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const { output, order, payment } = await markPaid(this, itemIndex);
      const isPlan = output === PAID && isPreview(this, itemIndex);
      return { output, json: carry(item, isPlan ? { order, ...previewOf(payment) } : { order, payment }) };
    });
  }
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField, previewField, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { sendToCourier } from './booking';

export class SendToCourier implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Send to Courier',
    name: 'sendToCourier',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ $parameter["courier"] + ($parameter["ship"] ? ", ship" : "") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Books a courier for an order; the money to collect is the balance due of an order paid at the door',
    defaults: { name: 'Send to Courier' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Booked', 'Rejected'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      orderField,
      {
        displayName: 'Courier',
        name: 'courier',
        type: 'options',
        options: [
          { name: 'Manual', value: 'manual', description: 'You bring the parcel yourself' },
          { name: 'Steadfast', value: 'steadfast', description: 'Steadfast Courier, Bangladesh' },
        ],
        default: 'steadfast',
      },
      {
        displayName: 'Ship',
        name: 'ship',
        type: 'boolean',
        default: false,
        description:
          'Whether to ship the order too, as soon as the courier has taken the parcel. Otherwise a later step ships it.',
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
            displayName: 'Courier Reference',
            name: 'courierReference',
            type: 'string',
            default: '',
            placeholder: 'e.g. 1001-B',
            description: 'What the courier knows the parcel by. When empty: the number of the order.',
          },
          {
            displayName: 'Note to the Rider',
            name: 'note',
            type: 'string',
            default: '',
            placeholder: 'e.g. ring twice',
          },
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const { output, results } = await sendToCourier(this, itemIndex);
      return { output, json: carry(item, results) };
    });
  }
}

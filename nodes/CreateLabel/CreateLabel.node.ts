import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf } from '../shared/fields';
import { carry, forEachItem, type Outgoing } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { createLabel, fetchLabel, labelledOrder } from './label';

export class CreateLabel implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Create Label',
    name: 'createLabel',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["format"].toUpperCase() + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Gives the parcel of an order its shipping label and adds it to the item as a file',
    defaults: { name: 'Create Label' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      orderField,
      {
        displayName: 'Format',
        name: 'format',
        type: 'options',
        options: [
          { name: 'PDF', value: 'pdf', description: '4 × 6 inches, for any printer and any script' },
          { name: 'ZPL', value: 'zpl', description: 'For label printers that read ZPL; Latin letters only' },
        ],
        default: 'pdf',
        description:
          'How the label leaves. A parcel has one active label: asked for again it is the same one, in either format.',
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
            displayName: 'Package Number',
            name: 'packageNumber',
            type: 'number',
            typeOptions: { minValue: 0 },
            default: 0,
            placeholder: 'e.g. 2',
            description:
              'Which package of the order the label is for. 0 is the first without a label; an order that is not packed has one label for all of it.',
          },
        ],
      },
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item): Promise<Outgoing> => {
      const { order, label } = await createLabel(this, itemIndex);
      if (isPreview(this, itemIndex)) return { output: 0, json: carry(item, { order, ...previewOf(label) }) };
      const file = await fetchLabel(this, itemIndex, { orderId: order.id, labelId: String(label.id) });
      return { output: 0, json: carry(item, { order: labelledOrder(item, order), label }), binary: { label: file } };
    });
  }
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders, searchProducts } from '../shared/listSearch';
import { OPERATIONS, stockFields } from './stockFields';
import { updateStock } from './stockUpdate';

export class UpdateInventory implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Update Inventory',
    name: 'updateInventory',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ {adjust: "correct the record", dispatch: "take the order\'s goods off the shelf", receive: "goods came in", return: "put goods back", transfer: "move goods"}[$parameter["operation"]] + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Takes the goods of an order off the shelf, or receives, corrects, puts back and moves stock',
    defaults: { name: 'Update Inventory' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        options: OPERATIONS,
        default: 'dispatch',
      },
      { ...orderField, displayOptions: { show: { operation: ['dispatch'] } } },
      ...stockFields,
      previewField,
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders, searchProducts } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item) => {
      const { order, stock } = await updateStock(this, itemIndex);
      const result = isPreview(this, itemIndex) ? previewOf(stock) : { stock };
      return { output: 0, json: carry(item, order ? { order, ...result } : result) };
    });
  }
}

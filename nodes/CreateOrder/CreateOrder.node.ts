import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchProducts } from '../shared/listSearch';
import { orderFields } from './orderFields';
import { createOrder } from './creation';
import { shopFields } from './shopFields';

export class CreateOrder implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Create Order',
    name: 'createOrder',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ {fields: "from fields", shopify: "from Shopify", woocommerce: "from WooCommerce"}[$parameter["source"]] + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description:
      'Places an order: its goods are reserved and its sale is posted. The same number again places nothing.',
    defaults: { name: 'Create Order' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Source',
        name: 'source',
        type: 'options',
        noDataExpression: true,
        options: [
          { name: 'Fields Below', value: 'fields', description: 'Fill in a form, by hand or with expressions' },
          { name: 'Shopify Order', value: 'shopify', description: 'The JSON of an order as Shopify sends it' },
          {
            name: 'WooCommerce Order',
            value: 'woocommerce',
            description: 'The JSON of an order as WooCommerce sends it',
          },
        ],
        default: 'fields',
      },
      ...orderFields,
      ...shopFields,
      previewField,
      referenceField,
    ],
  };

  methods = { listSearch: { searchProducts } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item) => {
      const { order, created, effects } = await createOrder(this, itemIndex);
      if (isPreview(this, itemIndex)) return { output: 0, json: carry(item, previewOf({ ...order, effects })) };
      return { output: 0, json: carry(item, { order, created }) };
    });
  }
}

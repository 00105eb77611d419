import type { INodeParameterResourceLocator, INodeProperties } from 'n8n-workflow';

/** A product in a list of goods: chosen from a list that searches, or named by its SKU, as an expression does. */
export const productField: INodeProperties = {
  displayName: 'Product',
  name: 'sku',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a product…',
      typeOptions: { searchListMethod: 'searchProducts', searchable: true },
    },
    { displayName: 'By SKU', name: 'sku', type: 'string', placeholder: 'e.g. TEA-01' },
  ],
};

/** The SKU of a line. A workflow that was written by hand may give it as plain text. */
export function skuOf(product: unknown): string {
  const value = (product as INodeParameterResourceLocator | undefined)?.value ?? product;
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

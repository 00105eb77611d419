import type { IDataObject, IExecuteFunctions, INodeParameterResourceLocator, INodeProperties } from 'n8n-workflow';

/** The order a step works on: by default the one on the item, so that steps chain without any setting. */
export const orderField: INodeProperties = {
  displayName: 'Order',
  name: 'order',
  type: 'resourceLocator',
  default: { mode: 'id', value: '={{ $json.order.id }}' },
  required: true,
  description: 'The order this step works on. By default the order of the incoming item.',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select an order…',
      typeOptions: { searchListMethod: 'searchOrders', searchable: true },
    },
    {
      displayName: 'By Number',
      name: 'number',
      type: 'string',
      placeholder: 'e.g. 1001',
      hint: 'The number the customer knows',
      validation: [
        { type: 'regex', properties: { regex: '^#?\\S+$', errorMessage: 'Write the order number without spaces' } },
      ],
    },
    { displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 01JD2QX5M8F3K7' },
  ],
};

export const referenceField: INodeProperties = {
  displayName: 'Reference',
  name: 'reference',
  type: 'string',
  default: '',
  placeholder: 'e.g. second-delivery',
  description:
    'Tells a repeat from a retry: a second call with the same reference changes nothing. When empty: the event that started the workflow, this node and the item.',
};

export const previewField: INodeProperties = {
  displayName: 'Preview Only',
  name: 'previewOnly',
  type: 'boolean',
  default: false,
  description:
    'Whether to check everything and show the effects under "preview" without changing anything. Goods, money and messages stay as they are.',
};

/** Among the options of a step that is about no order, which would say its store. */
export const storeIdField: INodeProperties = {
  displayName: 'Store ID',
  name: 'storeId',
  type: 'string',
  default: '',
  placeholder: 'e.g. main',
  description: 'Needed only when the credential works in several stores',
};

/** How the service names an order in an address: its id, or `number:1001`. Encoded, ready to stand in a path. */
export function orderPath(context: IExecuteFunctions, itemIndex: number): string {
  return encodeURIComponent(orderReference(context, itemIndex));
}

export function orderReference(context: IExecuteFunctions, itemIndex: number): string {
  const { mode, value } = context.getNodeParameter('order', itemIndex) as INodeParameterResourceLocator;
  const text = String(value ?? '').trim();
  return mode === 'number' && text !== '' ? `number:${text.replace(/^#/, '')}` : text;
}

export function isPreview(context: IExecuteFunctions, itemIndex: number): boolean {
  return context.getNodeParameter('previewOnly', itemIndex, false) === true;
}

/** What a preview shows instead of a result: nothing of it has happened. */
export function previewOf(answer: IDataObject): IDataObject {
  const { effects, dryRun: _dryRun, ...result } = answer;
  return { preview: { effects: effects ?? {}, result } };
}

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

type Shown = Pick<INodeProperties, 'displayOptions'>;

/** Why an order can be cancelled, as the service knows it. */
export const CANCELLATION_REASONS: INodePropertyOptions[] = [
  { name: 'Compliance', value: 'compliance', description: 'The sale is not allowed' },
  { name: 'Customer Requested', value: 'customer_requested', description: 'Say who asked, and when' },
  { name: 'Duplicate', value: 'duplicate', description: 'The same order came twice' },
  { name: 'Inventory', value: 'inventory', description: 'The goods cannot be had' },
  { name: 'Operational', value: 'operational', description: 'The shop cannot do it' },
  { name: 'Payment', value: 'payment', description: 'The money did not come' },
];

/** A cancellation that the customer asked for says who asked, and when. */
export function customerRequestFields(shown: Shown): INodeProperties[] {
  return [
    {
      displayName: 'Customer Contact',
      name: 'customerContact',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. 01700000000',
      description: 'The phone number or email address the customer asked from',
      ...shown,
    },
    {
      displayName: 'Requested At',
      name: 'requestedAt',
      type: 'dateTime',
      default: '',
      required: true,
      description: 'When the customer asked, in the time zone of the workflow',
      ...shown,
    },
  ];
}

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { storeIdField } from '../shared/fields';
import { productField } from '../shared/products';

export const PAYMENT_METHODS: INodePropertyOptions[] = [
  { name: 'Bank', value: 'bank' },
  { name: 'bKash', value: 'bkash' },
  { name: 'Card', value: 'card' },
  { name: 'Cash', value: 'cash' },
  { name: 'Cash on Delivery', value: 'cod' },
  { name: 'Nagad', value: 'nagad' },
  { name: 'Rocket', value: 'rocket' },
];

const FROM_FIELDS = { show: { source: ['fields'] } };
const DELIVERED = { show: { source: ['fields'], fulfillmentMethod: ['delivery'] } };

function text(
  displayName: string,
  name: string,
  example: string,
  more: Partial<INodeProperties> = {},
): INodeProperties {
  return {
    displayName,
    name,
    type: 'string',
    default: '',
    placeholder: `e.g. ${example}`,
    displayOptions: FROM_FIELDS,
    ...more,
  };
}

function amount(
  displayName: string,
  name: string,
  example: string,
  more: Partial<INodeProperties> = {},
): INodeProperties {
  return {
    displayName,
    name,
    type: 'number',
    typeOptions: { minValue: 0, numberPrecision: 0 },
    default: 0,
    placeholder: `e.g. ${example}`,
    description: 'In the smallest unit of the currency (60.00 is 6000)',
    ...more,
  };
}

const lineFields: INodeProperties[] = [
  productField,
  {
    displayName: 'Quantity',
    name: 'quantity',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 1,
  },
  {
    displayName: 'Own Price',
    name: 'ownPrice',
    type: 'boolean',
    default: false,
    description: 'Whether to sell at another price than the product’s',
  },
  amount('Unit Price (Minor Units)', 'unitPriceMinor', '50000', { displayOptions: { show: { ownPrice: [true] } } }),
  amount('Discount on the Line (Minor Units)', 'discountMinor', '1000'),
];

const options: INodeProperties[] = [
  {
    displayName: 'Allow Backorder',
    name: 'allowBackorder',
    type: 'boolean',
    default: false,
    description: 'Whether to take what is there and let the rest wait for goods',
  },
  text('Notes', 'notes', 'call first', { displayOptions: undefined }),
  text('Payer Phone', 'payerPhone', '01700000000', {
    displayOptions: undefined,
    description: 'The number the money was sent from, beside the transaction ID',
  }),
  {
    displayName: 'Placed At',
    name: 'placedAt',
    type: 'dateTime',
    default: '',
    description: 'When the customer placed it; when empty: now',
  },
  amount('Shipping (Minor Units)', 'shippingMinor', '6000', {
    description:
      'In the smallest unit of the currency (60.00 is 6000); when left out: what the zone of the address asks',
  }),
  storeIdField,
  amount('Tax (Minor Units)', 'taxMinor', '5000'),
  text('Transaction ID', 'transactionId', 'DKK1A2B3C4', {
    displayOptions: undefined,
    description: 'What the customer typed after paying by wallet; it waits to be verified',
  }),
];

/** The form of an order. What must be filled is said by the service, for the field that is missing. */
export const orderFields: INodeProperties[] = [
  text('Order Number', 'number', '1001', {
    description:
      'What tells this order from others for ever; the same number with the same goods places nothing again. When empty one is made.',
  }),
  text('Customer Name', 'customerName', 'Rahima Akter'),
  text('Customer Email', 'email', 'rahima@example.com'),
  text('Customer Phone', 'phone', '01700000000'),
  {
    displayName: 'Fulfillment Method',
    name: 'fulfillmentMethod',
    type: 'options',
    options: [
      { name: 'Curbside', value: 'curbside', description: 'The customer waits in a car' },
      { name: 'Delivery', value: 'delivery' },
      { name: 'Pickup', value: 'pickup', description: 'The customer comes to the counter' },
    ],
    default: 'delivery',
    displayOptions: FROM_FIELDS,
  },
  text('Address', 'line1', 'House 12, Road 5', { displayOptions: DELIVERED }),
  text('Address, Second Line', 'line2', 'Dhanmondi', { displayOptions: DELIVERED }),
  text('City', 'city', 'Dhaka', { displayOptions: DELIVERED }),
  text('Postal Code', 'postalCode', '1209', { displayOptions: DELIVERED }),
  text('Country', 'country', 'BD', { default: 'BD', description: 'Two capital letters', displayOptions: DELIVERED }),
  {
    displayName: 'Payment Method',
    name: 'paymentMethod',
    type: 'options',
    options: PAYMENT_METHODS,
    default: 'cod',
    displayOptions: FROM_FIELDS,
  },
  {
    displayName: 'Goods',
    name: 'lines',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    placeholder: 'Add Product',
    default: {},
    displayOptions: FROM_FIELDS,
    options: [{ displayName: 'Product', name: 'line', values: lineFields }],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    displayOptions: FROM_FIELDS,
    options,
  },
];

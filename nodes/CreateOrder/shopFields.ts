import type { INodeProperties } from 'n8n-workflow';
import { storeIdField } from '../shared/fields';
import { PAYMENT_METHODS } from './orderFields';

const FROM_SHOP = { show: { source: ['shopify', 'woocommerce'] } };

/** An order as another shop writes it. */
export const shopFields: INodeProperties[] = [
  {
    displayName: 'Order',
    name: 'orderJson',
    type: 'json',
    default: '={{ $json }}',
    description:
      'The order as the shop sends it; by default the whole incoming item. After a Webhook node, drag its body in.',
    displayOptions: FROM_SHOP,
  },
  {
    displayName: 'Options',
    name: 'shopOptions',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    displayOptions: FROM_SHOP,
    options: [
      {
        displayName: 'Payment Method if Unknown',
        name: 'paymentMethod',
        type: 'options',
        options: PAYMENT_METHODS,
        default: 'cod',
        description: 'Taken when the shop names a gateway that says nothing to us',
      },
      storeIdField,
    ],
  },
];

import type { INodeProperties } from 'n8n-workflow';

const HAND_OFFS = ['counter', 'kerbside', 'delivery_service'];

/** Who comes for the goods, and where. */
export const pickupFields: INodeProperties[] = [
  {
    displayName: 'Pickup',
    name: 'pickup',
    type: 'options',
    options: [
      { name: 'Courier', value: 'courier', description: 'The courier fetches the parcel' },
      { name: 'Customer at the Counter', value: 'counter', description: 'The order waits as ready for pickup' },
      {
        name: 'Delivery Service',
        value: 'delivery_service',
        description: 'Somebody the customer has sent, such as a food courier',
      },
      { name: 'Kerb-Side', value: 'kerbside', description: 'The goods are brought out to the customer' },
    ],
    default: 'courier',
  },
  {
    displayName: 'Spot',
    name: 'spot',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Bay 2',
    description: 'Where the customer stops',
    displayOptions: { show: { pickup: ['kerbside'] } },
  },
  {
    displayName: 'Service',
    name: 'service',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Foodi',
    description: 'Who brings the goods to the customer',
    displayOptions: { show: { pickup: ['delivery_service'] } },
  },
  {
    displayName: 'Confirm By',
    name: 'confirmBy',
    type: 'options',
    options: [
      { name: 'Code', value: 'code', description: 'Six digits that only the customer is told' },
      { name: 'Nothing', value: 'none', description: 'Whoever hands the goods over says so' },
      { name: 'Signature', value: 'signature', description: 'The name of whoever takes the goods, drawn or typed' },
    ],
    default: 'code',
    description:
      'What proves that the right person has the goods. The message that tells the customer to come says the code.',
    displayOptions: { show: { pickup: HAND_OFFS } },
  },
];

export const pickupOptions: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    {
      displayName: 'Instructions',
      name: 'instructions',
      type: 'string',
      typeOptions: { rows: 3 },
      default: '',
      placeholder: 'e.g. two bags, one is cold',
      description: 'For whoever hands the goods over',
    },
    {
      displayName: 'Instructions for the Customer',
      name: 'customerInstructions',
      type: 'string',
      typeOptions: { rows: 3 },
      default: '',
      placeholder: 'e.g. ring at the side door',
      description: 'Part of the message that tells the customer to come; not for a courier',
    },
  ],
};

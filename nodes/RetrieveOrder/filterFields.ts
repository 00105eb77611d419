import type { INodeProperties } from 'n8n-workflow';

const STATUS_OPTIONS = [
  { name: 'Awaiting Handoff', value: 'awaiting_handoff' },
  { name: 'Cancelled', value: 'cancelled' },
  { name: 'Completed', value: 'completed' },
  { name: 'Confirmed', value: 'confirmed' },
  { name: 'Delivered', value: 'delivered' },
  { name: 'Delivery Failed', value: 'delivery_failed' },
  { name: 'Fulfilled', value: 'fulfilled' },
  { name: 'Partially Fulfilled', value: 'partially_fulfilled' },
  { name: 'Pending', value: 'pending' },
  { name: 'Processing', value: 'processing' },
  { name: 'Ready for Pickup', value: 'ready_for_pickup' },
  { name: 'Rejected', value: 'rejected' },
  { name: 'Returned', value: 'returned' },
  { name: 'Shipped', value: 'shipped' },
];

const PAYMENT_STATUS_OPTIONS = [
  { name: 'Cash on Delivery Collected', value: 'cod_collected' },
  { name: 'Cash on Delivery Due', value: 'cod_due' },
  { name: 'Overpaid', value: 'overpaid' },
  { name: 'Paid', value: 'paid' },
  { name: 'Partially Paid', value: 'partially_paid' },
  { name: 'Partially Refunded', value: 'partially_refunded' },
  { name: 'Pending Verification', value: 'pending_verification' },
  { name: 'Refund Due', value: 'refund_due' },
  { name: 'Refunded', value: 'refunded' },
  { name: 'Unpaid', value: 'unpaid' },
];

/** How several orders are chosen; shown unless one order is named. */
export const filterFields: INodeProperties[] = [
  {
    displayName: 'Status',
    name: 'waitingStatus',
    type: 'options',
    options: STATUS_OPTIONS,
    default: 'confirmed',
    description: 'The status the orders wait in',
    displayOptions: { show: { mode: ['waiting'] } },
  },
  {
    displayName: 'Filter',
    name: 'filter',
    type: 'collection',
    placeholder: 'Add Condition',
    default: {},
    displayOptions: { show: { mode: ['filter'] } },
    options: [
      {
        displayName: 'Customer',
        name: 'customer',
        type: 'string',
        default: '',
        placeholder: 'e.g. rahima@example.com',
        description: 'Name, email address or phone number of the customer',
      },
      {
        displayName: 'Payment Status',
        name: 'paymentStatus',
        type: 'options',
        options: PAYMENT_STATUS_OPTIONS,
        default: 'unpaid',
      },
      {
        displayName: 'Placed From',
        name: 'placedFrom',
        type: 'dateTime',
        default: '',
        description: 'Orders placed at this moment or later',
      },
      {
        displayName: 'Placed To',
        name: 'placedTo',
        type: 'dateTime',
        default: '',
        description: 'Orders placed before this moment',
      },
      { displayName: 'Status', name: 'statuses', type: 'multiOptions', options: STATUS_OPTIONS, default: [] },
      {
        displayName: 'Text',
        name: 'text',
        type: 'string',
        default: '',
        placeholder: 'e.g. Green tea',
        description: 'Words to look for in the order',
      },
    ],
  },
  {
    displayName: 'Sort',
    name: 'sort',
    type: 'options',
    options: [
      { name: 'Newest First', value: '-placedAt' },
      { name: 'Oldest First', value: 'placedAt' },
    ],
    default: '-placedAt',
    displayOptions: { hide: { mode: ['one'] } },
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { hide: { mode: ['one'] } },
  },
];

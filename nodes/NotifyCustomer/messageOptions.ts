import type { INodePropertyOptions } from 'n8n-workflow';

/** The messages the service knows; a test compares the two. */
export const MESSAGE_OPTIONS: INodePropertyOptions[] = [
  { name: 'Cancelled', value: 'cancelled', description: 'The order is cancelled or could not be accepted' },
  { name: 'Delayed', value: 'delayed', description: 'It takes longer than planned' },
  { name: 'Delivered', value: 'delivered', description: 'The goods have arrived' },
  { name: 'Delivery Failed', value: 'delivery_failed', description: 'The parcel could not be handed over, and why' },
  { name: 'Follow Up', value: 'follow_up', description: 'Asks whether everything is as wished' },
  { name: 'Goods Cancelled', value: 'lines_cancelled', description: 'A part of the order was taken off' },
  { name: 'Goods Missing', value: 'short', description: 'What is missing, and what comes of it' },
  { name: 'Order Confirmed', value: 'order_confirmed', description: 'The goods are being prepared' },
  { name: 'Order Received', value: 'order_received', description: 'The order, its total and what is to be paid' },
  { name: 'Payment Confirmed', value: 'payment_confirmed', description: 'The money has arrived' },
  {
    name: 'Payment Instructions',
    value: 'payment_instructions',
    description: 'What is to be paid, how and until when',
  },
  { name: 'Ready for Hand-Off', value: 'handoff', description: 'The goods wait at the kerb or for a delivery service' },
  { name: 'Ready for Pickup', value: 'ready', description: 'The goods wait at the counter' },
  { name: 'Refund', value: 'refund', description: 'What is paid back, or was' },
  { name: 'Shipped', value: 'shipped', description: 'What is on its way, with the tracking number' },
];

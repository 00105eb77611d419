import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { CANCELLATION_REASONS, customerRequestFields } from '../shared/cancellationFields';
import type { OrderMove } from '../shared/orderMoves';

interface MoveOption extends INodePropertyOptions {
  value: OrderMove;
}

export const MOVE_OPTIONS: MoveOption[] = [
  {
    name: 'Await Handoff',
    value: 'await_handoff',
    description: 'The goods wait at the kerb or for a delivery service',
  },
  { name: 'Cancel', value: 'cancel', description: 'Cancel before hand-over; may need an approval' },
  { name: 'Complete', value: 'complete', description: 'Delivered or collected, and the money settled' },
  { name: 'Confirm', value: 'confirm', description: 'Put the order in the queue for picking' },
  { name: 'Deliver', value: 'deliver', description: 'The customer has the goods' },
  { name: 'Fail Delivery', value: 'fail_delivery', description: 'The goods could not be handed over, or are recalled' },
  { name: 'Fulfill', value: 'fulfill', description: 'Every line is prepared' },
  {
    name: 'Partially Fulfill',
    value: 'partially_fulfill',
    description: 'A part is prepared; say what happens to the rest',
  },
  { name: 'Process', value: 'process', description: 'Begin picking and packing' },
  { name: 'Ready for Pickup', value: 'ready', description: 'The goods wait for the customer at the counter' },
  { name: 'Reattempt', value: 'reattempt', description: 'Send the goods out again' },
  { name: 'Reject', value: 'reject', description: 'Turn a new order down' },
  { name: 'Resume', value: 'resume', description: 'Back to picking: missing goods came, or a check failed' },
  { name: 'Return All', value: 'return_all', description: 'Everything came back' },
  { name: 'Ship', value: 'ship', description: 'The parcel is with the courier' },
];

function shownFor(...moves: OrderMove[]): Pick<INodeProperties, 'displayOptions'> {
  return { displayOptions: { show: { move: moves } } };
}

const AT_CUSTOMERS_REQUEST = { displayOptions: { show: { move: ['cancel'], reason: ['customer_requested'] } } };

const REASON = { displayName: 'Reason', name: 'reason', required: true } as const;

/** What a move needs, and nothing else: each field is shown for the moves that take it. */
export const moveFields: INodeProperties[] = [
  {
    ...REASON,
    type: 'string',
    default: '',
    placeholder: 'e.g. two jars are missing',
    ...shownFor('partially_fulfill', 'reject', 'resume', 'return_all'),
  },
  {
    ...REASON,
    type: 'options',
    options: [
      { name: 'Address', value: 'address', description: 'The address is wrong or cannot be found' },
      { name: 'Lost', value: 'lost', description: 'The parcel is lost' },
      { name: 'Not Home', value: 'not_home', description: 'Nobody was there' },
      { name: 'Recalled', value: 'recalled', description: 'We called the parcel back' },
      { name: 'Refused', value: 'refused', description: 'The customer did not take it' },
    ],
    default: 'not_home',
    ...shownFor('fail_delivery'),
  },
  {
    ...REASON,
    type: 'options',
    options: CANCELLATION_REASONS,
    default: 'operational',
    ...shownFor('cancel'),
  },
  ...customerRequestFields(AT_CUSTOMERS_REQUEST),
  {
    displayName: 'Missing Goods',
    name: 'handling',
    type: 'options',
    options: [
      { name: 'Backorder', value: 'backorder', description: 'Send them when they come' },
      { name: 'Refund', value: 'refund', description: 'Take them off the order and give the money back' },
      { name: 'Substitute', value: 'substitute', description: 'Another product will take their place' },
    ],
    default: 'backorder',
    description: 'What happens to the lines that are not prepared',
    ...shownFor('partially_fulfill'),
  },
  {
    displayName: 'Carrier',
    name: 'carrier',
    type: 'string',
    default: 'manual',
    placeholder: 'e.g. steadfast',
    description:
      'Who carries the parcel; "manual" when you bring it yourself. Empty = as it stands in the order, where the booked parcel or a person put it.',
    ...shownFor('ship'),
  },
  {
    displayName: 'Tracking Number',
    name: 'trackingNumber',
    type: 'string',
    default: '',
    placeholder: 'e.g. SFR2410ABC',
    description: 'What the customer can look the parcel up by. Empty = as it stands in the order.',
    ...shownFor('reattempt', 'ship'),
  },
  {
    displayName: 'Method',
    name: 'method',
    type: 'options',
    options: [
      { name: 'Curbside', value: 'curbside', description: 'The customer waits in a car' },
      { name: 'Delivery Service', value: 'delivery_service', description: 'A delivery service fetches the goods' },
    ],
    default: 'curbside',
    ...shownFor('await_handoff'),
  },
  {
    displayName: 'Spot',
    name: 'spot',
    type: 'string',
    default: '',
    placeholder: 'e.g. bay 3',
    description: 'Where the car stands',
    required: true,
    displayOptions: { show: { move: ['await_handoff'], method: ['curbside'] } },
  },
  {
    displayName: 'Service',
    name: 'service',
    type: 'string',
    default: '',
    placeholder: 'e.g. City riders',
    description: 'Who fetches the goods',
    required: true,
    displayOptions: { show: { move: ['await_handoff'], method: ['delivery_service'] } },
  },
];

/** Rules that a store manager's key may set aside, once and with a reason. */
export const overrideFields: INodeProperties[] = [
  {
    displayName: 'Override Reason',
    name: 'overrideReason',
    type: 'string',
    default: '',
    placeholder: 'e.g. licence seen on paper',
    description: 'Why the rules are set aside; stands in the audit of the order',
  },
  {
    displayName: 'Override Rules',
    name: 'overrides',
    type: 'multiOptions',
    options: [
      {
        name: 'Amount at the Door',
        value: 'cod',
        description: 'The rider would collect another amount than is due',
      },
      {
        name: 'Compliance',
        value: 'compliance',
        description: 'Purchase limits, restricted products and ages',
      },
      { name: 'Payment', value: 'payment', description: 'The order is not paid' },
      { name: 'Stock', value: 'stock', description: 'Goods that are not in stock were found' },
    ],
    default: [],
    description: 'Rules to set aside for this one move, which takes the key of a store manager',
  },
];

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { storeIdField } from '../shared/fields';
import { productField } from '../shared/products';

export type Operation = 'adjust' | 'dispatch' | 'receive' | 'return' | 'transfer';

interface OperationOption extends INodePropertyOptions {
  value: Operation;
}

export const OPERATIONS: OperationOption[] = [
  { name: 'Adjust', value: 'adjust', description: 'Bring the record in line with the shelf', action: 'Adjust stock' },
  {
    name: 'Dispatch',
    value: 'dispatch',
    description: 'Take the prepared goods of an order off the shelf; what left before is passed over',
    action: 'Dispatch the goods of an order',
  },
  { name: 'Receive', value: 'receive', description: 'Goods have come in', action: 'Receive goods' },
  {
    name: 'Return to Shelf',
    value: 'return',
    description: 'Put goods that were set aside back, or write them off',
    action: 'Return goods to the shelf',
  },
  {
    name: 'Transfer',
    value: 'transfer',
    description: 'Move goods between two locations',
    action: 'Transfer goods',
  },
];

function shownFor(...operations: Operation[]): Pick<INodeProperties, 'displayOptions'> {
  return { displayOptions: { show: { operation: operations } } };
}

/** An option stands one level down, so it looks at the operation from the root of the step. */
function optionFor(...operations: Operation[]): Pick<INodeProperties, 'displayOptions'> {
  return { displayOptions: { show: { '/operation': operations } } };
}

const quantity: INodeProperties = {
  displayName: 'Quantity',
  name: 'quantity',
  type: 'number',
  typeOptions: { minValue: 1, numberPrecision: 0 },
  default: 1,
};

/** A list of goods with the fields that one operation wants of each. */
function linesFor(operation: Operation, fields: INodeProperties[]): INodeProperties {
  return {
    displayName: 'Goods',
    name: 'lines',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    placeholder: 'Add Product',
    default: {},
    options: [{ displayName: 'Product', name: 'line', values: [productField, ...fields] }],
    ...shownFor(operation),
  };
}

const receivedFields: INodeProperties[] = [
  quantity,
  {
    displayName: 'Say What a Unit Cost',
    name: 'useUnitCost',
    type: 'boolean',
    default: false,
    description: 'Whether to give the cost of a unit instead of taking the product’s own',
  },
  {
    displayName: 'Unit Cost (Minor Units)',
    name: 'unitCostMinor',
    type: 'number',
    typeOptions: { minValue: 0, numberPrecision: 0 },
    default: 0,
    placeholder: 'e.g. 30000',
    description: 'In the smallest unit of the currency (300.00 is 30000)',
    displayOptions: { show: { useUnitCost: [true] } },
  },
];

const adjustedFields: INodeProperties[] = [
  {
    displayName: 'Correct By',
    name: 'mode',
    type: 'options',
    options: [
      { name: 'Difference to the Record', value: 'difference' },
      { name: 'Quantity That Was Counted', value: 'counted' },
    ],
    default: 'counted',
  },
  {
    displayName: 'Counted Quantity',
    name: 'counted',
    type: 'number',
    typeOptions: { minValue: 0, numberPrecision: 0 },
    default: 0,
    description: 'How many are on hand',
    displayOptions: { show: { mode: ['counted'] } },
  },
  {
    displayName: 'Difference',
    name: 'difference',
    type: 'number',
    typeOptions: { numberPrecision: 0 },
    default: -1,
    description: 'By how many units the record is wrong; below 0 for fewer',
    displayOptions: { show: { mode: ['difference'] } },
  },
  {
    displayName: 'Reason',
    name: 'reason',
    type: 'options',
    options: [
      { name: 'Correction', value: 'correction' },
      { name: 'Count', value: 'count' },
      { name: 'Damaged', value: 'damaged' },
      { name: 'Expired', value: 'expired' },
      { name: 'Found', value: 'found' },
      { name: 'Lost', value: 'lost' },
      { name: 'Other', value: 'other' },
      { name: 'Stolen', value: 'stolen' },
    ],
    default: 'count',
  },
  {
    displayName: 'Note',
    name: 'note',
    type: 'string',
    default: '',
    placeholder: 'e.g. two jars broken',
  },
];

const returnedFields: INodeProperties[] = [
  quantity,
  {
    displayName: 'Outcome',
    name: 'outcome',
    type: 'options',
    options: [
      { name: 'Damaged', value: 'damaged', description: 'Written off' },
      { name: 'Good', value: 'good', description: 'Sellable again' },
    ],
    default: 'good',
  },
];

const location: Omit<INodeProperties, 'displayName' | 'name'> = {
  type: 'string',
  default: '',
  placeholder: 'e.g. main',
};

/** What each operation needs, and nothing else. */
export const stockFields: INodeProperties[] = [
  { displayName: 'From Location', name: 'from', ...location, ...shownFor('transfer'), required: true },
  { displayName: 'To Location', name: 'to', ...location, ...shownFor('transfer'), required: true },
  linesFor('adjust', adjustedFields),
  linesFor('receive', receivedFields),
  linesFor('return', returnedFields),
  linesFor('transfer', [quantity]),
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    ...shownFor('adjust', 'receive', 'return', 'transfer'),
    options: [
      {
        displayName: 'Document',
        name: 'document',
        type: 'string',
        default: '',
        placeholder: 'e.g. PO-7',
        description: 'The number of the purchase, count or transfer, kept with the movement',
      },
      {
        displayName: 'Location',
        name: 'location',
        ...location,
        description: 'When empty: the first location of the store',
        ...optionFor('adjust', 'receive', 'return'),
      },
      {
        displayName: 'Note',
        name: 'note',
        type: 'string',
        default: '',
        placeholder: 'e.g. came without an invoice',
        ...optionFor('receive', 'return', 'transfer'),
      },
      storeIdField,
    ],
  },
];

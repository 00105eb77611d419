import type { INodeProperties } from 'n8n-workflow';
import { assigneeFields } from '../shared/assigneeFields';

const ASKED = ['ask'];

/** Deciding this takes a manager's rights, so no other role is offered. */
const deciders: INodeProperties[] = assigneeFields.map((field) => ({
  ...field,
  ...(field.name === 'role'
    ? {
        options: [
          { name: 'Admin', value: 'admin' },
          { name: 'Store Manager', value: 'store_manager' },
        ],
        default: 'store_manager',
      }
    : {}),
  displayOptions: { show: { ...field.displayOptions?.show, decide: ASKED } },
}));

/** Who says what becomes of missing goods, and what the one answer needs. */
export const shortageFields: INodeProperties[] = [
  {
    displayName: 'Decide',
    name: 'decide',
    type: 'options',
    options: [
      {
        name: 'Ask a Person',
        value: 'ask',
        description: 'A manager gets a mail, sees the money and stock of each answer, and the run waits',
      },
      { name: 'Backorder', value: 'backorder', description: 'The customer waits; first come, first served' },
      { name: 'Refund', value: 'refund', description: 'What is missing is taken off the bill' },
      {
        name: 'Substitute',
        value: 'substitute',
        description: 'The product most alike of which there is enough, at no higher price',
      },
    ],
    default: 'ask',
  },
  ...deciders,
  {
    displayName: 'Expected At',
    name: 'expectedAt',
    type: 'dateTime',
    default: '',
    description: 'When the goods should be there. When empty: nobody knows.',
    displayOptions: { show: { decide: ['backorder'] } },
  },
  {
    displayName: 'How the Customer Agreed',
    name: 'agreed',
    type: 'string',
    default: '',
    placeholder: 'e.g. chose "replace what is missing" at checkout',
    description: 'Kept with the substitution. When empty: a reason not to ask is needed.',
    displayOptions: { show: { decide: ['substitute'] } },
  },
  {
    displayName: 'Reason Not to Ask',
    name: 'override',
    type: 'string',
    default: '',
    placeholder: 'e.g. same tea in another box',
    description: 'Why the customer need not agree. Only with the rights of a store manager.',
    displayOptions: { show: { decide: ['substitute'] } },
  },
];

export const shortageOptions: INodeProperties = {
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
      placeholder: 'e.g. she needs it by Friday',
      description: 'Shown to the person who decides',
    },
    {
      displayName: 'Reason',
      name: 'reason',
      type: 'string',
      default: '',
      placeholder: 'e.g. supplier is out of stock',
      description: 'Kept with the answer, for whoever looks at it later',
    },
  ],
};

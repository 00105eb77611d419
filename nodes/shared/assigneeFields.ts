import type { INodeProperties } from 'n8n-workflow';

/** Who does a task and until when. */
export const assigneeFields: INodeProperties[] = [
  {
    displayName: 'Assign To',
    name: 'assignTo',
    type: 'options',
    options: [
      { name: 'Person', value: 'person' },
      { name: 'Role', value: 'role', description: 'Whoever of the role has the least to do' },
    ],
    default: 'role',
  },
  {
    displayName: 'Role',
    name: 'role',
    type: 'options',
    options: [
      { name: 'Admin', value: 'admin' },
      { name: 'Cashier', value: 'cashier' },
      { name: 'Customer Service', value: 'customer_service' },
      { name: 'Fulfillment Specialist', value: 'fulfillment_specialist' },
      { name: 'Store Manager', value: 'store_manager' },
    ],
    default: 'fulfillment_specialist',
    displayOptions: { show: { assignTo: ['role'] } },
  },
  {
    displayName: 'Person',
    name: 'assignee',
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    required: true,
    displayOptions: { show: { assignTo: ['person'] } },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: 'Select a person…',
        typeOptions: { searchListMethod: 'searchUsers', searchable: true },
      },
      { displayName: 'By Email', name: 'email', type: 'string', placeholder: 'e.g. name@example.com' },
    ],
  },
  {
    displayName: 'Due At',
    name: 'dueAt',
    type: 'dateTime',
    default: '',
    description: 'When it should be done. A late task reminds, then tells the manager.',
  },
];

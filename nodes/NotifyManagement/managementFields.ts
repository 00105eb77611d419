import type { INodeProperties } from 'n8n-workflow';
import { storeIdField } from '../shared/fields';

/** What is told, about which day or in which words, and to whom. */
export const managementFields: INodeProperties[] = [
  {
    displayName: 'Message',
    name: 'message',
    type: 'options',
    options: [
      { name: 'Notice', value: 'notice', description: 'Words of your own, once for each reference' },
      { name: 'Report', value: 'report', description: 'The report of a day, once for each store and day' },
    ],
    default: 'report',
  },
  {
    displayName: 'Date',
    name: 'date',
    type: 'string',
    default: '={{ $json.summary?.date }}',
    placeholder: 'e.g. 2026-11-20',
    description: 'The day of the report. By default the day of the summary on the incoming item.',
    displayOptions: { show: { message: ['report'] } },
  },
  {
    displayName: 'Subject',
    name: 'subject',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. The courier comes early today',
    displayOptions: { show: { message: ['notice'] } },
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 5 },
    default: '',
    required: true,
    placeholder: 'e.g. Please have the parcels ready at four.',
    displayOptions: { show: { message: ['notice'] } },
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
      { name: 'Reporting', value: 'reporting' },
      { name: 'Store Manager', value: 'store_manager' },
      { name: 'Store Managers and Admins', value: 'management' },
    ],
    default: 'management',
    description: 'Everybody active in the store who has this role gets the email',
  },
];

/** Stands for no role at all: the service's own choice. */
export const MANAGEMENT = 'management';

export const managementOptions: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    {
      displayName: 'Email Addresses',
      name: 'to',
      type: 'string',
      default: '',
      placeholder: 'e.g. maya@shop.com, arif@shop.com',
      description: 'People who work in the store, instead of a role. Separate several with commas.',
    },
    storeIdField,
  ],
};

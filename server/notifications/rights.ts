import { permission } from '../platform/auth/permissions';

export const notifyCustomers = permission('message.customer', ['store_manager', 'customer_service']);
export const notifyManagers = permission('message.management', ['store_manager']);
export const readMessages = permission('message.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);

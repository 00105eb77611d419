import { permission } from '../platform/auth/permissions';
import { taskMove } from './tasks/task-moves';

const EVERYONE = ['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service', 'reporting'] as const;
const FLOOR = ['store_manager', 'fulfillment_specialist'] as const;

export const readTasks = permission('task.read', EVERYONE);
export const assignTasks = permission('task.assign', FLOOR);
export const workOnTasks = permission('task.complete', taskMove('complete').roles);
export const cancelTasks = permission('task.cancel', taskMove('cancel').roles);
export const labelOrders = permission('label.create', FLOOR);
export const pauseRuns = permission(
  'wait.create',
  EVERYONE.filter((role) => role !== 'reporting'),
);
export const readIncidents = permission('incident.read', EVERYONE);
export const reportIncidents = permission(
  'incident.report',
  EVERYONE.filter((role) => role !== 'reporting'),
);
export const resolveIncidents = permission('incident.resolve', ['store_manager']);
export const bookConsignments = permission('consignment.book', FLOOR);

import { permission, type Permission } from '../platform/auth/permissions';
import { type TaskKind, taskKinds } from './tasks/task-kinds';
import { taskMove } from './tasks/task-moves';

const EVERYONE = ['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service', 'reporting'] as const;
const FLOOR = ['store_manager', 'fulfillment_specialist'] as const;

export const readTasks = permission('task.read', EVERYONE);
export const assignTasks = permission('task.assign', FLOOR);
export const workOnTasks = permission('task.complete', taskMove('complete').roles);
export const decideTasks = permission('task.decide', ['store_manager']);

/** What a kind needs where others need `usual`: a decision, and the link that lets one make it, are a manager's. */
export function rightTo(kind: TaskKind, usual: Permission): Permission {
  return taskKinds[kind].actsAs === 'store_manager' ? decideTasks : usual;
}

/** A hand-off is done by its proof, so by whoever may take that, which gives nobody its link. */
export function rightToFinish(kind: TaskKind): Permission {
  return kind === 'hand_off' ? confirmHandOffs : rightTo(kind, workOnTasks);
}

export const cancelTasks = permission('task.cancel', taskMove('cancel').roles);
export const labelOrders = permission('label.create', FLOOR);
export const packOrders = permission('package.record', FLOOR);
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
/** Who may say that a courier knows another amount to collect. */
export const confirmCodAmounts = permission('consignment.confirm_cod', FLOOR);
export const openHandOffs = permission('handoff.open', FLOOR);
/** The till hands over too, where what it may do with the order says so: see confirm-hand-off.ts. */
export const confirmHandOffs = permission('handoff.confirm', [...FLOOR, 'cashier']);
/** Who may hand goods over without a code or a signature. */
export const overrideHandOffs = permission('handoff.override', ['store_manager']);
export const readSignatures = permission('handoff.signature', ['store_manager', 'customer_service']);

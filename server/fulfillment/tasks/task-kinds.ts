import type { Role } from '../../platform/context';

export const TASK_KINDS = [
  'picking',
  'packing',
  'pickup_dispatch',
  'count',
  'put_back',
  'manual_refund',
  'manual_message',
  'quality_check',
  'hand_off',
  'shortage_decision',
  'stock_decision',
  'cancellation_decision',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface KindRule {
  /** As people read it, on the page and in mails. */
  title: string;
  /** What the person does with each unit. */
  verb: string;
  /** Who does it when nobody is named. */
  role: Role;
  /**
   * Which units of the order the task lists: those not yet prepared, those prepared and still here, of these the ones in
   * no package, or none.
   */
  units: 'unprepared' | 'prepared' | 'unpacked' | 'none';
  /**
   * When the order can have such a task: while it is processing, until it has ended, or at any time. All but the last
   * end when the order is cancelled.
   */
  during: 'processing' | 'open_order' | 'any_time';
  /** What finishing does with the units done: writes them to the order as prepared, or makes goods that were set aside sellable again. */
  onDone: 'prepared' | 'put_away' | 'nothing';
  /** Refusal when the order has no such units left. */
  nothingLeft: string;
  /** Whose rights the holder of the task's link has; who decides something needs those of a manager. */
  actsAs: Role;
  /** Who opens one: whoever may assign tasks, or only a command that has its reason for it. */
  opened: 'by_people' | 'by_command';
  /** What the mail's button says. */
  linkText: string;
}

/** What each kind of task is made of. A kind not listed here does not exist. */
// prettier-ignore
export const taskKinds: Readonly<Record<TaskKind, KindRule>> = {
  picking: {
    title: 'Picking', verb: 'picked', role: 'fulfillment_specialist',
    units: 'unprepared', during: 'processing', onDone: 'prepared', nothingLeft: 'NOTHING_TO_PICK',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the checklist',
  },
  packing: {
    title: 'Packing', verb: 'packed', role: 'fulfillment_specialist',
    units: 'unpacked', during: 'open_order', onDone: 'nothing', nothingLeft: 'NOTHING_TO_PACK',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the packing list',
  },
  pickup_dispatch: {
    title: 'Pickup dispatch', verb: 'done', role: 'fulfillment_specialist',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the task',
  },
  count: {
    title: 'Count', verb: 'counted', role: 'fulfillment_specialist',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the count',
  },
  put_back: {
    title: 'Put back', verb: 'put back', role: 'fulfillment_specialist',
    units: 'prepared', during: 'any_time', onDone: 'put_away', nothingLeft: 'NOTHING_TO_PUT_BACK',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the checklist',
  },
  manual_refund: {
    title: 'Manual refund', verb: 'done', role: 'cashier',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the task',
  },
  manual_message: {
    title: 'Manual message', verb: 'done', role: 'customer_service',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_people', linkText: 'Open the task',
  },
  quality_check: {
    title: 'Quality check', verb: 'checked', role: 'fulfillment_specialist',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_command', linkText: 'Open the check',
  },
  hand_off: {
    title: 'Hand-off', verb: 'handed over', role: 'fulfillment_specialist',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
    actsAs: 'fulfillment_specialist', opened: 'by_command', linkText: 'Open the hand-off',
  },
  shortage_decision: {
    title: 'Missing goods', verb: 'decided', role: 'store_manager',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
    actsAs: 'store_manager', opened: 'by_command', linkText: 'Open and decide',
  },
  stock_decision: {
    title: 'Stock difference', verb: 'decided', role: 'store_manager',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
    actsAs: 'store_manager', opened: 'by_command', linkText: 'Open and decide',
  },
  cancellation_decision: {
    title: 'Cancellation to decide', verb: 'decided', role: 'store_manager',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
    actsAs: 'store_manager', opened: 'by_command', linkText: 'Open and decide',
  },
};

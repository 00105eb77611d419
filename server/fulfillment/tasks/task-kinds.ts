import type { Role } from '../../platform/context';

export const TASK_KINDS = [
  'picking',
  'packing',
  'pickup_dispatch',
  'count',
  'put_back',
  'manual_refund',
  'manual_message',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface KindRule {
  /** As people read it, on the page and in mails. */
  title: string;
  /** What the person does with each unit. */
  verb: string;
  /** Who does it when nobody is named. */
  role: Role;
  /** Which units of the order the task lists: those not yet prepared, those prepared and still here, or none. */
  units: 'unprepared' | 'prepared' | 'none';
  /**
   * When the order can have such a task: while it is processing, until it has ended, or at any time. All but the last
   * end when the order is cancelled.
   */
  during: 'processing' | 'open_order' | 'any_time';
  /** What finishing does with the units done: writes them to the order as prepared, or makes goods that were set aside sellable again. */
  onDone: 'prepared' | 'put_away' | 'nothing';
  /** Refusal when the order has no such units left. */
  nothingLeft: string;
}

/** What each kind of task is made of. A kind not listed here does not exist. */
// prettier-ignore
export const taskKinds: Readonly<Record<TaskKind, KindRule>> = {
  picking: {
    title: 'Picking', verb: 'picked', role: 'fulfillment_specialist',
    units: 'unprepared', during: 'processing', onDone: 'prepared', nothingLeft: 'NOTHING_TO_PICK',
  },
  packing: {
    title: 'Packing', verb: 'packed', role: 'fulfillment_specialist',
    units: 'prepared', during: 'open_order', onDone: 'nothing', nothingLeft: 'NOTHING_TO_PACK',
  },
  pickup_dispatch: {
    title: 'Pickup dispatch', verb: 'done', role: 'fulfillment_specialist',
    units: 'none', during: 'open_order', onDone: 'nothing', nothingLeft: '',
  },
  count: {
    title: 'Count', verb: 'counted', role: 'fulfillment_specialist',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
  },
  put_back: {
    title: 'Put back', verb: 'put back', role: 'fulfillment_specialist',
    units: 'prepared', during: 'any_time', onDone: 'put_away', nothingLeft: 'NOTHING_TO_PUT_BACK',
  },
  manual_refund: {
    title: 'Manual refund', verb: 'done', role: 'cashier',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
  },
  manual_message: {
    title: 'Manual message', verb: 'done', role: 'customer_service',
    units: 'none', during: 'any_time', onDone: 'nothing', nothingLeft: '',
  },
};

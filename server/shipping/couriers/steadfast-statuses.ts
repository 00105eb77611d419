import type { ConsignmentStatus } from '../consignment-statuses';

/** Steadfast's words, spelled with underscores, and what they mean for us. `*_approval_pending` are a rider's word only. */
export const STEADFAST_STATUSES: Readonly<Record<string, ConsignmentStatus>> = {
  in_review: 'in_review',
  pending: 'pending',
  approved: 'pending',
  in_transit: 'pending',
  hold: 'on_hold',
  delivered_approval_pending: 'awaiting_approval',
  partial_delivered_approval_pending: 'awaiting_approval',
  cancelled_approval_pending: 'awaiting_approval',
  unknown_approval_pending: 'awaiting_approval',
  delivered: 'delivered',
  partial_delivered: 'partially_delivered',
  partial_delivered_return_processing: 'partially_delivered',
  partial_delivered_return_rider_assigned: 'partially_delivered',
  partial_delivered_return_received: 'partially_delivered',
  cancelled: 'cancelled',
  cancelled_return_processing: 'cancelled',
  cancelled_return_rider_assigned: 'cancelled',
  cancelled_return_received: 'returned',
  returned: 'returned',
  exceptional: 'exception',
  unknown: 'unknown',
};

/** As spelled in the table: samples have capitals, spaces, and "proccessing". */
export function spellStatus(raw: string): string {
  return raw
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace('proccessing', 'processing');
}

/** A word nobody knows is never taken for a delivery. */
export function readSteadfastStatus(raw: string): ConsignmentStatus {
  const spelled = spellStatus(raw);
  return Object.hasOwn(STEADFAST_STATUSES, spelled) ? (STEADFAST_STATUSES[spelled] ?? 'unknown') : 'unknown';
}

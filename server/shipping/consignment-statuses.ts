export const CONSIGNMENT_STATUSES = [
  'booking',
  'unclear',
  'rejected',
  'in_review',
  'pending',
  'on_hold',
  'awaiting_approval',
  'delivered',
  'partially_delivered',
  'cancelled',
  'returned',
  'exception',
  'unknown',
] as const;
export type ConsignmentStatus = (typeof CONSIGNMENT_STATUSES)[number];

export interface StatusRule {
  /** What may follow; anything else that a courier reports is stale or contradicts what it said before. */
  next: readonly ConsignmentStatus[];
  /** Ours: the courier is being asked. Open: it has the parcel. Ended: nothing more is expected. */
  phase: 'asking' | 'open' | 'ended';
  /** A person must look: the status says nothing that goods or money could follow. */
  person?: true;
}

const OUTCOMES = ['delivered', 'partially_delivered', 'cancelled', 'returned', 'exception'] as const;
const UNDER_WAY = ['on_hold', 'awaiting_approval', 'unknown', ...OUTCOMES] as const;

/** Where a consignment may go, as data. The word of a courier that is not in `next` changes nothing. */
export const consignmentStatuses: Readonly<Record<ConsignmentStatus, StatusRule>> = {
  booking: { phase: 'asking', next: ['unclear', 'rejected', 'in_review', 'pending', ...UNDER_WAY] },
  unclear: { phase: 'asking', person: true, next: ['booking', 'rejected', 'in_review', 'pending', ...UNDER_WAY] },
  rejected: { phase: 'ended', next: [] },
  in_review: { phase: 'open', next: ['pending', ...UNDER_WAY] },
  pending: { phase: 'open', next: [...UNDER_WAY] },
  on_hold: { phase: 'open', next: ['pending', 'awaiting_approval', 'unknown', ...OUTCOMES] },
  // A rider's word that the courier's office may yet refuse; no goods or money follow it.
  awaiting_approval: { phase: 'open', next: ['pending', 'on_hold', 'unknown', ...OUTCOMES] },
  unknown: { phase: 'open', person: true, next: ['pending', 'on_hold', 'awaiting_approval', ...OUTCOMES] },
  exception: { phase: 'open', person: true, next: ['delivered', 'partially_delivered', 'cancelled', 'returned'] },
  delivered: { phase: 'ended', next: [] },
  partially_delivered: { phase: 'ended', person: true, next: [] },
  cancelled: { phase: 'ended', next: ['returned'] },
  returned: { phase: 'ended', next: [] },
};

/** Statuses in which a courier is asked for news, also for the way back of a parcel that was not taken. */
export const POLLED_STATUSES = CONSIGNMENT_STATUSES.filter(
  (status) => consignmentStatuses[status].phase === 'open' || status === 'cancelled',
);

export const isAsking = (status: ConsignmentStatus): boolean => consignmentStatuses[status].phase === 'asking';
export const isEnded = (status: ConsignmentStatus): boolean => consignmentStatuses[status].phase === 'ended';

export type Verdict = 'news' | 'nothing' | 'contradiction';

/** What a reported status means where the consignment stands: two different outcomes contradict each other. */
export function judge(from: ConsignmentStatus, reported: ConsignmentStatus): Verdict {
  if (consignmentStatuses[from].next.includes(reported)) return 'news';
  const bothEnded = isEnded(from) && isEnded(reported);
  // A parcel that is coming back is still told of as cancelled after it has come back.
  const sameWay = from === reported || (from === 'returned' && reported === 'cancelled');
  const partBack = from === 'partially_delivered' && reported === 'returned';
  return bothEnded && !sameWay && !partBack ? 'contradiction' : 'nothing';
}

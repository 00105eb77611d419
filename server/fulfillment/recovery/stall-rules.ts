/** What is known of an order when it is asked whether a pipeline still owes it something. */
export interface OrderState {
  status: string;
  paymentStatus: string;
  isHeld: boolean;
  goods: ReadonlySet<Goods>;
  /** A later run has gone on with the order, as when goods were missing or came back; or is to, once they come. */
  isTakenOver: boolean;
}

/**
 * What of an order's goods is in the house and has not left. here: something, picked or not · prepared: something that
 * is picked · complete: all that is open, nothing waits · awaited: all of it, after somebody decided to wait for goods.
 */
export type Goods = 'here' | 'prepared' | 'complete' | 'awaited';

export interface StallRule {
  /** Statuses in which the run that this topic started is not finished; in any other it has done its work. */
  owedIn: readonly string[];
  /** Statuses in which it is owed only with such goods: a part has left, or is about to. */
  owedWith: Readonly<Record<string, Goods>>;
  /** Whether a run that deals with missing goods ends it. */
  endsWhenTakenOver: boolean;
  /** Payment statuses in which standing still is right: the next step is the customer's or a cashier's. */
  restsWhile: readonly string[];
  /** False where a person's own pace decides: such a run is started again only after an incident. */
  silenceIsStall: boolean;
}

const UNPAID = ['unpaid', 'pending_verification', 'partially_paid'] as const;

/** For each topic that starts a pipeline, when its run is still owed. */
export const stallRules: Readonly<Record<string, StallRule>> = {
  'order.placed': rule({ owedIn: ['pending'], restsWhile: UNPAID }),
  'payment.submitted': rule({ owedIn: ['pending'], restsWhile: UNPAID }),
  'payment.recorded': rule({ owedIn: ['pending'], restsWhile: UNPAID }),
  'order.confirmed': rule({ owedIn: ['confirmed', 'processing', 'fulfilled'], endsWhenTakenOver: true }),
  'line.short': rule({
    owedIn: ['fulfilled'],
    owedWith: { processing: 'here', partially_fulfilled: 'prepared' },
    endsWhenTakenOver: true,
  }),
  'line.back': rule({
    owedIn: ['fulfilled'],
    owedWith: { confirmed: 'awaited', processing: 'complete', partially_fulfilled: 'complete' },
    endsWhenTakenOver: true,
  }),
  'order.part_shipped': rule({
    owedIn: ['fulfilled'],
    owedWith: { processing: 'complete', partially_fulfilled: 'complete' },
    endsWhenTakenOver: true,
  }),
  'order.ready': rule({ owedIn: ['ready_for_pickup'], silenceIsStall: false }),
  'order.awaiting_handoff': rule({ owedIn: ['awaiting_handoff'], silenceIsStall: false }),
  'handoff.overdue': rule({ owedIn: ['ready_for_pickup', 'awaiting_handoff'], silenceIsStall: false }),
};

function rule(given: Partial<StallRule> & Pick<StallRule, 'owedIn'>): StallRule {
  return { owedWith: {}, restsWhile: [], endsWhenTakenOver: false, silenceIsStall: true, ...given };
}

const FINAL = ['completed', 'cancelled', 'rejected', 'returned'];

/** A pipeline somebody drew on another topic: owed until the order is final, and judged by incidents alone. */
function isOwed(topic: string, { status, goods, isTakenOver }: OrderState): boolean {
  const known = stallRules[topic];
  if (!known) return !FINAL.includes(status);
  if (known.endsWhenTakenOver && isTakenOver) return false;
  const needed = known.owedWith[status];
  return known.owedIn.includes(status) || (needed !== undefined && goods.has(needed));
}

export type Verdict = 'finished' | 'resting' | 'owed';

/** Whether a run has done its work, rightly stands still, or should be going on. */
export function judgeRun(topic: string, order: OrderState, hasIncident: boolean): Verdict {
  if (!isOwed(topic, order)) return 'finished';
  if (order.isHeld) return 'resting';
  if (hasIncident) return 'owed';
  const known = stallRules[topic];
  if (!known?.silenceIsStall || known.restsWhile.includes(order.paymentStatus)) return 'resting';
  return 'owed';
}

export const REDELIVERIES_MAX = 3;

/**
 * The moment from which a run that is owed counts as stalled, in milliseconds after it was last seen. An incident is
 * answered at once the first time; what fails again is given longer each time, since it may need a mail server back.
 */
export function stallAfterMs(run: { redeliveries: number }, hasIncident: boolean, pipelineStallMs: number): number {
  if (!hasIncident) return pipelineStallMs;
  return Math.min(pipelineStallMs, (run.redeliveries * pipelineStallMs) / 2);
}

const CHECK_LATEST_MS = 10 * 60_000;

/** When to look again at a run that rightly stands still: less often the longer it does. */
export function nextCheckMs(silentMs: number, pipelineStallMs: number): number {
  return Math.min(Math.max(pipelineStallMs, silentMs / 2), Math.max(pipelineStallMs, CHECK_LATEST_MS));
}

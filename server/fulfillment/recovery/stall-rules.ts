/** What is known of an order when it is asked whether a pipeline still owes it something. */
export interface OrderState {
  status: string;
  paymentStatus: string;
  isHeld: boolean;
}

export interface StallRule {
  /** Statuses in which the run that this topic started is not finished; in any other it has done its work. */
  owedIn: readonly string[];
  /** Payment statuses in which standing still is right: the next step is the customer's or a cashier's. */
  restsWhile: readonly string[];
  /** False where a person's own pace decides: such a run is started again only after an incident. */
  silenceIsStall: boolean;
}

const UNPAID = ['unpaid', 'pending_verification', 'partially_paid'] as const;

/** For each topic that starts a pipeline, when its run is still owed. */
export const stallRules: Readonly<Record<string, StallRule>> = {
  'order.placed': { owedIn: ['pending'], restsWhile: UNPAID, silenceIsStall: true },
  'payment.submitted': { owedIn: ['pending'], restsWhile: UNPAID, silenceIsStall: true },
  'payment.recorded': { owedIn: ['pending'], restsWhile: UNPAID, silenceIsStall: true },
  'order.confirmed': { owedIn: ['confirmed', 'processing', 'fulfilled'], restsWhile: [], silenceIsStall: true },
  'line.short': { owedIn: ['processing'], restsWhile: [], silenceIsStall: false },
  'order.ready': { owedIn: ['ready_for_pickup'], restsWhile: [], silenceIsStall: false },
};

const FINAL = ['completed', 'cancelled', 'rejected', 'returned'];

/** A pipeline somebody drew on another topic: owed until the order is final, and judged by incidents alone. */
function isOwed(topic: string, status: string): boolean {
  const rule = stallRules[topic];
  return rule ? rule.owedIn.includes(status) : !FINAL.includes(status);
}

export type Verdict = 'finished' | 'resting' | 'owed';

/** Whether a run has done its work, rightly stands still, or should be going on. */
export function judgeRun(topic: string, order: OrderState, hasIncident: boolean): Verdict {
  if (!isOwed(topic, order.status)) return 'finished';
  if (order.isHeld) return 'resting';
  if (hasIncident) return 'owed';
  const rule = stallRules[topic];
  if (!rule?.silenceIsStall || rule.restsWhile.includes(order.paymentStatus)) return 'resting';
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

import { lockState, type OrderRow } from '../orders';
import type { CommandContext, JobContext } from '../platform/context';
import type { DeliveredEvent, EventHandler, Registry } from '../platform/registry';
import { bringSteps, type Wanted } from './bring-steps';
import { openMissingCase } from './case-by-fact';
import { FOLLOWED_KINDS, followedSteps } from './case-steps';
import { type CaseRow, cases, steps } from './cancellations.models';
import { readStepFacts } from './step-facts';

/** Events after which goods, money or a courier's booking of an order may stand otherwise. */
const TOPICS = [
  'order.cancelled',
  'task.assigned',
  'task.done',
  'payment.recorded',
  'refund.*',
  'consignment.*',
] as const;

export function installFollowing(registry: Registry): void {
  for (const topic of TOPICS) {
    registry.on(
      topic,
      `cancellations.follow_${topic.replace('.*', '')}`,
      (job, event) => onLatestCase(job, event, follow),
      hasCase,
    );
  }
  const hear: EventHandler = async (job, event) => {
    if (!isAboutCancellation(event)) return;
    // The case of an order that was cancelled by fact may not be there yet, and later nobody tells of this mail again.
    await openMissingCase(job, event);
    await onLatestCase(job, event, told);
  };
  registry.on('message.sent', 'cancellations.customer_told', hear, hasCaseOrIsCancelled);
  registry.on('message.failed', 'cancellations.customer_not_told', hear, hasCaseOrIsCancelled);
}

/** Most orders are never cancelled. Some events name their order only in what they tell. */
const hasCase = 'heard.order_id IS NULL OR EXISTS (SELECT 1 FROM cancellation_cases WHERE order_id = heard.order_id)';

const hasCaseOrIsCancelled = `${hasCase}
  OR EXISTS (SELECT 1 FROM orders WHERE id = heard.order_id AND status = 'cancelled')`;

type Answer = (
  ctx: CommandContext,
  seen: { row: CaseRow; order: OrderRow },
  event: DeliveredEvent,
) => Promise<Wanted[]>;

/** Events come in any order and more than once; each makes somebody look at how things stand. */
async function onLatestCase(job: JobContext, event: DeliveredEvent, answer: Answer): Promise<void> {
  const orderId = event.orderId ?? (event.data.orderId as string | undefined);
  if (!orderId || !(await job.read.get(cases, 'order_id = :orderId', { orderId }))) return;
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, orderId);
    const row = await ctx.get(cases, 'order_id = :orderId ORDER BY round DESC', { orderId });
    if (!row) return;
    const known = await ctx.find(steps, 'case_id = :id ORDER BY position', { id: row.id });
    await bringSteps(ctx, { order, row, known }, await answer(ctx, { row, order }, event));
  });
}

const follow: Answer = async (ctx, { row, order }) => {
  const facts = await readStepFacts(ctx, order, row);
  return FOLLOWED_KINDS.map((kind) => ({ kind, ...followedSteps[kind](facts) }));
};

/** Of an order of which a part had left, only the goods are cancelled. */
const ABOUT_CANCELLATION: readonly unknown[] = ['cancelled', 'lines_cancelled'];

/** Other messages say nothing about it. */
function isAboutCancellation({ orderId, data }: DeliveredEvent): boolean {
  return orderId !== undefined && ABOUT_CANCELLATION.includes(data.message) && data.audience !== 'management';
}

/** The message about the cancellation has left, or could not. */
const told: Answer = (_ctx, _seen, { topic }) => {
  const sent: Wanted = { kind: 'message', status: 'done', note: '', facts: {} };
  const note = 'The message could not be sent. Call the customer, or send it again.';
  return Promise.resolve([topic === 'message.sent' ? sent : { ...sent, status: 'failed', note }]);
};

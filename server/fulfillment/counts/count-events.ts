import { lockState } from '../../orders';
import type { CommandContext, JobContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { readTask, type TaskState } from '../tasks/find-tasks';
import type { TaskUrls } from '../tasks/task-links';
import type { ShortReason } from '../tasks/task-progress';
import type { TaskLineRow } from '../tasks/tasks.models';
import { countLines, countOrders, type CountReason, type FindingKind, stockFindings } from './counts.models';
import { lockCounting } from './lock-counts';
import { openCount } from './open-count';
import { placesOfLines, type ProductPlace } from './places';
import { lockShelfFacts } from './shelf-facts';
import { type NewFinding, proposeFindings } from './stock-decision';

/** What a shortage says of the shelf: that somebody should count, or that units are no longer fit to be sold. */
export const SHORTAGE_MEANS: Readonly<Record<ShortReason, { count: CountReason } | { found: FindingKind } | null>> = {
  not_found: { count: 'not_found' },
  wrong_item: { count: 'wrong_item' },
  damaged: { found: 'damaged' },
  expired: { found: 'expired' },
  // Only the note knows; it says nothing of the shelf that a rule could read.
  other: null,
};

type ShortLine = ProductPlace & { units: number; reason: ShortReason; note: string | null };

/** A picking ended short: what it did not find is counted, what it found damaged goes to a manager. */
export async function checkShortShelves(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const { taskId } = event.data as { taskId?: string };
  // Lines that wait for goods again are told by the same topic, without a task.
  if (!taskId || !event.orderId) return;
  const orderId = event.orderId;
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    if (await wasHeard(ctx, event.id)) return;
    const picking = await readTask(ctx, taskId);
    const short = picking.lines.filter(({ shortQuantity }) => shortQuantity > 0);
    const places = await placesOfLines(ctx, state, new Set(short.map(({ lineId }) => lineId)));
    const lines = places.map((place) => shortLine(place, short));
    // What is counted and what is damaged together: taken apart, two pickings could wait for each other.
    await lockCounting(ctx, orderId, lines);
    await openCount(ctx, urls, state, {
      causeId: event.id,
      lines: lines.flatMap(({ units, reason: short, note: _note, ...place }) => {
        const means = SHORTAGE_MEANS[short];
        return means && 'count' in means ? [{ ...place, reason: means.count, missingUnits: units }] : [];
      }),
    });
    await proposeFindings(ctx, urls, state, await damageIn(ctx, lines, picking, event.id));
  });
}

/** A manager set the stock guard aside, so goods were booked in that the record did not know: the shelf is counted. */
export async function checkFoundGoods(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const found = event.data.lines as { lineId: string; productId: string; quantity: number }[];
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, event.orderId ?? '');
    if (await wasHeard(ctx, event.id)) return;
    const places = await placesOfLines(ctx, state, new Set(found.map(({ lineId }) => lineId)));
    const unitsOf = ({ productId }: ProductPlace): number =>
      found.filter((line) => line.productId === productId).reduce((sum, { quantity }) => sum + quantity, 0);
    const lines = places.map((place) => ({ ...place, reason: 'found' as const, missingUnits: unitsOf(place) }));
    await openCount(ctx, urls, state, { lines, causeId: event.id });
  });
}

/** Events come more than once; a count that was closed since is not asked for again. */
async function wasHeard(ctx: CommandContext, causeId: string): Promise<boolean> {
  const [counted, waited, found] = await Promise.all([
    ctx.get(countLines, 'cause_id = :causeId', { causeId }),
    ctx.get(countOrders, 'cause_id = :causeId', { causeId }),
    ctx.get(stockFindings, 'cause_id = :causeId', { causeId }),
  ]);
  return [counted, waited, found].some((row) => row !== undefined);
}

/** Lines with one product are one shelf; the first names the reason. */
function shortLine(place: ProductPlace, short: readonly TaskLineRow[]): ShortLine {
  const own = short.filter(({ productId }) => productId === place.productId);
  const units = own.reduce((sum, { shortQuantity }) => sum + shortQuantity, 0);
  return { ...place, units, reason: own[0]?.shortReason ?? 'other', note: own[0]?.note ?? null };
}

async function damageIn(
  ctx: CommandContext,
  lines: readonly ShortLine[],
  { task }: TaskState,
  causeId: string,
): Promise<NewFinding[]> {
  const damaged = lines.flatMap((line) => {
    const means = SHORTAGE_MEANS[line.reason];
    return means && 'found' in means ? [{ line, kind: means.found }] : [];
  });
  const shelves = await lockShelfFacts(
    ctx,
    damaged.map(({ line }) => line.productId),
  );
  const foundBy = task.assigneeName ?? task.assigneeEmail ?? 'whoever picked';
  const uncounted = { onHand: null, inHand: null, setForWriteOff: null, counted: null };
  return damaged.map(({ line: { units, reason: _reason, ...line }, kind }) => ({
    ...line,
    ...uncounted,
    ...{ sourceTaskId: task.id, causeId, kind, units: -units, correctedUnits: shelves(line).correctedUnits },
    ...{ foundBy, foundByEmail: task.assigneeEmail },
  }));
}

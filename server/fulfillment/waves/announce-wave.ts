import { findUsers, storeSettings } from '../../people';
import { plusMs } from '../../platform/clock';
import type { CommandContext, JobContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import { readTasks } from '../rights';
import type { WaveUrls } from './wave-links';
import { countOf, lockWave, placesFor, type WaveState } from './wave-state';
import { allot } from './wave-rules';
import { type WaveRow, waves } from './waves.models';

const OVERDUE_PER_SWEEP = 50;
/** How long a reminder is given to help. */
const ESCALATE_AFTER_MS = 60 * 60_000;

export type WaveNews = 'assigned' | 'late' | 'escalated';

/** One mail for the whole wave: what to collect by shelf, and whose goods go into which slot. */
export async function announceWave(
  ctx: CommandContext,
  urls: WaveUrls,
  state: WaveState,
  news: WaveNews,
): Promise<void> {
  const { wave } = state;
  const { assigneeEmail, assigneeName, storeId } = wave;
  const holder = assigneeEmail ? [{ email: assigneeEmail, name: assigneeName }] : [];
  const to = news === 'escalated' ? await findUsers(ctx, { storeId, role: 'store_manager' }) : holder;
  if (to.length === 0) return;
  const store = await storeSettings(ctx, storeId);
  const data = {
    number: wave.number,
    isLate: news !== 'assigned',
    isEscalated: news === 'escalated',
    holder: assigneeName ?? assigneeEmail,
    storeName: store.name,
    timezone: store.timezone,
    dueAt: wave.dueAt,
    ...listOf(state),
    url: urls.urlOf(wave),
  };
  for (const { email, name } of to) {
    const readerFirstName = (name ?? '').trim().split(/\s+/)[0];
    await queueMail(ctx, { template: 'emails/wave-assigned', to: email, storeId, data: { ...data, readerFirstName } });
  }
}

/** What is still to be done; nothing of the customers but the orders' numbers. */
function listOf(state: WaveState) {
  const lines = state.lines.flatMap((line) => {
    const { toCollect, inHand } = countOf(state, line);
    const open = toCollect + inHand;
    if (open === 0) return [];
    const { sku, name, shelf, barcode } = line;
    const slots = allot(placesFor(state, line), open).map(({ place, units }) => ({ slot: place.slot, units }));
    return [{ sku, name, shelf, barcode, quantity: open, slots }];
  });
  const slots = state.slots
    .filter(({ stands }) => stands === 'live')
    .map(({ row, task }) => ({ slot: row.slot, orderNumber: row.orderNumber, instructions: task.instructions }));
  const units = lines.reduce((total, { quantity }) => total + quantity, 0);
  return { lines, slots, orderCount: slots.length, units };
}

/** Tells of each wave that has become late: the person at once, the store's managers when that did not help. Each once. */
export async function tellLateWaves(job: JobContext, urls: WaveUrls): Promise<void> {
  const { now } = job.read;
  const isLate = 'open_marker = 1 AND due_at <= :now';
  for (const { id } of await lateWaves(job, `${isLate} AND overdue_at IS NULL`, { now })) {
    await tellOnce(job, urls, id, { mark: 'overdueAt', news: 'late' });
  }
  const remindedBefore = plusMs(now, -ESCALATE_AFTER_MS);
  const isIgnored = `${isLate} AND escalated_at IS NULL AND overdue_at <= :remindedBefore`;
  for (const { id } of await lateWaves(job, isIgnored, { now, remindedBefore })) {
    await tellOnce(job, urls, id, { mark: 'escalatedAt', news: 'escalated' });
  }
}

function lateWaves(job: JobContext, where: string, params: Record<string, unknown>): Promise<WaveRow[]> {
  return job.read.find(waves, `${where} ORDER BY due_at LIMIT ${OVERDUE_PER_SWEEP}`, params);
}

async function tellOnce(
  job: JobContext,
  urls: WaveUrls,
  id: string,
  { mark, news }: { mark: 'overdueAt' | 'escalatedAt'; news: WaveNews },
): Promise<void> {
  await job.transaction(async (ctx) => {
    const state = await lockWave(ctx, id, readTasks);
    // Another process may have told it, or the person finished it, meanwhile.
    if (state.wave.openMarker === null || state.wave[mark] !== null) return;
    await ctx.update(waves, { [mark]: ctx.now }, 'id = :id', { id });
    await announceWave(ctx, urls, state, news);
  });
}

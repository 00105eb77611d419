import { plusMs } from '../clock';
import type { JobContext } from '../context';
import type { Sweep } from '../registry';

/** How long finished rows are kept, for people who ask what happened. */
export const DONE_KEPT_MS = 7 * 24 * 3_600_000;
const PRUNE_EVERY_MS = 60_000;
const ROWS_PER_STATEMENT = 1000;
const STATEMENTS_PER_SWEEP = 50;

/** Deletes finished rows beyond their time, in small bites so that nobody waits for it. */
export async function pruneDone(job: JobContext): Promise<void> {
  const before = plusMs(job.read.now, -DONE_KEPT_MS);
  for (let statement = 0; statement < STATEMENTS_PER_SWEEP; statement += 1) {
    // A row is done after it was available, so the claim's index finds what is old enough.
    const old = await job.read.select<{ id: number }>(
      `SELECT id FROM outbox WHERE status = 'done' AND available_at < :before AND done_at < :before
        ORDER BY available_at LIMIT ${ROWS_PER_STATEMENT}`,
      { before },
    );
    if (old.length === 0) return;
    await job.transaction((ctx) =>
      ctx.execute('DELETE FROM outbox WHERE id IN (:ids)', { ids: old.map(({ id }) => id) }),
    );
  }
}

export const pruneSweep: Sweep = { name: 'outbox.prune', everyMs: PRUNE_EVERY_MS, run: pruneDone };

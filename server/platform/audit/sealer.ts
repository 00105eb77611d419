import type { CommandContext, JobContext } from '../context';
import { isDuplicateKey } from '../database/database';
import { auditRows, type AuditRow } from './audit.models';
import { type ChainHead, GENESIS_SEAL, sealOf } from './chain';

const ROWS_PER_SEALING = 500;
/** Bounds one sweep; what is left is sealed by the next. */
const SEALINGS_PER_SWEEP = 20;
const ROWS_PER_UPDATE = 100;

interface SealedRow {
  id: number;
  number: number;
  seal: string;
}

/**
 * Seals what commands have written since. Rows get their numbers here and not when they are written, so writers never
 * queue behind the chain, and a command that commits late is sealed late rather than passed over.
 */
export async function sealAudit(job: JobContext): Promise<void> {
  for (let sealing = 0; sealing < SEALINGS_PER_SWEEP; sealing += 1) {
    // Looked up outside the transaction: a locking search would wait for every command that is being written.
    const waiting = await job.read.select<{ id: number }>(
      `SELECT id FROM audit_rows WHERE seal_number IS NULL ORDER BY id LIMIT ${ROWS_PER_SEALING}`,
    );
    if (waiting.length === 0) return;
    const ids = waiting.map(({ id }) => Number(id));
    try {
      await job.transaction((ctx) => sealRows(ctx, ids));
    } catch (error) {
      // Another service sealed other rows under the same numbers first; ours keep for the next sweep.
      if (isDuplicateKey(error)) return;
      throw error;
    }
    if (waiting.length < ROWS_PER_SEALING) return;
  }
}

async function sealRows(ctx: CommandContext, ids: number[]): Promise<void> {
  const rows = await ctx.lock(auditRows, 'id IN (:ids) AND seal_number IS NULL ORDER BY id', { ids });
  // Read after the rows are ours, so that it is the end that the sealer before us left.
  const last = await ctx.get(auditRows, 'seal_number IS NOT NULL ORDER BY seal_number DESC');
  const head = { number: Number(last?.sealNumber ?? 0), seal: last?.seal ?? GENESIS_SEAL };
  const sealed = continueChain(rows, head);
  for (let from = 0; from < sealed.length; from += ROWS_PER_UPDATE) {
    await writeSeals(ctx, sealed.slice(from, from + ROWS_PER_UPDATE));
  }
}

function continueChain(rows: readonly AuditRow[], head: ChainHead): SealedRow[] {
  return rows.map((row) => {
    const number = head.number + 1;
    head = { number, seal: sealOf(row, number, head.seal) };
    return { id: Number(row.id), ...head };
  });
}

/** One statement for many rows. Its parts are numbers and hexadecimal digits made above, so they need no escaping. */
async function writeSeals(ctx: CommandContext, rows: readonly SealedRow[]): Promise<void> {
  const numbers = rows.map(({ id, number }) => `WHEN ${id} THEN ${number}`).join(' ');
  const seals = rows.map(({ id, seal }) => `WHEN ${id} THEN '${seal}'`).join(' ');
  await ctx.execute(
    `UPDATE audit_rows SET seal_number = CASE id ${numbers} END, seal = CASE id ${seals} END WHERE id IN (:ids)`,
    { ids: rows.map(({ id }) => id) },
  );
}

import type { ReadContext } from '../context';
import { auditRows } from './audit.models';
import { type BrokenRow, type ChainHead, GENESIS_SEAL, walk } from './chain';

const ROWS_PER_READ = 1000;

export interface Verification {
  ok: boolean;
  /** Rows that hold, counted from the first. */
  sealed: number;
  /** Rows written but not sealed yet: normally those of the last second. */
  unsealed: number;
  oldestUnsealedAt: string | null;
  head: ChainHead;
  /** The first row that does not hold; later ones can't be judged. */
  broken: BrokenRow | null;
}

/** Walks the whole chain. */
export async function verifyAudit(ctx: ReadContext): Promise<Verification> {
  let head: ChainHead = { number: 0, seal: GENESIS_SEAL };
  let broken: BrokenRow | undefined;
  for (let more = true; more && !broken;) {
    const rows = await ctx.find(auditRows, `seal_number > :after ORDER BY seal_number LIMIT ${ROWS_PER_READ}`, {
      after: head.number,
    });
    ({ head, broken } = walk(rows, head));
    more = rows.length === ROWS_PER_READ;
  }
  const [tail] = await ctx.select<{ unsealed: number; oldest: string | null }>(
    'SELECT COUNT(*) AS unsealed, MIN(at) AS oldest FROM audit_rows WHERE seal_number IS NULL',
  );
  return {
    ok: broken === undefined,
    sealed: head.number,
    unsealed: Number(tail?.unsealed ?? 0),
    oldestUnsealedAt: tail?.oldest ?? null,
    head,
    broken: broken ?? null,
  };
}

import { createHash } from 'node:crypto';
import { canonical } from '../http/idempotency';
import type { AuditRow } from './audit.models';

/** What the first row of the chain is sealed against. */
export const GENESIS_SEAL = '0'.repeat(64);

/** The newest end of the chain. Noted down elsewhere it shows later that nothing was cut off since. */
export interface ChainHead {
  number: number;
  seal: string;
}

export interface BrokenRow {
  id: number;
  sealNumber: number;
  reason: 'altered' | 'missing_before';
  message: string;
}

/** SHA-256 over the previous seal and the row as canonical JSON, so that spacing and key order don't matter. */
export function sealOf(row: AuditRow, number: number, previousSeal: string): string {
  const { seal: _seal, sealNumber: _sealNumber, ...content } = row;
  const text = canonical({ ...content, id: Number(row.id), sealNumber: number });
  return createHash('sha256').update(`${previousSeal}\n${text}`).digest('hex');
}

/** Walks rows in the order of their numbers on from `head`; answers the new head, or the first row that doesn't fit. */
export function walk(rows: readonly AuditRow[], head: ChainHead): { head: ChainHead; broken?: BrokenRow } {
  for (const row of rows) {
    const sealNumber = Number(row.sealNumber);
    const broken = { id: Number(row.id), sealNumber };
    if (sealNumber !== head.number + 1) {
      const message = `Row ${head.number + 1} of the chain is missing before this one.`;
      return { head, broken: { ...broken, reason: 'missing_before', message } };
    }
    if (sealOf(row, sealNumber, head.seal) !== row.seal) {
      const message = 'The row is not what was sealed, or a row before it was replaced.';
      return { head, broken: { ...broken, reason: 'altered', message } };
    }
    head = { number: sealNumber, seal: row.seal };
  }
  return { head };
}

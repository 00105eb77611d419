import type { ReadContext } from '../platform/context';
import type { Registry } from '../platform/registry';
import { books } from './accounting.models';
import { trialBalance } from './trial-balance';

/** Looks for what should be impossible: the books contradicting themselves. */
export function installIntegrityChecks(registry: Registry): void {
  registry.integrityCheck('entries-have-postings', (ctx) =>
    ctx.select(
      `SELECT entries.id AS entry_id, entries.event FROM entries
       LEFT JOIN postings ON postings.entry_id = entries.id WHERE postings.id IS NULL LIMIT 100`,
    ),
  );
  registry.integrityCheck('postings-name-known-accounts', (ctx) =>
    ctx.select(
      `SELECT DISTINCT used.store_id, used.code FROM (
         SELECT store_id, debit_code AS code FROM postings UNION SELECT store_id, credit_code FROM postings
       ) AS used
       LEFT JOIN accounts ON accounts.store_id = used.store_id AND accounts.code = used.code
       WHERE accounts.id IS NULL`,
    ),
  );
  registry.integrityCheck('trial-balance-is-zero', trialBalanceIsZero);
  registry.integrityCheck('snapshots-equal-postings', snapshotsEqualPostings);
}

async function trialBalanceIsZero(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  const broken: Record<string, unknown>[] = [];
  for (const { storeId } of await ctx.find(books, '1 = 1 ORDER BY id')) {
    const { totalDebitMinor, totalCreditMinor } = await trialBalance(ctx, storeId);
    if (totalDebitMinor !== totalCreditMinor) broken.push({ storeId, totalDebitMinor, totalCreditMinor });
  }
  return broken;
}

/** Both sides are laid on one heap, the snapshots negative: what agrees comes to nothing. */
function snapshotsEqualPostings(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT sides.store_id, sides.business_day, sides.code, SUM(sides.debit_minor) AS debit_minor, SUM(sides.credit_minor) AS credit_minor FROM (
       SELECT store_id, business_day, code, -debit_minor AS debit_minor, -credit_minor AS credit_minor FROM account_snapshots
       UNION ALL SELECT store_id, business_day, debit_code, amount_minor, 0 FROM postings
       UNION ALL SELECT store_id, business_day, credit_code, 0, amount_minor FROM postings
     ) AS sides JOIN books ON books.store_id = sides.store_id
     WHERE sides.business_day <= books.summed_through_day
     GROUP BY sides.store_id, sides.business_day, sides.code
     HAVING SUM(sides.debit_minor) <> 0 OR SUM(sides.credit_minor) <> 0`,
  );
}

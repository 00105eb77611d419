import type { TestApp } from '../../support/app';
import { expectIntegrity } from '../../support/shop';

/** Rows that are only ever added. */
const APPENDED = ['order_moves', 'payments', 'stock_movements', 'entries', 'postings', 'audit_rows', 'outbox'];
/** Rows that change: figures that no change leaves alone. */
const CHANGING = [
  'SELECT COUNT(*) + SUM(version) AS figure FROM orders',
  'SELECT SUM(on_hand) + 3 * SUM(reserved) + 7 * SUM(unavailable) + 11 * SUM(outgoing) AS figure FROM stock_levels',
  'SELECT SUM(reserved) + 3 * SUM(dispatched) + 7 * SUM(backordered) + 11 * SUM(delivered) AS figure FROM reservations',
];

/** What must never be, whatever was asked in whatever order; each answers rows only when the promise is broken. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'an order owes, or is owed, less than nothing': `
    SELECT id FROM orders
    WHERE receivable_minor < 0 OR refunds_payable_minor < 0 OR clearing_minor < 0`,
  'more is refunded than was received, by us or by a courier': `
    SELECT id FROM orders WHERE refunded_minor > paid_minor + clearing_minor`,
  'the customer’s account is not what was placed less paid, collected and reversed': `
    SELECT o.id FROM orders o LEFT JOIN (
      SELECT order_id, SUM(CASE WHEN debit_code = '1100' THEN amount_minor ELSE -amount_minor END) AS owed
      FROM postings WHERE debit_code = '1100' OR credit_code = '1100' GROUP BY order_id
    ) p ON p.order_id = o.id WHERE o.receivable_minor <> COALESCE(p.owed, 0)`,
  'money came in that no payment tells of': `
    SELECT o.id FROM orders o LEFT JOIN (
      SELECT order_id, SUM(amount_minor) AS paid FROM payments WHERE status = 'recorded' GROUP BY order_id
    ) p ON p.order_id = o.id WHERE o.paid_minor <> COALESCE(p.paid, 0)`,
  'stock is promised or gone that was never there': `
    SELECT product_id FROM stock_levels
    WHERE reserved < 0 OR on_hand < reserved OR unavailable < 0 OR outgoing < 0 OR value_minor < 0 OR outgoing_value_minor < 0`,
  'stock is worth something though there is none': `
    SELECT product_id FROM stock_levels
    WHERE (on_hand + unavailable = 0 AND value_minor <> 0) OR (outgoing = 0 AND outgoing_value_minor <> 0)`,
  'a line has units that nobody ordered': `
    SELECT id FROM order_lines
    WHERE prepared_quantity > quantity - cancelled_quantity - substituted_quantity
       OR shipped_quantity > prepared_quantity OR delivered_quantity > shipped_quantity OR returned_quantity > shipped_quantity`,
  'units are replaced by more or fewer than they were': `
    SELECT l.id FROM order_lines l LEFT JOIN (
      SELECT parent_line_id, SUM(quantity) AS units FROM order_lines WHERE parent_line_id IS NOT NULL GROUP BY parent_line_id
    ) s ON s.parent_line_id = l.id WHERE l.substituted_quantity <> COALESCE(s.units, 0)`,
  'a line waits for other units than its reservations do': `
    SELECT l.id FROM order_lines l JOIN (
      SELECT source_id, line_id, SUM(backordered) AS waiting FROM reservations WHERE source_type = 'order' GROUP BY source_id, line_id
    ) r ON r.line_id = l.id AND r.source_id = l.order_id WHERE r.waiting <> l.backordered_quantity`,
  'an order is over though goods are still promised to it': `
    SELECT o.id FROM orders o JOIN reservations r ON r.source_type = 'order' AND r.source_id = o.id
    WHERE o.status IN ('completed', 'cancelled', 'rejected', 'returned') AND (r.reserved > 0 OR r.backordered > 0)`,
  'a movement or entry has no command behind it': `
    SELECT id FROM entries WHERE request_id IS NULL`,
};

/** Throws with the promise that is broken and the rows that break it. */
export async function expectPossible(app: TestApp): Promise<void> {
  const reader = app.service.workroom.reader(app.service.workroom.systemCaller('walk'));
  for (const [promise, sql] of Object.entries(IMPOSSIBLE)) {
    const rows = await reader.select(sql);
    if (rows.length > 0) throw new Error(`It came to be that ${promise}: ${JSON.stringify(rows)}`);
  }
  await expectIntegrity(app);
}

/** Figures of the whole ledger: what a refused or a repeated command must not change. */
export async function ledgerFigures(app: TestApp): Promise<Record<string, number>> {
  const reader = app.service.workroom.reader(app.service.workroom.systemCaller('walk'));
  const figures = [...APPENDED.map((table) => `SELECT COUNT(*) AS figure FROM ${table}`), ...CHANGING];
  const [row] = await reader.select<Record<string, number>>(
    `SELECT ${figures.map((figure, n) => `(${figure}) AS f${n}`).join(', ')}`,
  );
  return row ?? {};
}

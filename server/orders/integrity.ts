import { ACCOUNT } from '../accounting';
import type { ReadContext } from '../platform/context';

const SHOWN_MAX = 50;

/** Orders whose own balances differ from the sum of their postings; an empty list means they agree. */
export async function ordersAgainstPostings(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT o.id, o.number, o.receivable_minor, o.refunds_payable_minor, o.clearing_minor,
       COALESCE(p.receivable, 0) AS posted_receivable, COALESCE(p.refunds, 0) AS posted_refunds, COALESCE(p.clearing, 0) AS posted_clearing
     FROM orders o LEFT JOIN (
       SELECT order_id,
         SUM(CASE WHEN debit_code = :receivable THEN amount_minor ELSE 0 END) - SUM(CASE WHEN credit_code = :receivable THEN amount_minor ELSE 0 END) AS receivable,
         SUM(CASE WHEN credit_code = :refunds THEN amount_minor ELSE 0 END) - SUM(CASE WHEN debit_code = :refunds THEN amount_minor ELSE 0 END) AS refunds,
         SUM(CASE WHEN debit_code = :clearing THEN amount_minor ELSE 0 END) - SUM(CASE WHEN credit_code = :clearing THEN amount_minor ELSE 0 END) AS clearing
       FROM postings WHERE order_id IS NOT NULL GROUP BY order_id) p ON p.order_id = o.id
     WHERE o.receivable_minor <> COALESCE(p.receivable, 0) OR o.refunds_payable_minor <> COALESCE(p.refunds, 0)
        OR o.clearing_minor <> COALESCE(p.clearing, 0)
     LIMIT ${SHOWN_MAX}`,
    { receivable: ACCOUNT.accountsReceivable, refunds: ACCOUNT.refundsPayable, clearing: ACCOUNT.courierClearing },
  );
}

/** Lines whose reservations hold, wait for or delivered something else than their counters say. */
export async function linesAgainstReservations(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT l.id, l.order_id, l.sku, l.delivered_quantity, l.backordered_quantity, r.delivered, r.backordered, r.held
     FROM order_lines l JOIN (
       SELECT source_id, line_id, SUM(delivered) AS delivered, SUM(backordered) AS backordered,
         SUM(quantity - released - returned) AS held
       FROM reservations WHERE source_type = 'order' GROUP BY source_id, line_id
     ) r ON r.line_id = l.id AND r.source_id = l.order_id
     WHERE r.delivered <> l.delivered_quantity
        OR r.held <> l.quantity - l.cancelled_quantity - l.substituted_quantity - l.returned_quantity
     LIMIT ${SHOWN_MAX}`,
  );
}

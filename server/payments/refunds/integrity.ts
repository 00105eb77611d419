import type { ReadContext } from '../../platform/context';

const SHOWN_MAX = 50;

/** Orders that say another sum was refunded than their settled refunds, or promise more than is owed back. */
export function ordersAgainstRefunds(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT o.id, o.number, o.refunded_minor, o.refunds_payable_minor,
       COALESCE(r.settled, 0) AS settled_minor, COALESCE(r.claimed, 0) AS claimed_minor
     FROM orders o LEFT JOIN (
       SELECT order_id, SUM(CASE WHEN status = 'settled' THEN amount_minor ELSE 0 END) AS settled,
         SUM(CASE WHEN status = 'settled' THEN 0 ELSE amount_minor END) AS claimed
       FROM refunds GROUP BY order_id) r ON r.order_id = o.id
     WHERE o.refunded_minor <> COALESCE(r.settled, 0) OR o.refunds_payable_minor < COALESCE(r.claimed, 0)
     LIMIT ${SHOWN_MAX}`,
  );
}

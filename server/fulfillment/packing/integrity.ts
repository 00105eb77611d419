import type { ReadContext } from '../../platform/context';

const SHOWN_MAX = 50;

/** Lines whose packed units are not those of the sealed packages; an empty list means they agree. */
export async function packedAgainstPackages(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT l.id, l.order_id, l.sku, l.packed_quantity, COALESCE(p.units, 0) AS units_in_packages
     FROM order_lines l LEFT JOIN (
       SELECT i.line_id, SUM(i.quantity) AS units FROM package_lines i JOIN packages k ON k.id = i.package_id
       WHERE k.status = 'sealed' GROUP BY i.line_id
     ) p ON p.line_id = l.id
     WHERE l.packed_quantity <> COALESCE(p.units, 0)
     LIMIT ${SHOWN_MAX}`,
  );
}

/** Packages that hold units of another order than their own. */
export async function packagesAgainstOrders(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT k.id, k.order_id, i.line_id FROM package_lines i
     JOIN packages k ON k.id = i.package_id JOIN order_lines l ON l.id = i.line_id
     WHERE l.order_id <> k.order_id LIMIT ${SHOWN_MAX}`,
  );
}

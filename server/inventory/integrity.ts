import { ACCOUNT } from '../accounting';
import type { Registry } from '../platform/registry';

const BROKEN_MAX = 100;

/** Looks for what should be impossible: levels, movements, reservations and books telling different stories. */
export function installIntegrityChecks(registry: Registry): void {
  registry.integrityCheck('stock-counters-equal-movements', (ctx) => ctx.select(COUNTERS_AGAINST_MOVEMENTS));
  registry.integrityCheck('stock-value-equals-account', (ctx) =>
    ctx.select(VALUE_AGAINST_ACCOUNT, { inventory: ACCOUNT.inventory }),
  );
  registry.integrityCheck('reservations-equal-levels', (ctx) => ctx.select(RESERVATIONS_AGAINST_LEVELS));
}

const COUNTERS = ['on_hand', 'reserved', 'unavailable', 'outgoing', 'value_minor', 'outgoing_value_minor'];

/** Both sides are laid on one heap, the levels negative: what agrees comes to nothing. */
const COUNTERS_AGAINST_MOVEMENTS = `
  SELECT product_id, location_id, ${COUNTERS.map((counter) => `SUM(${counter}) AS ${counter}`).join(', ')} FROM (
    SELECT product_id, location_id, ${COUNTERS.join(', ')} FROM stock_movements
    UNION ALL
    SELECT product_id, location_id, ${COUNTERS.map((counter) => `-${counter}`).join(', ')} FROM stock_levels
  ) AS sides GROUP BY product_id, location_id
  HAVING ${COUNTERS.map((counter) => `SUM(sides.${counter}) <> 0`).join(' OR ')} LIMIT ${BROKEN_MAX}`;

const VALUE_AGAINST_ACCOUNT = `
  SELECT store_id, SUM(stock_minor) AS stock_minor, SUM(account_minor) AS account_minor FROM (
    SELECT store_id, value_minor + outgoing_value_minor AS stock_minor, 0 AS account_minor FROM stock_levels
    UNION ALL SELECT store_id, 0, amount_minor FROM postings WHERE debit_code = :inventory
    UNION ALL SELECT store_id, 0, -amount_minor FROM postings WHERE credit_code = :inventory
  ) AS sides GROUP BY store_id HAVING SUM(sides.stock_minor) <> SUM(sides.account_minor)`;

const RESERVATIONS_AGAINST_LEVELS = `
  SELECT product_id, location_id, SUM(reserved) AS reserved, SUM(outgoing) AS outgoing,
    SUM(outgoing_value_minor) AS outgoing_value_minor FROM (
    SELECT product_id, location_id, reserved, dispatched AS outgoing, cost_minor AS outgoing_value_minor FROM reservations
    UNION ALL
    SELECT product_id, location_id, -reserved, -outgoing, -outgoing_value_minor FROM stock_levels
  ) AS sides GROUP BY product_id, location_id
  HAVING SUM(sides.reserved) <> 0 OR SUM(sides.outgoing) <> 0 OR SUM(sides.outgoing_value_minor) <> 0 LIMIT ${BROKEN_MAX}`;

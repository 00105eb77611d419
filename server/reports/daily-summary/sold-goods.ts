import type { ReadContext } from '../../platform/context';
import { roundRatio } from '../../platform/money';
import type { ReportDay } from './business-date';

/** Units of one line that customers got before the day and in it. */
export interface SoldLine {
  quantity: number;
  totalMinor: number;
  unitsBefore: number;
  inDay: number;
}

/**
 * What the customers got in the day. Only orders that moved in the day are looked at, so the cost is the day's: no
 * goods are handed over without a move.
 */
export function soldLines(ctx: ReadContext, { store, from, to }: ReportDay): Promise<SoldLine[]> {
  return ctx.select(
    `SELECT line.quantity, line.total_minor, sold.before_day AS units_before, sold.in_day FROM (
       SELECT moved.line_id,
         SUM(CASE WHEN moved.occurred_at < :from THEN moved.quantity ELSE 0 END) AS before_day,
         SUM(CASE WHEN moved.occurred_at >= :from THEN moved.quantity ELSE 0 END) AS in_day
       FROM (SELECT DISTINCT order_id FROM order_moves WHERE at >= :from AND at < :to) AS today
       JOIN stock_movements moved ON moved.source_type = 'order' AND moved.source_id = today.order_id
       WHERE moved.kind = 'deliver' AND moved.store_id = :storeId AND moved.occurred_at < :to
       GROUP BY moved.line_id
     ) AS sold JOIN order_lines line ON line.id = sold.line_id WHERE sold.in_day > 0`,
    { storeId: store.id, from, to },
  );
}

/**
 * Units, and what they were sold for: their share of the line, net of its discount, without shipping and tax. The share
 * is what a reversal of the other units would leave, so deliveries and reversals of a line add up to its total.
 */
export function soldFigures(lines: readonly SoldLine[]): { unitsSold: number; completedRevenueMinor: number } {
  const valueUpTo = ({ totalMinor, quantity }: SoldLine, units: number): number =>
    totalMinor - roundRatio(totalMinor, quantity - units, quantity);
  return lines.reduce(
    ({ unitsSold, completedRevenueMinor }, line) => ({
      unitsSold: unitsSold + line.inDay,
      completedRevenueMinor:
        completedRevenueMinor + valueUpTo(line, line.unitsBefore + line.inDay) - valueUpTo(line, line.unitsBefore),
    }),
    { unitsSold: 0, completedRevenueMinor: 0 },
  );
}

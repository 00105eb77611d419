import { roundRatio } from '../platform/money';
import type { LineCounters } from './order-lines';

interface ReversibleLine extends LineCounters {
  totalMinor: number;
  /** Set for a substitute, which was not part of the sale as it was placed. */
  parentLineId?: string | null;
}

interface ReversibleOrder {
  shippingMinor: number;
  taxMinor: number;
}

/** The part of a sale that will not happen, by account; all in minor units. */
export interface Reversal {
  salesMinor: number;
  shippingMinor: number;
  taxMinor: number;
}

/** What went from the sale between two states of its lines. Shares are taken from running totals, so parts never drift from the whole. */
export function reversalBetween(
  order: ReversibleOrder,
  before: readonly ReversibleLine[],
  after: readonly ReversibleLine[],
): Reversal {
  const was = reversedSoFar(order, before);
  const is = reversedSoFar(order, after);
  return {
    salesMinor: is.salesMinor - was.salesMinor,
    shippingMinor: is.shippingMinor - was.shippingMinor,
    taxMinor: is.taxMinor - was.taxMinor,
  };
}

/** What the customer would owe if these units were taken off the bill, shipping aside. */
export function dueWithout<Line extends ReversibleLine>(
  order: ReversibleOrder & { receivableMinor: number },
  lines: readonly Line[],
  unitsOf: (line: Line) => number,
): number {
  const without = lines.map((line) => ({ ...line, cancelledQuantity: line.cancelledQuantity + unitsOf(line) }));
  const { salesMinor, taxMinor } = reversalBetween(order, lines, without);
  return Math.max(0, order.receivableMinor - salesMinor - taxMinor);
}

/** What the customer pays for delivery: as placed, less what was given back. */
export function shippingKeptMinor(order: ReversibleOrder, lines: readonly ReversibleLine[]): number {
  return order.shippingMinor - reversedSoFar(order, lines).shippingMinor;
}

/**
 * A substitution: what goes from the sale with the units that are replaced, and what comes to it with the substitute.
 * Both carry tax at the order's own rate; shipping stays. `replaced` are the lines after, without the substitute.
 */
export function substitutionBetween<Line extends ReversibleLine>(
  order: ReversibleOrder,
  { before, replaced, substitute }: { before: readonly Line[]; replaced: readonly Line[]; substitute: Line },
): { gone: Reversal; come: Reversal } {
  const without = taxGone(order, replaced);
  return {
    gone: {
      salesMinor: salesGone(replaced) - salesGone(before),
      shippingMinor: 0,
      taxMinor: without - taxGone(order, before),
    },
    come: {
      salesMinor: substitute.totalMinor,
      shippingMinor: 0,
      taxMinor: without - taxGone(order, [...replaced, substitute]),
    },
  };
}

function reversedSoFar(order: ReversibleOrder, lines: readonly ReversibleLine[]): Reversal {
  const nothingLeft = lines.every((line) => goneQuantity(line) === line.quantity);
  // Goods that were delivered and came back do not give their shipping back.
  const shippingMinor = nothingLeft && lines.every((line) => line.deliveredQuantity === 0) ? order.shippingMinor : 0;
  const taxMinor = nothingLeft ? order.taxMinor : taxGone(order, lines);
  return { salesMinor: salesGone(lines), shippingMinor, taxMinor };
}

function salesGone(lines: readonly ReversibleLine[]): number {
  return lines.reduce((sum, line) => sum + roundRatio(line.totalMinor, goneQuantity(line), line.quantity), 0);
}

/**
 * The share of the order's tax in what has gone from the goods as they were placed; less than nothing when
 * substitutes are worth more than what went. One function of the lines as they stand, so that no order of steps drifts.
 */
function taxGone(order: ReversibleOrder, lines: readonly ReversibleLine[]): number {
  const placedMinor = lines.reduce((sum, line) => sum + (line.parentLineId ? 0 : line.totalMinor), 0);
  if (placedMinor === 0) return 0;
  const addedMinor = lines.reduce((sum, line) => sum + (line.parentLineId ? line.totalMinor : 0), 0);
  return roundRatio(order.taxMinor, salesGone(lines) - addedMinor, placedMinor);
}

function goneQuantity(line: LineCounters): number {
  return line.cancelledQuantity + line.substitutedQuantity + line.returnedQuantity;
}

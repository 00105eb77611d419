import { roundRatio } from '../platform/money';
import type { LineCounters } from './order-lines';

interface ReversibleLine extends LineCounters {
  totalMinor: number;
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

function reversedSoFar(order: ReversibleOrder, lines: readonly ReversibleLine[]): Reversal {
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  const salesMinor = lines.reduce(
    (sum, line) => sum + roundRatio(line.totalMinor, goneQuantity(line), line.quantity),
    0,
  );
  const nothingLeft = lines.every((line) => goneQuantity(line) === line.quantity);
  // Goods that were delivered and came back do not give their shipping back.
  const shippingMinor = nothingLeft && lines.every((line) => line.deliveredQuantity === 0) ? order.shippingMinor : 0;
  const taxMinor =
    nothingLeft || totalMinor === 0
      ? nothingLeft
        ? order.taxMinor
        : 0
      : roundRatio(order.taxMinor, salesMinor, totalMinor);
  return { salesMinor, shippingMinor, taxMinor };
}

function goneQuantity(line: LineCounters): number {
  return line.cancelledQuantity + line.substitutedQuantity + line.returnedQuantity;
}

/** One line's counters, in units. */
export interface LineCounters {
  quantity: number;
  preparedQuantity: number;
  packedQuantity: number;
  shippedQuantity: number;
  deliveredQuantity: number;
  cancelledQuantity: number;
  backorderedQuantity: number;
  substitutedQuantity: number;
  returnedQuantity: number;
}

export const NO_COUNTS: Omit<LineCounters, 'quantity'> = {
  preparedQuantity: 0,
  packedQuantity: 0,
  shippedQuantity: 0,
  deliveredQuantity: 0,
  cancelledQuantity: 0,
  backorderedQuantity: 0,
  substitutedQuantity: 0,
  returnedQuantity: 0,
};

/** Units still to be handed over, whatever keeps them. */
export function openQuantity(line: LineCounters): number {
  return line.quantity - line.cancelledQuantity - line.substitutedQuantity;
}

/** Units that can be prepared now: open ones that are not waiting for goods. */
export function preparableQuantity(line: LineCounters): number {
  return openQuantity(line) - line.backorderedQuantity;
}

/** Open units that are not prepared, those that wait for goods among them. */
export function missingQuantity(line: LineCounters): number {
  return Math.max(0, openQuantity(line) - line.preparedQuantity);
}

export function unpreparedQuantity(line: LineCounters): number {
  return Math.max(0, preparableQuantity(line) - line.preparedQuantity);
}

/** Prepared and not yet handed over. */
export function shippableQuantity(line: LineCounters): number {
  return Math.max(0, line.preparedQuantity - line.shippedQuantity);
}

/** On its way or still here, and neither delivered nor returned. */
export function undeliveredQuantity(line: LineCounters): number {
  return Math.max(0, line.shippedQuantity - line.deliveredQuantity - line.returnedQuantity);
}

/** What the customer was handed and has not given back; units refused at the door came back at once. */
export function keptQuantity(line: LineCounters): number {
  return Math.max(0, line.shippedQuantity - line.returnedQuantity - undeliveredQuantity(line));
}

/** Every open unit is prepared. */
export function isPrepared(line: LineCounters): boolean {
  return line.preparedQuantity >= openQuantity(line);
}

export const STAGES = ['not_started', 'picking', 'picked', 'packing', 'packed', 'handed_over'] as const;
export type Stage = (typeof STAGES)[number];

/** Where the goods are, derived from the counters of all lines. */
export function stageOf(lines: readonly LineCounters[]): Stage {
  const sum = (pick: (line: LineCounters) => number): number => lines.reduce((total, line) => total + pick(line), 0);
  const open = sum(openQuantity);
  if (open > 0 && sum((line) => line.shippedQuantity) >= open) return 'handed_over';
  const packed = sum((line) => line.packedQuantity);
  if (packed > 0) return packed >= open ? 'packed' : 'packing';
  const prepared = sum((line) => line.preparedQuantity);
  if (prepared === 0) return 'not_started';
  return prepared >= open ? 'picked' : 'picking';
}

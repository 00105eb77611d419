/** What is known of a shelf when it is counted, in units. */
export interface ShelfFacts {
  /** By the record. */
  onHand: number;
  /** Picked and not yet dispatched. */
  inHand: number;
  /** Seen damaged and not yet decided on; who counts leaves them out. */
  setForWriteOff: number;
}

/** How many should lie there, fit to be sold. Below 0 the record knows of fewer than are in people's hands. */
export function expectedUnits({ onHand, inHand, setForWriteOff }: ShelfFacts): number {
  return onHand - inHand - setForWriteOff;
}

/**
 * What is left of a difference: goods that move take record and shelf along, but what was corrected since it was found
 * is no longer different.
 */
export function remainingDifference(
  found: { units: number; correctedUnits: number },
  now: { correctedUnits: number },
): number {
  return found.units - (now.correctedUnits - found.correctedUnits) || 0;
}

/** "2 fewer", "1 more": as people say a difference. */
export function differenceWords(units: number): string {
  if (units === 0) return 'no difference';
  return units < 0 ? `${-units} fewer` : `${units} more`;
}

/** The table of movements: what each one does to a level. A movement not listed here does not exist. */

/** By how much one unit changes each counter. */
interface UnitEffects {
  onHand?: number;
  reserved?: number;
  unavailable?: number;
  outgoing?: number;
}

export const MOVEMENTS = {
  reserve: { reserved: 1 },
  release: { reserved: -1 },
  dispatch: { onHand: -1, reserved: -1, outgoing: 1 },
  deliver: { outgoing: -1 },
  recall_to_on_hand: { outgoing: -1, onHand: 1 },
  recall_to_unavailable: { outgoing: -1, unavailable: 1 },
  return: { unavailable: 1 },
  inspect: { unavailable: -1, onHand: 1 },
  receive: { onHand: 1 },
  /** The quantity carries the sign: −3 is three fewer. */
  adjust: { onHand: 1 },
  transfer: { onHand: 1 },
  write_off_on_hand: { onHand: -1 },
  write_off_unavailable: { unavailable: -1 },
  write_off_outgoing: { outgoing: -1 },
} as const satisfies Record<string, UnitEffects>;

export type MovementKind = keyof typeof MOVEMENTS;

/** What a movement adds to the counters and values of its level. */
export interface LevelEffects {
  onHand: number;
  reserved: number;
  unavailable: number;
  outgoing: number;
  valueMinor: number;
  outgoingValueMinor: number;
}

export const LEVEL_COUNTERS = [
  'onHand',
  'reserved',
  'unavailable',
  'outgoing',
  'valueMinor',
  'outgoingValueMinor',
] as const;

/**
 * The effects of moving `quantity` units that cost `costMinor` in all. The value follows the units: it lies on the
 * shelf (on hand and unavailable) or outside (outgoing); what is only promised moves no value.
 */
export function effectsOf(kind: MovementKind, quantity: number, costMinor: number): LevelEffects {
  const unit: UnitEffects = MOVEMENTS[kind];
  const { onHand = 0, reserved = 0, unavailable = 0, outgoing = 0 } = unit;
  const signedCostMinor = Math.sign(quantity) * costMinor;
  // `|| 0` keeps a product with nothing from becoming -0.
  return {
    onHand: onHand * quantity || 0,
    reserved: reserved * quantity || 0,
    unavailable: unavailable * quantity || 0,
    outgoing: outgoing * quantity || 0,
    valueMinor: (onHand + unavailable) * signedCostMinor || 0,
    outgoingValueMinor: outgoing * signedCostMinor || 0,
  };
}

interface Counters {
  onHand: number;
  reserved: number;
  unavailable: number;
  outgoing: number;
}

/** What can still be sold. */
export function availableOf({ onHand, reserved }: Pick<Counters, 'onHand' | 'reserved'>): number {
  return onHand - reserved;
}

/** What is ours, wherever it is; the stock's value counts these. */
export function totalOf({ onHand, unavailable, outgoing }: Omit<Counters, 'reserved'>): number {
  return onHand + unavailable + outgoing;
}

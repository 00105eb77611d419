import { dueWithout, type OrderState } from '../../orders';
import {
  hasLeft,
  isCollecting,
  isMoreToSend,
  type Parcel,
  type Parts,
  staying,
  strandedUnits,
  unitsHere,
} from './parcel-parts';

type Line = OrderState['lines'][number];
type Rider = Pick<Parcel, 'id' | 'part' | 'openMarker' | 'codAmountMinor'>;

/** A parcel that is about to be booked comes after all others, and nobody was told anything of it. */
const NEXT: Rider = { id: '', part: Number.MAX_SAFE_INTEGER, openMarker: 1, codAmountMinor: 0 };

/**
 * What the rider of a parcel collects, without one the rider of the next parcel, of an order that is paid at the door:
 * each keeps what they were told while all of them together collect what is due, no more and no less. What is missing
 * the last one collects; while goods stay behind, whoever brings those. What is too much is taken from the last one
 * first, since that one is the farthest from the door. Of any other order nothing is collected.
 */
export function codDue(state: OrderState, parts: Parts, parcel?: Parcel): number {
  if (state.order.paymentMethod !== 'cod') return 0;
  const others = parts.parcels.filter((other) => isCollecting(other) && other.id !== parcel?.id);
  const riders = [...others, parcel ?? NEXT].sort((a, b) => a.part - b.part || a.id.localeCompare(b.id));
  const behind = unitsBehind(state, parts, parcel !== undefined);
  const toldMinor = riders.reduce((sum, { codAmountMinor }) => sum + codAmountMinor, 0);
  const missingMinor = dueWithout(state.order, state.lines, behind) - toldMinor;
  const wanted = parcel ?? NEXT;
  const isLast = byDistance(riders)[0]?.id === wanted.id;
  if (missingMinor >= 0) {
    const waits = parcel !== undefined && state.lines.some((line) => behind(line) > 0);
    return wanted.codAmountMinor + (isLast && !waits ? missingMinor : 0);
  }
  return wanted.codAmountMinor - takenFrom(wanted, byDistance(riders), -missingMinor);
}

/** Farthest from the door first: what the courier says it has delivered is collected, and can't be changed. */
function byDistance(riders: readonly Rider[]): Rider[] {
  const open = riders.filter(({ openMarker }) => openMarker !== null);
  const arrived = riders.filter(({ openMarker }) => openMarker === null);
  return [...open.reverse(), ...arrived.reverse()];
}

function takenFrom(wanted: Rider, riders: readonly Rider[], surplusMinor: number): number {
  let leftMinor = surplusMinor;
  for (const { id, codAmountMinor } of riders) {
    const takenMinor = Math.min(codAmountMinor, leftMinor);
    if (id === wanted.id) return takenMinor;
    leftMinor -= takenMinor;
  }
  return 0;
}

/**
 * Units that no parcel carries, nor the next one if that is asked about: goods that are waited for, that are here and
 * not ready, or that a rider brings back. Another parcel will carry them, and they are paid for then.
 */
function unitsBehind(state: OrderState, parts: Parts, isBooked: boolean): (line: Line) => number {
  const isUnleft = parts.parcels.some((parcel) => isCollecting(parcel) && !hasLeft(parts, parcel));
  const isNextUnleft = !isBooked && isMoreToSend(state);
  const here = isUnleft || isNextUnleft ? unitsHere(state) : () => 0;
  const stranded = isBooked || isNextUnleft ? strandedUnits(parts) : () => 0;
  return (line) => line.backorderedQuantity + staying(line) - here(line) + stranded(line);
}

/** What the riders who have parcels of the order were told to collect, as far as it is not booked; undefined when none has any. */
export function toldToCollect({ parcels }: Parts): number | undefined {
  const collecting = parcels.filter(isCollecting);
  return collecting.length === 0 ? undefined : collecting.reduce((sum, { codAmountMinor }) => sum + codAmountMinor, 0);
}

/** Units of one product for one order's line: a place in the order's slot. */
export interface Place {
  slot: number;
  taskId: string;
  /** The line of the task. */
  lineId: string;
  productId: string;
  /**
   * live: its task is open and its order takes goods · resting: somebody decides whether its order is cancelled, so
   * that all of it stays as it is · closed: finished · gone: the order takes nothing any more.
   */
  stands: 'live' | 'resting' | 'closed' | 'gone';
  /** Units the order takes, those that lie in the slot among them. */
  quantity: number;
  /** Units in the slot. */
  sorted: number;
}

/** What a wave has written down of one product. */
export interface ItemProgress {
  collectedQuantity: number;
  shortQuantity: number;
}

/** Where the units of one product are. `needed` = `collected` + `short` + `toCollect`; `collected` = `sorted` + `inHand`. */
export interface ItemCount {
  /** Units the wave's orders take now. */
  needed: number;
  /** Taken from the shelf, as far as it is needed. */
  collected: number;
  /** In slots, as far as it is needed. */
  sorted: number;
  /** Collected, needed and in no slot yet. */
  inHand: number;
  /** Given up on. */
  short: number;
  toCollect: number;
  /** Collected and needed by nobody as things stand. */
  toPutBack: number;
  /** Of these, units that an order would take if it is not cancelled after all. */
  aside: number;
}

/** Units that still fit into a place. */
export function openUnitsOf({ stands, quantity, sorted }: Place): number {
  return stands === 'live' ? Math.max(0, quantity - sorted) : 0;
}

function restingUnitsOf({ stands, quantity, sorted }: Place): number {
  return stands === 'resting' ? Math.max(0, quantity - sorted) : 0;
}

function sum<T>(list: readonly T[], units: (one: T) => number): number {
  return list.reduce((total, one) => total + units(one), 0);
}

/**
 * Where one product's units are. What lies in a slot whose order is gone was collected too, but it is the put-back
 * task's now; who sorts without collecting has collected by it.
 */
export function countItem(places: readonly Place[], item: ItemProgress): ItemCount {
  const inSlots = sum(places, ({ sorted }) => sorted);
  const open = sum(places, openUnitsOf);
  const staying = places.filter(({ stands }) => stands !== 'gone');
  const sorted = sum(staying, ({ stands, quantity, sorted: units }) =>
    stands === 'closed' ? units : Math.min(quantity, units),
  );
  const held = Math.max(item.collectedQuantity, inSlots) - inSlots;
  const inHand = Math.min(held, open);
  const notThere = open - inHand;
  const short = Math.min(item.shortQuantity, notThere);
  return {
    needed: sorted + open,
    collected: sorted + inHand,
    sorted,
    inHand,
    short,
    toCollect: notThere - short,
    toPutBack: held - inHand,
    aside: Math.min(held - inHand, sum(places, restingUnitsOf)),
  };
}

export interface Allotment {
  place: Place;
  units: number;
}

/** Puts units into the places with room, the first slot first: what is missing in the end is missing in the last. */
export function allot(places: readonly Place[], units: number): Allotment[] {
  let left = units;
  return [...places]
    .sort((a, b) => a.slot - b.slot || a.lineId.localeCompare(b.lineId))
    .flatMap((place) => {
      const given = Math.min(left, openUnitsOf(place));
      left -= given;
      return given > 0 ? [{ place, units: given }] : [];
    });
}

/** How many more units of a product may go into slots: those in hand, those still on the shelf, and lost ones that turn up. */
export function roomFor(places: readonly Place[]): number {
  return sum(places, openUnitsOf);
}

import type { ReadContext } from '../platform/context';

/**
 * Inventory does not know who picks. Whoever does says at boot how many units of each line somebody has in hand of
 * a product at a location, by the line's id; it is asked while the product's levels are locked.
 */
export type HeldReader = (
  ctx: ReadContext,
  place: { productId: string; locationId: string },
) => Promise<ReadonlyMap<string, number>>;

let reader: HeldReader = () => Promise.resolve(new Map());
export const unitsHeld = {
  /** One slice picks; the last to say so wins. */
  set(read: HeldReader): void {
    reader = read;
  },
  of(...asked: Parameters<HeldReader>): ReturnType<HeldReader> {
    return reader(...asked);
  },
};

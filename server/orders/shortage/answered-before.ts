import { reservationsOf } from '../../inventory';
import type { CommandContext } from '../../platform/context';
import { sourceOf } from '../order-goods';
import { type OrderState, snapshot } from '../order-state';
import { countWaiting, type MissingLine, missingLines } from './missing-units';
import { resolutionsOfOrder } from './resolutions';
import type { ResolutionRow } from './shortage.models';
import type { Resolution } from './shortage.schema';

/** What is asked of one line; without a quantity, of all that the answer can be given for. */
export interface AskedLine {
  lineId: string;
  resolution: Resolution;
  quantity?: number;
  sku?: string;
}

/**
 * What the run that this event started was given for the same question, when it walks through what is done. Another
 * answer, another line, or units that came to be missing since are a new question: `undefined`.
 */
export async function answeredBefore(
  ctx: CommandContext,
  state: OrderState,
  event: string | undefined,
  /** One answer to everything that is missing, or one for each line. */
  asked: Resolution | readonly AskedLine[],
): Promise<ResolutionRow[] | undefined> {
  if (event === undefined) return undefined;
  const resolutions = await resolutionsOfOrder(ctx, state.order.id);
  const own = resolutions.filter(({ eventId }) => eventId === event);
  if (own.length === 0) return undefined;
  const now = snapshot(state);
  const held = await reservationsOf(ctx, sourceOf(state.order));
  countWaiting(now, held);
  const missing = await missingLines(ctx, now, held, resolutions);
  if (typeof asked !== 'string') return rowsOf(asked, { own, missing, state });
  const rows = own.filter(({ resolution }) => resolution === asked);
  const isAnswered = (line: MissingLine): boolean =>
    !isLeft(line, asked) && rows.some(({ lineId }) => lineId === line.line.id);
  return rows.length > 0 && missing.every(isAnswered) ? rows : undefined;
}

/** One row of its own for each line that is asked for. */
function rowsOf(
  asked: readonly AskedLine[],
  { own, missing, state }: { own: readonly ResolutionRow[]; missing: readonly MissingLine[]; state: OrderState },
): ResolutionRow[] | undefined {
  const free = new Set(own);
  for (const { lineId, resolution, quantity, sku } of asked) {
    const row = [...free].find(
      (one) =>
        one.lineId === lineId &&
        one.resolution === resolution &&
        (quantity === undefined || quantity === one.quantity) &&
        (sku === undefined || resolution !== 'substitute' || sku === skuOf(state, one.substituteLineId)),
    );
    const wantsMore =
      quantity === undefined && missing.some((one) => one.line.id === lineId && isLeft(one, resolution));
    if (!row || wantsMore) return undefined;
    free.delete(row);
  }
  return own.filter((row) => !free.has(row));
}

/** Whether the answer would do anything to what is missing; what waits already cannot be made to. */
function isLeft({ shortQuantity, missingQuantity }: MissingLine, resolution: Resolution): boolean {
  return (resolution === 'backorder' ? shortQuantity : missingQuantity) > 0;
}

function skuOf({ lines }: OrderState, lineId: string | null): string | undefined {
  return lines.find(({ id }) => id === lineId)?.sku;
}

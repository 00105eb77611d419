import { productWithCode } from '../../inventory';
import type { CommandContext } from '../../platform/context';
import { ConflictError, ValidationError } from '../../platform/errors';
import { codeSpellings, isSameCode } from '../tasks/scans';
import type { ShortReason } from '../tasks/task-progress';
import { lockForAction, recordWaveAction } from './wave-actions';
import { countOf, type WaveState } from './wave-state';
import type { WaveActionRow, WaveLineRow } from './waves.models';

/** Which product, and how many units: `all` is everything that is open. */
export interface Handling {
  code?: string;
  lineId?: string;
  quantity: number | 'all';
  clientActionId?: string;
}

/**
 * Counts units as taken from the shelf. Throws 409 SCAN_UNKNOWN_CODE, SCAN_WRONG_ITEM, SCAN_TOO_MANY or WAVE_CLOSED,
 * 422 LINE_NOT_FOUND; then nothing was counted.
 */
export async function collect(ctx: CommandContext, id: string, handling: Handling): Promise<WaveActionRow | undefined> {
  const { state, made } = await lockForAction(ctx, id, handling.clientActionId);
  if (made) return made;
  const line = await lineMeant(ctx, state, handling);
  const { toCollect, short, needed } = countOf(state, line);
  const units = handling.quantity === 'all' ? toCollect : handling.quantity;
  // Units that were given up on may turn up after all.
  if (units > toCollect + short) throw tooMany(line, needed, 'this wave');
  if (units === 0) return undefined;
  const collectedChange = takenFromShelf(state, line) + units - line.collectedQuantity;
  const changed = { ...line, collectedQuantity: line.collectedQuantity + collectedChange };
  const { clientActionId, code } = handling;
  return recordWaveAction(
    ctx,
    state,
    { kind: 'collect', code: code ?? null, collectedChange, clientActionId },
    changed,
  );
}

/** What was put into slots has been taken from the shelf, also where nobody counted it there. */
export function takenFromShelf({ places }: WaveState, { productId, collectedQuantity }: WaveLineRow): number {
  const inSlots = places
    .filter((place) => place.productId === productId)
    .reduce((total, { sorted }) => total + sorted, 0);
  return Math.max(collectedQuantity, inSlots);
}

export interface WaveShortage {
  lineId: string;
  reason: ShortReason;
  note: string | null;
  clientActionId?: string;
}

/** Gives up on what is still to be collected of a product. Throws 409 WAVE_CLOSED, 422 LINE_NOT_FOUND. */
export async function reportWaveShort(
  ctx: CommandContext,
  id: string,
  { lineId, reason, note, clientActionId }: WaveShortage,
): Promise<WaveActionRow | undefined> {
  const { state, made } = await lockForAction(ctx, id, clientActionId);
  if (made) return made;
  const line = requireLine(state, lineId);
  const { toCollect, short } = countOf(state, line);
  if (toCollect === 0) return undefined;
  const shortQuantity = short + toCollect;
  const shortChange = shortQuantity - line.shortQuantity;
  const changed = { ...line, shortQuantity, shortReason: reason, note: note ?? line.note };
  const action = { kind: 'short' as const, shortChange, shortReason: reason, note, clientActionId };
  return recordWaveAction(ctx, state, action, changed);
}

/**
 * What was collected and is no longer needed lies on its shelf again; what waits for a decision, once that is all.
 * Throws 409 NOTHING_TO_PUT_BACK or WAVE_CLOSED.
 */
export async function putWaveBack(
  ctx: CommandContext,
  id: string,
  { lineId, clientActionId }: { lineId: string; clientActionId?: string },
): Promise<WaveActionRow> {
  const { state, made } = await lockForAction(ctx, id, clientActionId);
  if (made) return made;
  const line = requireLine(state, lineId);
  const { toPutBack, aside } = countOf(state, line);
  const units = toPutBack - aside || aside;
  if (units === 0) {
    throw new ConflictError('NOTHING_TO_PUT_BACK', `Nothing of ${line.name} (${line.sku}) is to be put back.`);
  }
  const changed = { ...line, collectedQuantity: line.collectedQuantity - units };
  return recordWaveAction(ctx, state, { kind: 'put_back', collectedChange: -units, clientActionId }, changed);
}

/** The line that a scanned code or an id means. */
export async function lineMeant(ctx: CommandContext, state: WaveState, handling: Handling): Promise<WaveLineRow> {
  const { code, lineId } = handling;
  if (code === undefined) return requireLine(state, lineId ?? '');
  const line = state.lines.find(
    ({ sku, barcode }) => isSameCode(sku, code) || (barcode !== null && isSameCode(barcode, code)),
  );
  if (line) return line;
  throw await refuseCode(ctx, state, code);
}

export function requireLine({ lines }: WaveState, lineId: string): WaveLineRow {
  const line = lines.find(({ id }) => id === lineId);
  if (line) return line;
  const message = 'There is no such line in this wave. Use the ids in the wave’s lines.';
  throw new ValidationError('LINE_NOT_FOUND', message, {
    errors: [{ path: 'lineId', code: 'LINE_NOT_FOUND', message }],
  });
}

export function tooMany({ name, sku, shelf }: WaveLineRow, needed: number, by: string): ConflictError {
  const times = needed === 1 ? 'once' : `${needed} times`;
  const where = shelf ? ` on shelf ${shelf}` : '';
  return new ConflictError(
    'SCAN_TOO_MANY',
    needed === 0
      ? `${name} (${sku}) is not needed by ${by} any more. Put it back${where}.`
      : `Too many: ${name} (${sku}) is needed ${times} by ${by}, and all are counted. Put this one back${where}.`,
    { facts: { sku, needed } },
  );
}

async function refuseCode(ctx: CommandContext, { wave }: WaveState, code: string): Promise<ConflictError> {
  const product = await productWithCode(ctx, wave.storeId, codeSpellings(code));
  const facts = { scanned: code };
  if (!product) {
    const sentence = `No product has the code ${code}. Scan it again, or count the line by hand.`;
    return new ConflictError('SCAN_UNKNOWN_CODE', sentence, { facts });
  }
  const { sku, name } = product;
  return new ConflictError('SCAN_WRONG_ITEM', `Wrong item: ${name} (${sku}) is not in this wave. Put it back.`, {
    facts: { ...facts, product: { sku, name } },
  });
}

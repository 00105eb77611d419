import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { formatMoney } from '../platform/money';
import { auditConsignment } from './audit-consignment';
import { isEnded } from './consignment-statuses';
import { type ConsignmentRow, consignments, type Problem } from './shipping.models';

export const COD_OUTDATED = 'COD_AMOUNT_OUTDATED';

/** The rider would collect another amount than is due. */
export function isCodOutdated({ openMarker, codBookedMinor, codAmountMinor, codDueMinor }: ConsignmentRow): boolean {
  return openMarker !== null && codBookedMinor === null && codAmountMinor !== codDueMinor;
}

/** Why somebody must tell the courier; undefined while the amounts agree, and once its cash is booked or it has ended. */
export function codProblem(row: ConsignmentRow): Problem | undefined {
  if (!isCodOutdated(row)) return undefined;
  const { courier, reference, codAmountMinor, codDueMinor, currency } = row;
  const [told, due] = [formatMoney(codAmountMinor, currency), formatMoney(codDueMinor, currency)];
  const [who, way] =
    courier === 'manual' ? ['Whoever brings it', 'tell them'] : [courier, 'change it in the courier’s portal'];
  const message = `${who} was told to collect ${told} for parcel ${reference}, and ${due} is due: ${way}, then confirm it here.`;
  return { code: COD_OUTDATED, message };
}

/** Consignments of an order that have not ended, ours until the command does. */
export function lockOpenConsignments(ctx: CommandContext, orderId: string): Promise<ConsignmentRow[]> {
  return ctx.lock(consignments, 'order_id = :orderId AND open_marker IS NOT NULL ORDER BY id', { orderId });
}

/**
 * Brings up to date what should be collected for a parcel. While no courier can have it the amount it will be told
 * is mended, after that a person must; true when there is news to tell somebody.
 */
export async function setCodDue(ctx: CommandContext, row: ConsignmentRow, dueMinor: number): Promise<boolean> {
  const wasOutdated = isCodOutdated(row);
  const isUntold = row.status === 'booking' && row.sentAt === null;
  if (row.codDueMinor === dueMinor && !(isUntold && wasOutdated)) return false;
  const toldMinor = isUntold ? dueMinor : row.codAmountMinor;
  await changeAmounts(ctx, row, 'cod_due', { codAmountMinor: toldMinor, codDueMinor: dueMinor });
  return isCodOutdated(row);
}

/**
 * Somebody has told the courier what to collect. Throws 409 COD_AMOUNT_NOT_DUE with both figures, CONSIGNMENT_ENDED,
 * COD_AMOUNT_BOOKED once the books hold what was collected, or CONSIGNMENT_BOOKING while the courier is being asked.
 */
export async function confirmCod(
  ctx: CommandContext,
  row: ConsignmentRow,
  { codAmountMinor, note }: { codAmountMinor: number; note?: string },
): Promise<boolean> {
  const { id: consignmentId, reference, status, codDueMinor, currency } = row;
  const facts = { consignmentId, codAmountMinor, codToldMinor: row.codAmountMinor, codDueMinor, currency, status };
  if (isEnded(status) || row.openMarker === null) {
    if (codAmountMinor === row.codAmountMinor) return false;
    const message = `Parcel ${reference} is ${status}; what its rider was told stays as it was. Compare it with the courier’s settlement.`;
    throw new ConflictError('CONSIGNMENT_ENDED', message, { facts });
  }
  if (row.codBookedMinor !== null) {
    if (codAmountMinor === row.codAmountMinor) return false;
    const booked = formatMoney(row.codBookedMinor, currency);
    const message = `Parcel ${reference} was delivered, and ${booked} collected for it are in the books; what its rider was told stays as it was. Compare it with the courier’s settlement: refund what is too much, ask the customer for what is missing.`;
    throw new ConflictError('COD_AMOUNT_BOOKED', message, { facts: { ...facts, codBookedMinor: row.codBookedMinor } });
  }
  if (codAmountMinor !== codDueMinor) {
    const message = `${formatMoney(codDueMinor, currency)} is due for parcel ${reference}, not ${formatMoney(codAmountMinor, currency)}. Change it to what is due in the courier’s portal, then confirm that amount.`;
    throw new ConflictError('COD_AMOUNT_NOT_DUE', message, {
      errors: [{ path: 'codAmountMinor', code: 'COD_AMOUNT_NOT_DUE', message: `${codDueMinor} is due.` }],
      facts,
    });
  }
  if (codAmountMinor === row.codAmountMinor) return false;
  if (status === 'booking') {
    const message = `The courier is being asked to take parcel ${reference}. Look again in a moment.`;
    throw new ConflictError('CONSIGNMENT_BOOKING', message, { facts });
  }
  await changeAmounts(ctx, row, 'cod_confirmed', { codAmountMinor, codDueMinor }, note);
  return true;
}

/** Writes both amounts down with their trace; `row` is brought up to date. */
async function changeAmounts(
  ctx: CommandContext,
  row: ConsignmentRow,
  action: string,
  amounts: Pick<ConsignmentRow, 'codAmountMinor' | 'codDueMinor'>,
  note?: string,
): Promise<void> {
  const before = { codAmountMinor: row.codAmountMinor, codDueMinor: row.codDueMinor };
  const wasOutdated = isCodOutdated(row);
  const isOutdated = amounts.codAmountMinor !== amounts.codDueMinor;
  const set: Partial<ConsignmentRow> = { ...amounts, updatedAt: ctx.now };
  if (isOutdated && !wasOutdated) Object.assign(set, { codOutdatedAt: ctx.now, codMendedAt: null });
  if (!isOutdated) {
    if (wasOutdated) set.codMendedAt = ctx.now;
    set.codAlertedMinor = null;
  }
  Object.assign(row, set);
  await ctx.update(consignments, set, 'id = :id', { id: row.id });
  auditConsignment(ctx, row, action, { before, after: { ...amounts }, note });
}

/** Remembers for which amount somebody was told; false when they know already or nothing is wrong any more. */
export async function markAlerted(ctx: CommandContext, row: ConsignmentRow): Promise<boolean> {
  if (!isCodOutdated(row) || row.codAlertedMinor === row.codDueMinor) return false;
  row.codAlertedMinor = row.codDueMinor;
  await ctx.update(consignments, { codAlertedMinor: row.codDueMinor }, 'id = :id', { id: row.id });
  return true;
}

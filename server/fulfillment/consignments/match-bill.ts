import { type GuardReason, isFinal, lockState, type OrderState } from '../../orders';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext, JobContext, ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import type { DeliveredEvent } from '../../platform/registry';
import {
  changeConsignment,
  codProblem,
  confirmCod,
  type ConsignmentRow,
  consignmentsOf,
  isAsking,
  isCodOutdated,
  lockConsignment,
  lockOpenConsignments,
  readConsignment,
  setCodDue,
} from '../../shipping';
import { confirmCodAmounts } from '../rights';
import { codDue } from './cod-due';
import type { CodInput } from './consignments.schema';
import { hasLeft, partsOf } from './parcel-parts';
import { ALERT_JOB } from './tell-outdated';

export const SHIP_JOB = 'consignment.ship_mended';

/**
 * Compares what each rider was told with what is due now, in the transaction that changed either, so that no parcel
 * leaves or is sent with an amount that was true before. Nothing is compared once the goods are there or given up.
 */
export async function matchBill(ctx: CommandContext, state: OrderState): Promise<void> {
  const { order } = state;
  if (order.fulfillmentMethod !== 'delivery' || isFinal(order.status) || order.status === 'delivered') return;
  const rows = (await lockOpenConsignments(ctx, order.id)).filter(({ codBookedMinor }) => codBookedMinor === null);
  if (rows.length === 0) return;
  const { left, parcels } = await partsOf(ctx, order.id);
  // What is mended in one counts for the others at once.
  const parts = { left, parcels: parcels.map((parcel) => rows.find(({ id }) => id === parcel.id) ?? parcel) };
  for (const row of rows) {
    const isNews = await setCodDue(ctx, row, codDue(state, parts, row));
    if (isNews) ctx.enqueue(ALERT_JOB, { consignmentId: row.id }, { storeId: row.storeId });
    if (waitedForAmount(row)) await leaveNow(ctx, row);
  }
}

/** It was to be shipped as soon as it was booked, and only the amount kept it. */
function waitedForAmount(row: ConsignmentRow): boolean {
  return row.shipWhenBooked && !row.newsOpen && !isAsking(row.status) && !isCodOutdated(row);
}

/** What its courier last said is taken in once more, after the commit; shipping goes with it. */
async function leaveNow(ctx: CommandContext, row: ConsignmentRow): Promise<void> {
  await changeConsignment(ctx, row, 'amount_mended', { newsOpen: true });
  ctx.enqueue(SHIP_JOB, { consignmentId: row.id }, { storeId: row.storeId });
}

/** A courier took a parcel, refused it or gave it up: others may have to collect what its rider would have. */
export async function matchBillOf(job: JobContext, { orderId }: DeliveredEvent): Promise<void> {
  if (orderId) await job.transaction(async (ctx) => matchBill(ctx, await lockState(ctx, orderId)));
}

/** Somebody has told the courier what is due; see `confirmCod` for what it refuses. */
export async function confirmCodAmount(ctx: CommandContext, id: string, input: CodInput): Promise<Confirmed> {
  const { orderId } = await readConsignment(ctx, id);
  const state = orderId === null ? undefined : await lockState(ctx, orderId);
  if (state) await matchBill(ctx, state);
  const row = await lockConsignment(ctx, id);
  authorise(ctx.actor, confirmCodAmounts, row.storeId);
  if (state && isFinal(state.order.status) && input.codAmountMinor !== row.codAmountMinor) {
    const { status } = state.order;
    const message = `The order is ${status}; what the rider of parcel ${row.reference} was told stays as it was. Call the courier, and compare it with the courier’s settlement.`;
    throw new ConflictError('ORDER_ENDED', message, { facts: { consignmentId: id, orderStatus: status } });
  }
  const changed = await confirmCod(ctx, row, input);
  if (changed && state) await matchBill(ctx, state);
  return { row, changed };
}

interface Confirmed {
  row: ConsignmentRow;
  changed: boolean;
}

/** No parcel leaves whose rider would collect another amount than is due; one that has left is no reason to wait. */
export async function reasonsCodOutdated(ctx: ReadContext, state: OrderState): Promise<GuardReason[]> {
  const { id: orderId, status, fulfillmentMethod } = state.order;
  const outdated = fulfillmentMethod === 'delivery' ? (await consignmentsOf(ctx, [orderId])).filter(isCodOutdated) : [];
  if (outdated.length === 0) return [];
  const parts = await partsOf(ctx, orderId);
  const goesAgain = status === 'delivery_failed';
  const leaving = outdated.filter((row) => (goesAgain ? row.units !== null : !hasLeft(parts, row)));
  return leaving.flatMap((row) => {
    const problem = codProblem(row);
    if (!problem) return [];
    const { id: consignmentId, reference, courier, codAmountMinor, codDueMinor, currency } = row;
    const facts = { consignmentId, courier, reference, codToldMinor: codAmountMinor, codDueMinor, currency };
    return [{ guard: 'cod' as const, ...problem, ...facts }];
  });
}

/** Throws 409 COD_AMOUNT_OUTDATED: what a rider would take must not be handed over with the old amount. */
export async function assertCodFits(ctx: ReadContext, state: OrderState): Promise<void> {
  const [first] = await reasonsCodOutdated(ctx, state);
  if (!first) return;
  const { guard: _guard, code, message, ...facts } = first;
  throw new ConflictError(code, `Don’t hand it over yet. ${message}`, { facts });
}

import { isFinal, type OrderState, readState } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { codProblem, type ConsignmentRow, consignmentsOf, isAsking } from '../../shipping';
import { viewConsignment } from './consignment-view';
import { addressText } from './order-parcel';

/** The section `consignments` of GET /orders/:id. */
export async function consignmentSection(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const byOrder = new Map<string, unknown[]>();
  for (const row of await consignmentsOf(ctx, orderIds)) {
    const orderId = row.orderId ?? '';
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), viewConsignment(row)]);
  }
  return byOrder;
}

/** What of the order's parcels a person or the courier has yet to do; one sentence each. */
export async function consignmentSentences(ctx: ReadContext, orderId: string): Promise<string[]> {
  const rows = await consignmentsOf(ctx, [orderId]);
  if (rows.length === 0) return [];
  const state = await readState(ctx, orderId);
  const [newest] = rows.slice(-1);
  return rows
    .filter((row) => row.openMarker !== null || row === newest)
    .flatMap((row) => [...(row.problem ? [row.problem.message] : []), ...sentencesOf(state, row)]);
}

/** Pure: what is open about one parcel of the order as it is now. */
export function sentencesOf(state: OrderState, row: ConsignmentRow): string[] {
  const { order } = state;
  const { courier, reference } = row;
  if (row.openMarker === null) return [];
  if (row.status === 'booking') {
    const tries = row.attempts > 1 ? `, attempt ${row.attempts}` : '';
    return [`${courier} is being asked to take parcel ${reference}, since ${row.createdAt}${tries}.`];
  }
  if (isAsking(row.status)) return [];
  const sentences: string[] = [];
  const outdated = isFinal(order.status) || order.status === 'delivered' ? undefined : codProblem(row);
  if (outdated) sentences.push(outdated.message);
  if (addressText(order.shippingAddress) !== row.parcel.address) {
    sentences.push(`The address was changed after parcel ${reference} was booked with ${courier}. Tell the courier.`);
  }
  if (courier !== 'manual' && row.trackingCode === null) {
    sentences.push(
      `${courier} took parcel ${reference}, but its tracking code got lost with the answer. Look it up in its panel.`,
    );
  }
  return sentences;
}

import { putBackState } from '../fulfillment';
import type { OrderRow } from '../orders';
import { openRefunds } from '../payments';
import type { ReadContext } from '../platform/context';
import { consignmentsOf, isEnded } from '../shipping';
import type { StepFacts } from './case-steps';

/** Looks how things stand with a cancelled order. */
export async function readStepFacts(
  ctx: ReadContext,
  order: OrderRow,
  { restock }: { restock: boolean },
): Promise<StepFacts> {
  const orderId = order.id;
  const failed = (await openRefunds(ctx, orderId)).find(({ status }) => status === 'failed');
  const consignments = await consignmentsOf(ctx, [orderId]);
  return {
    putBack: await putBackState(ctx, { orderId, restock }),
    refundsPayableMinor: order.refundsPayableMinor,
    refundFailure: failed && (failed.failure ?? 'no reason was given'),
    consignments: consignments
      .filter(({ status }) => !isEnded(status))
      .map(({ courier, trackingCode, reference }) => `${courier} ${trackingCode ?? reference}`),
  };
}

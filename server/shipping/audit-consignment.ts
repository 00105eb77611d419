import type { CommandContext } from '../platform/context';
import type { ConsignmentRow } from './shipping.models';

/** Writes down who changed what of a parcel. */
export function auditConsignment(
  ctx: CommandContext,
  { id, storeId, orderId }: ConsignmentRow,
  action: string,
  change: { before: Record<string, unknown>; after: Record<string, unknown>; note?: string },
): void {
  ctx.audit({
    action: `consignment.${action}`,
    subjectType: 'consignment',
    subjectId: id,
    storeId,
    orderId: orderId ?? undefined,
    ...change,
  });
}

import { readState } from '../../orders';
import { findUsers, storeSettings, type UserRow } from '../../people';
import type { CommandContext, JobContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import { codProblem, type ConsignmentRow, emitConsignment, lockConsignment, markAlerted } from '../../shipping';

export const ALERT_JOB = 'consignment.tell_cod_outdated';

/**
 * Tells the managers that a rider would collect the wrong amount, once for each amount that becomes due. It waits for
 * the commit, so what a command changes and changes back is told to nobody.
 */
export async function tellOutdated(job: JobContext, { consignmentId }: Record<string, unknown>): Promise<void> {
  await job.transaction(async (ctx) => {
    const row = await lockConsignment(ctx, String(consignmentId));
    if (!(await markAlerted(ctx, row))) return;
    emitConsignment(ctx, row, 'consignment.exception');
    await mailManagers(ctx, row);
  });
}

async function mailManagers(ctx: CommandContext, row: ConsignmentRow): Promise<void> {
  const { id: consignmentId, storeId, orderId, courier, reference, codAmountMinor, codDueMinor, currency } = row;
  const [store, { order }] = await Promise.all([storeSettings(ctx, storeId), readState(ctx, orderId ?? '')]);
  const data = {
    storeName: store.name,
    orderNumber: order.number,
    courier,
    isOwn: courier === 'manual',
    reference,
    message: codProblem(row)?.message,
    told: { amountMinor: codAmountMinor, currency },
    due: { amountMinor: codDueMinor, currency },
    codDueMinor,
    consignmentId,
  };
  for (const { email, name } of await managersOf(ctx, storeId)) {
    const mail = { template: 'emails/cod-outdated', to: email, storeId, orderId: orderId ?? undefined };
    await queueMail(ctx, { ...mail, data: { ...data, readerFirstName: name.trim().split(/\s+/)[0] ?? '' } });
  }
}

/** A store without a manager has its admins. */
async function managersOf(ctx: CommandContext, storeId: string): Promise<UserRow[]> {
  const managers = await findUsers(ctx, { storeId, role: 'store_manager' });
  return managers.length > 0 ? managers : findUsers(ctx, { storeId, role: 'admin' });
}

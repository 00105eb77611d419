import type { OrderRow } from '../../orders';
import { findUsers, storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import type { TaskUrls } from '../tasks/task-links';
import type { TaskRow } from '../tasks/tasks.models';

/** Who heard of a check that did not pass. */
export type Told = 'packer' | 'managers' | 'nobody';

interface Refused {
  order: OrderRow;
  /** Null when a program packed. */
  packing: TaskRow | null;
  numbers: readonly number[];
  note: string;
}

/** Mails whoever is packing; where nobody is, the store's managers, since the goods must be packed anew. */
export async function tellRefused(ctx: CommandContext, urls: TaskUrls, refused: Refused): Promise<Told> {
  const { order, packing, numbers, note } = refused;
  const { name, timezone } = await storeSettings(ctx, order.storeId);
  const open = packing?.openMarker ? packing : null;
  const packer = open?.assigneeEmail ?? null;
  const readers = packer ? [packer] : await managersOf(ctx, order.storeId);
  for (const to of readers) {
    await queueMail(ctx, {
      template: 'emails/quality-refused',
      to,
      storeId: order.storeId,
      orderId: order.id,
      data: {
        orderNumber: order.number,
        storeName: name,
        timezone,
        numbers: numbers.join(', '),
        checkedBy: ctx.actor.name,
        note,
        isReopened: open !== null,
        // The link is the packer's alone.
        url: open && packer ? urls.urlOf(open) : null,
      },
    });
  }
  if (packer) return 'packer';
  return readers.length > 0 ? 'managers' : 'nobody';
}

/** A store without a manager has its admins. */
async function managersOf(ctx: CommandContext, storeId: string): Promise<string[]> {
  const managers = await findUsers(ctx, { storeId, role: 'store_manager' });
  const found = managers.length > 0 ? managers : await findUsers(ctx, { storeId, role: 'admin' });
  return found.flatMap(({ email }) => email ?? []);
}

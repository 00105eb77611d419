import type { CommandContext } from '../../platform/context';
import { changeConsignment, isCodOutdated, lockConsignment } from '../../shipping';
import { isCollecting, partsOf } from './parcel-parts';

/**
 * Somebody said that the goods are there before their couriers did: what the books say was collected is shared out
 * among the riders, each what they were told as far as it goes, the last one the rest. It is not asked of them again.
 */
export async function bookCash(ctx: CommandContext, orderId: string, collectedMinor: number): Promise<void> {
  const collecting = (await partsOf(ctx, orderId)).parcels.filter(isCollecting);
  let leftMinor = collectedMinor;
  for (const { id, codAmountMinor } of collecting) {
    const isLast = id === collecting.at(-1)?.id;
    const bookedMinor = isLast ? leftMinor : Math.min(codAmountMinor, leftMinor);
    leftMinor -= bookedMinor;
    const row = await lockConsignment(ctx, id);
    const mended = isCodOutdated(row) ? { codMendedAt: ctx.now, codAlertedMinor: null } : {};
    await changeConsignment(ctx, row, 'cod_booked', { codBookedMinor: bookedMinor, ...mended });
  }
}

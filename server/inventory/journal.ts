import { postEntry, type Posting } from '../accounting';
import { storeSettings } from '../people';
import type { CommandContext } from '../platform/context';
import type { StockSource } from './stock-change';

/** Every entry that touches Inventory is posted from here, by the command that moves the goods. */
export async function postStock(
  ctx: CommandContext,
  source: StockSource,
  event: string,
  postings: readonly Posting[],
  memo?: string,
): Promise<void> {
  if (postings.length === 0) return;
  const { storeId, sourceType, sourceId, orderId, occurredAt = ctx.now } = source;
  const { currency } = await storeSettings(ctx, storeId);
  await postEntry(ctx, { storeId, event, sourceType, sourceId, orderId, occurredAt, currency, postings, memo });
}

import type { z } from 'zod';
import type { ReadContext } from '../platform/context';
import { page, readCursor } from '../platform/http/paging';
import { customerMessages } from './customer-messages';
import { viewMessage } from './message-store';
import { messages, type MessageRow } from './notifications.models';
import type { ListQuery, messageList } from './notifications.schema';

const NAMED_MAX = 5;

/** Messages, newest first. */
export async function listMessages(ctx: ReadContext, filter: ListQuery): Promise<z.output<typeof messageList>> {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.orderId) conditions.push('order_id = :orderId');
  if (filter.status) conditions.push('status = :status');
  if (filter.after) conditions.push('id < :before');
  const rows = await ctx.find(messages, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    before: filter.after && readCursor(filter.after, 1)[0],
  });
  const { items, nextCursor } = page(rows, filter.limit, (row) => [row.id]);
  return { items: items.map((row) => viewMessage(row, ctx)), nextCursor };
}

/** The section `messages` of GET /orders/:id. */
export async function messagesOfOrders(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await ctx.find(messages, 'order_id IN (:orderIds) ORDER BY order_id, id', { orderIds });
  const byOrder = new Map<string, unknown[]>();
  for (const row of rows) {
    const { storeId: _storeId, orderId, audience: _audience, ...view } = viewMessage(row, ctx);
    byOrder.set(String(orderId), [...(byOrder.get(String(orderId)) ?? []), view]);
  }
  return byOrder;
}

/** Messages that did not arrive and were not sent again since; one sentence each, for `explain`. */
export async function failedSentences(ctx: ReadContext, orderId: string): Promise<string[]> {
  const rows = await ctx.find(messages, 'order_id = :orderId ORDER BY id', { orderId });
  const newest = new Map(rows.map((row) => [row.message, row]));
  return [...newest.values()]
    .filter(({ status }) => status === 'failed')
    .slice(0, NAMED_MAX)
    .map(failedSentence);
}

/** What a person must know to tell the customer in another way. */
export function failedSentence({ message, error }: MessageRow): string {
  return `The e-mail "${titleOf(message)}" did not reach the customer (${error ?? 'no reason was given'}). Phone them, or correct the address and send it again.`;
}

function titleOf(message: string): string {
  return (customerMessages as Record<string, { title: string } | undefined>)[message]?.title ?? message;
}

import { worksInStore } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { ValidationError } from '../platform/errors';
import { page, readCursor } from '../platform/http/paging';
import { ordersToDo } from './order-extensions';
import { ORDER_STATUSES, readStatus } from './order-moves';
import { linesOf } from './order-state';
import { type OrderView, viewOrder } from './order-view';
import { orders } from './orders.models';
import type { ListQuery } from './orders.schema';

/** One page of orders by the time they were placed; each page costs the same, however far back it lies. */
export async function listOrders(
  ctx: ReadContext,
  query: ListQuery,
): Promise<{ items: OrderView[]; nextCursor: string | null }> {
  const { conditions, params } = conditionsOf(ctx, query);
  const newestFirst = query.sort === '-placedAt';
  if (query.after) {
    const [placedAt, id] = readCursor(query.after, 2);
    const beyond = newestFirst ? '<' : '>';
    conditions.push(`(placed_at ${beyond} :placedAt OR (placed_at = :placedAt AND id ${beyond} :id))`);
    Object.assign(params, { placedAt, id });
  }
  const direction = newestFirst ? 'DESC' : 'ASC';
  const where = `${conditions.join(' AND ')} ORDER BY placed_at ${direction}, id ${direction} LIMIT :rows`;
  const rows = await ctx.find(orders, where, { ...params, rows: query.limit + 1 });
  const { items, nextCursor } = page(rows, query.limit, (row) => [row.placedAt, row.id]);
  const lines =
    items.length > 0
      ? await linesOf(
          ctx,
          items.map((row) => row.id),
        )
      : [];
  return {
    items: items.map((order) => viewOrder({ order, lines: lines.filter((line) => line.orderId === order.id) }, ctx)),
    nextCursor,
  };
}

function conditionsOf(ctx: ReadContext, query: ListQuery): { conditions: string[]; params: Record<string, unknown> } {
  const conditions = ['1 = 1'];
  const params: Record<string, unknown> = {};
  const add = (condition: string, values: Record<string, unknown>): void => {
    conditions.push(condition);
    Object.assign(params, values);
  };
  if (ctx.actor.storeIds !== 'all') add('store_id IN (:storeIds)', { storeIds: ctx.actor.storeIds });
  if (query.storeId)
    add('store_id = :storeId', { storeId: worksInStore(ctx.actor, query.storeId) ? query.storeId : '' });
  if (query.status) add('status IN (:statuses)', { statuses: query.status.split(',').map(statusOf) });
  if (query.paymentStatus) add('payment_status = :paymentStatus', { paymentStatus: query.paymentStatus });
  if (query.placedFrom) add('placed_at >= :placedFrom', { placedFrom: new Date(query.placedFrom).toISOString() });
  if (query.placedTo) add('placed_at < :placedTo', { placedTo: new Date(query.placedTo).toISOString() });
  if (query.customer) {
    add('(customer_email = :customer OR customer_phone = :customer OR customer_name LIKE :customerStart)', {
      customer: query.customer,
      customerStart: `${likeText(query.customer)}%`,
    });
  }
  if (query.toDo) add(`(${ordersToDo.condition(query.toDo)})`, { now: ctx.now });
  if (query.text) {
    add('(number LIKE :textStart OR customer_name LIKE :textStart)', { textStart: `${likeText(query.text)}%` });
  }
  return { conditions, params };
}

/** The wildcards of LIKE, typed by a person, mean themselves; both databases then treat them as single letters at worst. */
function likeText(text: string): string {
  return text.replace(/[%_\\]/g, '_');
}

function statusOf(text: string): string {
  const status = readStatus(text);
  if (status) return status;
  throw new ValidationError('STATUS_UNKNOWN', `There is no status "${text}".`, {
    errors: [
      { path: 'status', code: 'STATUS_UNKNOWN', message: `Use ${ORDER_STATUSES.join(', ')}, separated by commas.` },
    ],
  });
}

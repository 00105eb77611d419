import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { orderReference } from '../shared/fields';
import { fetchOrder, requireReference } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { Order, Page } from '../shared/service';
import { toUtc } from '../shared/times';
import { callService } from '../shared/transport';

const PAGE_SIZE_MAX = 200;

/** The orders the node's settings select for this item; none is an answer, not an error. */
export async function selectOrders(context: IExecuteFunctions, itemIndex: number): Promise<Order[]> {
  const mode = context.getNodeParameter('mode', itemIndex) as 'one' | 'waiting' | 'filter';
  if (mode === 'one') return selectOne(context, itemIndex);
  const limit = context.getNodeParameter('limit', itemIndex, 1) as number;
  const sort = context.getNodeParameter('sort', itemIndex) as string;
  if (mode === 'filter') return list(context, { ...filterOf(context, itemIndex), sort }, limit);
  return list(context, { status: context.getNodeParameter('waitingStatus', itemIndex), sort }, limit);
}

function filterOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const { statuses, placedFrom, placedTo, ...filter } = context.getNodeParameter(
    'filter',
    itemIndex,
    {},
  ) as IDataObject;
  return {
    ...filter,
    status: (statuses as string[] | undefined)?.join(','),
    placedFrom: toUtc(context, itemIndex, placedFrom),
    placedTo: toUtc(context, itemIndex, placedTo),
  };
}

async function selectOne(context: IExecuteFunctions, itemIndex: number): Promise<Order[]> {
  requireReference(context, itemIndex);
  try {
    return [await fetchOrder(context, orderReference(context, itemIndex))];
  } catch (error) {
    if (error instanceof Refusal && error.code === 'ORDER_NOT_FOUND') return [];
    return Promise.reject(error as Error);
  }
}

/** One call a page, however many orders it holds; their payments and tasks come with the order itself. */
async function list(context: IExecuteFunctions, query: IDataObject, limit: number): Promise<Order[]> {
  const found: Order[] = [];
  let after: string | undefined;
  do {
    const page: Page<Order> = await callService(context, {
      method: 'GET',
      path: '/orders',
      query: { ...query, limit: Math.min(limit - found.length, PAGE_SIZE_MAX), after },
    });
    found.push(...page.items);
    after = page.nextCursor ?? undefined;
  } while (after !== undefined && found.length < limit);
  return found;
}

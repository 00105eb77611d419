import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import type { Page } from './service';
import { callService } from './transport';

const PAGE_SIZE = 50;

/** What the pickers show; each is a search box in the editor. */
export async function searchOrders(
  this: ILoadOptionsFunctions,
  filter?: string,
  after?: string,
): Promise<INodeListSearchResult> {
  const { items, nextCursor } = await fetchPage(this, '/orders', filter, after);
  return { results: items.map(orderChoice), paginationToken: nextCursor ?? undefined };
}

/** Products on sale, by any part of the name or the SKU, in the store that the step names. */
export async function searchProducts(
  this: ILoadOptionsFunctions,
  filter?: string,
  after?: string,
): Promise<INodeListSearchResult> {
  const { storeId } = (this.getCurrentNodeParameter('options') ?? {}) as IDataObject;
  const query = { text: filter, active: 'true', storeId, limit: PAGE_SIZE, after };
  const { items, nextCursor } = await callService<Page<IDataObject>>(this, { method: 'GET', path: '/products', query });
  const results = items.map(({ sku, name, variant }) => ({
    name: [sku, name, variant].filter(Boolean).map(text).join(' · '),
    value: text(sku),
  }));
  return { results, paginationToken: nextCursor ?? undefined };
}

/** People who can be given work. The list is short, so the service has no search for it. */
export async function searchUsers(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
  const { items } = await callService<Page<IDataObject>>(this, { method: 'GET', path: '/users' });
  const wanted = filter.toLowerCase();
  const results = items
    .filter(({ active }) => active !== false)
    .map((user) => ({ name: `${text(user.name)} (${text(user.role)})`, value: text(user.email) }))
    .filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
  return { results };
}

async function fetchPage(
  context: ILoadOptionsFunctions,
  path: string,
  filter: string | undefined,
  after: string | undefined,
): Promise<Page<IDataObject>> {
  return callService(context, { method: 'GET', path, query: { text: filter, limit: PAGE_SIZE, after } });
}

function orderChoice(order: IDataObject): INodeListSearchItems {
  const customer = (order.customer as IDataObject | undefined)?.name;
  const name = [order.number, customer, order.status].filter(Boolean).map(text).join(' · ');
  return { name, value: text(order.id) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value ?? '');
}

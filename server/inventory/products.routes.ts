import { z } from 'zod';
import { resolveStore } from '../people';
import { permission } from '../platform/auth/permissions';
import { listOf } from '../platform/http/paging';
import { command, query, type Route } from '../platform/http/route';
import { readStock } from './inventory.routes';
import { storeQuery } from './inventory.schema';
import {
  productBody,
  productChangeBody,
  productsQuery,
  productView,
  changeOfProduct,
  inputOfProduct,
  viewOfProduct,
} from './products.schema';
import { addProduct, changeProduct, findProduct, listProducts } from './products.service';

const tag = 'products';
const manageProducts = permission('product.manage', ['store_manager']);
const productParams = z.object({ id: z.string().min(1).max(68) });

export const productRoutes: Route[] = [
  query({
    method: 'get',
    path: '/products',
    tag,
    summary: 'Products by SKU, with filters',
    permission: readStock,
    query: productsQuery,
    response: listOf(productView),
    run: async (ctx, { query: wanted }) => {
      const { items, nextCursor } = await listProducts(ctx, (await resolveStore(ctx, wanted.storeId)).id, wanted);
      return { items: items.map(viewOfProduct), nextCursor };
    },
  }),
  query({
    method: 'get',
    path: '/products/:id',
    tag,
    summary: 'One product, by id or as sku:TEA-01',
    permission: readStock,
    params: productParams,
    query: storeQuery,
    response: productView,
    run: async (ctx, { params, query: { storeId } }) =>
      viewOfProduct(await findProduct(ctx, (await resolveStore(ctx, storeId)).id, params.id)),
  }),
  command({
    method: 'post',
    path: '/products',
    tag,
    summary: 'Add a product',
    permission: manageProducts,
    body: productBody,
    response: productView,
    status: 201,
    run: async (ctx, { body: { storeId, ...body } }) => {
      const store = await resolveStore(ctx, storeId);
      return viewOfProduct(await addProduct(ctx, store.id, inputOfProduct(body)));
    },
  }),
  command({
    method: 'patch',
    path: '/products/:id',
    tag,
    summary: 'Change a product, by id or as sku:TEA-01; active:false withdraws it without touching its orders',
    permission: manageProducts,
    params: productParams,
    body: productChangeBody,
    response: productView,
    run: async (ctx, { params, body: { storeId, ...body } }) => {
      const store = await resolveStore(ctx, storeId);
      return viewOfProduct(await changeProduct(ctx, store.id, params.id, changeOfProduct(body)));
    },
  }),
];

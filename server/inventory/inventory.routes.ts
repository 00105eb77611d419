import { resolveStore } from '../people';
import { permission } from '../platform/auth/permissions';
import { listOf } from '../platform/http/paging';
import { command, query, type Route } from '../platform/http/route';
import { adjust } from './adjustments';
import { checkAvailability, checkOrder } from './check-availability';
import {
  adjustmentBody,
  adjustmentView,
  availabilityView,
  checkQuery,
  levelsQuery,
  levelView,
  locationBody,
  locationView,
  putAwayBody,
  putAwayView,
  receiptBody,
  receiptView,
  storeQuery,
  transferBody,
  transferView,
} from './inventory.schema';
import { listLevels } from './levels';
import { addLocation, listLocations } from './locations';
import { findProduct } from './products.service';
import { putAwayBySku } from './put-away';
import { receive } from './receipts';
import { transfer } from './transfers';

const tag = 'inventory';

export const readStock = permission('stock.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);
const receiveStock = permission('stock.receive', ['store_manager', 'fulfillment_specialist']);
const adjustStock = permission('stock.adjust', ['store_manager']);
const transferStock = permission('stock.transfer', ['store_manager', 'fulfillment_specialist']);
const putAwayStock = permission('stock.put_away', ['store_manager', 'fulfillment_specialist']);
const manageLocations = permission('stock.locations', ['store_manager']);

const looking: Route[] = [
  query({
    method: 'get',
    path: '/inventory',
    tag,
    summary: 'What is there of each product at each location',
    permission: readStock,
    query: levelsQuery,
    response: listOf(levelView),
    run: async (ctx, { query: wanted }) => listLevels(ctx, (await resolveStore(ctx, wanted.storeId)).id, wanted),
  }),
  query({
    method: 'get',
    path: '/inventory/check',
    tag,
    summary: 'Whether an order, or so many of a product, can be served; what is missing and what could take its place',
    permission: readStock,
    query: checkQuery,
    response: availabilityView,
    run: async (ctx, { query: { storeId, orderId, sku = '', quantity = 1 } }) => {
      if (orderId) return checkOrder(ctx, orderId);
      const store = await resolveStore(ctx, storeId);
      await findProduct(ctx, store.id, `sku:${sku}`);
      return checkAvailability(ctx, { storeId: store.id, lines: [{ sku, quantity }] });
    },
  }),
  query({
    method: 'get',
    path: '/inventory/locations',
    tag,
    summary: 'The locations of a store; stock is promised from the first before others',
    permission: readStock,
    query: storeQuery,
    response: listOf(locationView),
    run: async (ctx, { query: { storeId } }) => {
      const rows = await listLocations(ctx, (await resolveStore(ctx, storeId)).id);
      return { items: rows.map(({ id, code, name }) => ({ id, code, name })), nextCursor: null };
    },
  }),
];

const changing: Route[] = [
  command({
    method: 'post',
    path: '/inventory/receipts',
    tag,
    summary: 'Goods have come in',
    permission: receiveStock,
    body: receiptBody,
    response: receiptView,
    status: 201,
    run: async (ctx, { body }) => receive(ctx, (await resolveStore(ctx, body.storeId)).id, body),
  }),
  command({
    method: 'post',
    path: '/inventory/adjustments',
    tag,
    summary: 'Bring the record in line with the shelf',
    permission: adjustStock,
    body: adjustmentBody,
    response: adjustmentView,
    status: 201,
    run: async (ctx, { body }) => adjust(ctx, (await resolveStore(ctx, body.storeId)).id, body),
  }),
  command({
    method: 'post',
    path: '/inventory/transfers',
    tag,
    summary: 'Move goods between two locations',
    permission: transferStock,
    body: transferBody,
    response: transferView,
    status: 201,
    run: async (ctx, { body }) => transfer(ctx, (await resolveStore(ctx, body.storeId)).id, body),
  }),
  command({
    method: 'put',
    path: '/inventory/return',
    tag,
    summary: 'Put goods that were set aside back on the shelf, or write them off',
    permission: putAwayStock,
    body: putAwayBody,
    response: putAwayView,
    run: async (ctx, { body }) => putAwayBySku(ctx, (await resolveStore(ctx, body.storeId)).id, body),
  }),
  command({
    method: 'post',
    path: '/inventory/locations',
    tag,
    summary: 'Add a location',
    permission: manageLocations,
    body: locationBody,
    response: locationView,
    status: 201,
    run: async (ctx, { body: { storeId, ...input } }) => {
      const { id, code, name } = await addLocation(ctx, (await resolveStore(ctx, storeId)).id, input);
      return { id, code, name };
    },
  }),
];

export const inventoryRoutes: Route[] = [...looking, ...changing];

import { resolveStore } from '../../people';
import { command, query, type Route } from '../../platform/http/route';
import { quoteShipping } from './quote';
import {
  byId,
  quoteBody,
  quoteView,
  rateBody,
  rateChangeBody,
  rateList,
  ratesQuery,
  rateView,
  viewRate,
  viewZone,
  zoneBody,
  zoneChangeBody,
  zoneList,
  zonesQuery,
  zoneView,
} from './rates.schema';
import { addRate, changeRate, removeRate } from './rates.service';
import { addZone, changeZone, listRates, listZones, manageShipping, readShipping, removeZone } from './zones.service';

const tag = 'shipping';

const reading: Route[] = [
  query({
    method: 'get',
    path: '/shipping/zones',
    tag,
    summary: 'The store’s shipping zones with their prices',
    permission: readShipping,
    query: zonesQuery,
    response: zoneList,
    run: async (ctx, { query: wanted }) => {
      const { items, nextCursor } = await listZones(ctx, (await resolveStore(ctx, wanted.storeId)).id, wanted);
      return { items: items.map(({ row, rates }) => viewZone(row, rates)), nextCursor };
    },
  }),
  query({
    method: 'get',
    path: '/shipping/rates',
    tag,
    summary: 'Prices by weight, of one zone or of all',
    permission: readShipping,
    query: ratesQuery,
    response: rateList,
    run: async (ctx, { query: wanted }) => {
      const { items, nextCursor } = await listRates(ctx, (await resolveStore(ctx, wanted.storeId)).id, wanted);
      return { items: items.map(viewRate), nextCursor };
    },
  }),
  query({
    method: 'post',
    path: '/shipping/quote',
    tag,
    summary: 'What bringing a parcel to a place costs and why, line by line',
    permission: readShipping,
    body: quoteBody,
    response: quoteView,
    run: async (ctx, { body: { storeId, weightGrams, codMinor, fragile, ...place } }) => {
      const store = await resolveStore(ctx, storeId);
      return quoteShipping(ctx, store, { place, parcels: [{ weightGrams, fragile }], cod: { totalMinor: codMinor } });
    },
  }),
];

const zones: Route[] = [
  command({
    method: 'post',
    path: '/shipping/zones',
    tag,
    summary: 'Add a shipping zone with its prices',
    permission: manageShipping,
    body: zoneBody,
    response: zoneView,
    status: 201,
    run: async (ctx, { body }) => {
      const { row, rates } = await addZone(ctx, await resolveStore(ctx, body.storeId), body);
      return viewZone(row, rates);
    },
  }),
  command({
    method: 'patch',
    path: '/shipping/zones/:id',
    tag,
    summary: 'Change what a shipping zone covers, its surcharges or its days',
    permission: manageShipping,
    params: byId,
    body: zoneChangeBody,
    response: zoneView,
    run: async (ctx, { params, body }) => {
      const { row, rates } = await changeZone(ctx, params.id, body);
      return viewZone(row, rates);
    },
  }),
  command({
    method: 'delete',
    path: '/shipping/zones/:id',
    tag,
    summary: 'Remove a shipping zone with its prices, unless it is the last one; orders keep what they were charged',
    permission: manageShipping,
    params: byId,
    response: zoneView,
    run: async (ctx, { params }) => {
      const { row, rates } = await removeZone(ctx, params.id);
      return viewZone(row, rates);
    },
  }),
];

const rates: Route[] = [
  command({
    method: 'post',
    path: '/shipping/rates',
    tag,
    summary: 'Add a price for a weight to a zone',
    permission: manageShipping,
    body: rateBody,
    response: rateView,
    status: 201,
    run: async (ctx, { body }) => viewRate(await addRate(ctx, body)),
  }),
  command({
    method: 'patch',
    path: '/shipping/rates/:id',
    tag,
    summary: 'Change a price, or the weight up to which it counts',
    permission: manageShipping,
    params: byId,
    body: rateChangeBody,
    response: rateView,
    run: async (ctx, { params, body }) => viewRate(await changeRate(ctx, params.id, body)),
  }),
  command({
    method: 'delete',
    path: '/shipping/rates/:id',
    tag,
    summary: 'Remove a price; a zone keeps at least one',
    permission: manageShipping,
    params: byId,
    response: rateView,
    run: async (ctx, { params }) => viewRate(await removeRate(ctx, params.id)),
  }),
];

export const rateRoutes: Route[] = [...reading, ...zones, ...rates];

import { openDesk, type CourierDesk } from '../shipping/courier-desk';
import type { DATABASES } from '../support/databases';
import { expectStatus, move, prepareAll, stockProduct } from '../support/shop';
import { CUP } from './floor';

export type Json = Record<string, any>;

export const MANAGER = { name: 'Nasrin Sultana', email: 'manager@example.com', role: 'store_manager', storeIds: [] };

/** 1,000.00 of tea, a cup for 100.00 and 150.00 for delivery: 1,250.00 at the door. */
const BASKET = {
  lines: [
    { sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 },
    { sku: 'CUP-01', quantity: 1, unitPriceMinor: 10_000 },
  ],
  shippingMinor: 15_000,
};
export const TOLD = 125_000;
/** What is due once the cup is off the bill. */
export const WITHOUT_CUP = 115_000;

/** A courier's desk where bills change after the courier was booked. */
export interface CodDesk extends CourierDesk {
  /** An order in process and its parcel, which the courier has. */
  booked(courier?: string): Promise<{ order: Json; parcel: Json }>;
  dropCup(order: Json): Promise<void>;
  payDown(order: Json, amountMinor: number): Promise<void>;
  confirm(parcel: Json, codAmountMinor: unknown, more?: Json, apiKey?: string): ReturnType<CourierDesk['sync']>;
  parcelView(parcel: Json): Promise<Json>;
  fulfilled(order: Json): Promise<void>;
  arrives(order: Json, parcel: Json): Promise<Json>;
  openWork(order: Json): Promise<string>;
}

export async function openCodDesk(kind: (typeof DATABASES)[number]): Promise<CodDesk> {
  const desk = await openDesk(kind);
  const { app } = desk;
  await stockProduct(app, CUP, 500);
  expectStatus(await app.post('/users', MANAGER), 201);
  return {
    ...desk,
    booked: async (courier = 'steadfast') => {
      const order = await desk.inWork(BASKET);
      const parcel = expectStatus(await desk.book(order, { courier }), 201).body;
      await app.settled();
      return { order, parcel };
    },
    dropCup: async (order) => {
      const lines = [{ id: order.lines[1].id }];
      expectStatus(await app.post(`/orders/${order.id}/short_lines`, { lines, reason: 'not on the shelf' }), 201);
    },
    payDown: async (order, amountMinor) => {
      const body = { method: 'cash', amountMinor, acceptDifference: true };
      expectStatus(await app.post(`/orders/${order.id}/payments`, body), 201);
    },
    confirm: (parcel, codAmountMinor, more = {}, apiKey) =>
      app.post(`/consignments/${parcel.id}/cod_amount`, { codAmountMinor, ...more }, { apiKey }),
    parcelView: async ({ id }) => expectStatus(await app.get(`/consignments/${id}`), 200).body,
    fulfilled: async (order) => {
      await prepareAll(app, { ...order, lines: (await desk.read(order)).lines.filter(isOpen) });
      await move(app, order.id, 'fulfill');
    },
    arrives: async (order, parcel) => {
      await desk.says(parcel.reference, 'delivered');
      expectStatus(await desk.sync(parcel.id), 200);
      await app.settled();
      return desk.read(order);
    },
    openWork: async ({ id }) => expectStatus(await app.get(`/orders/${id}/explain`), 200).body.openWork.join(' '),
  };
}

function isOpen({ quantity, cancelledQuantity, substitutedQuantity }: Json): boolean {
  return quantity - cancelledQuantity - substitutedQuantity > 0;
}

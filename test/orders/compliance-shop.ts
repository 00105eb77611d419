import type { Answer } from '../support/app';
import { expectStatus } from '../support/shop';
import { newProduct, openOrders, orderFor, type OrderBook, pick } from './open-orders';

type Json = Record<string, any>;

/** A store with goods that not everybody may buy, a manager with a mailbox, and a key for each role. */
export interface ComplianceShop extends OrderBook {
  keys: Record<string, string>;
  /** A product with this rule, with 50 units on the shelf. */
  ruled(rule: Json): Promise<string>;
  /** An order in processing, picked. */
  picked(sku: string, quantity?: number, more?: Json): Promise<Json>;
  tryMove(order: Json, name: string, more?: Json, apiKey?: string): Promise<Answer>;
  check(order: Json, body: Json, apiKey?: string): Promise<Answer>;
  /** Rows of a table about this order. */
  rowsOf(table: string, order: Json): Promise<Json[]>;
  /** What its history says was done. */
  auditOf(order: Json, action: string): Promise<Json[]>;
}

const ROLES = ['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service', 'reporting'];
export const MANAGER = { name: 'Mita Manager', email: 'mita@example.com', role: 'store_manager' };
const UNITS = 50;

export async function openComplianceShop(kind: 'sqlite' | 'mysql'): Promise<ComplianceShop> {
  const book = await openOrders(kind);
  const { app } = book;
  const keys: Record<string, string> = {};
  for (const role of ROLES) keys[role] = await app.keyFor(role);
  expectStatus(await app.post('/users', MANAGER), 201);
  const reader = () => app.service.workroom.reader(app.service.workroom.systemCaller('test'));
  return {
    ...book,
    keys,
    ruled: async (rule) => {
      const sku = await newProduct(app, UNITS);
      expectStatus(await app.call('PATCH', `/products/sku:${sku}`, rule), 200);
      return sku;
    },
    picked: async (sku, quantity = 1, more = {}) => {
      const order = await orderFor(app, sku, quantity, more);
      await pick(app, order, quantity);
      return order;
    },
    tryMove: (order, name, more = {}, apiKey) =>
      app.put(`/orders/${order.id}/status`, { move: name, ...more }, { apiKey }),
    check: (order, body, apiKey) => app.post(`/orders/${order.id}/compliance_checks`, body, { apiKey }),
    rowsOf: (table, order) =>
      reader().select<Json>(`SELECT * FROM ${table} WHERE order_id = :id ORDER BY id`, { id: order.id }),
    auditOf: async (order, action) => {
      const { items } = (await app.get(`/orders/${order.id}/history`)).body as { items: Json[] };
      return items.filter((row) => row.action === action);
    },
  };
}

import { defineTable } from '../platform/database/table';
import type { LineCounters } from './order-lines';
import type { OrderMove, OrderStatus } from './order-moves';
import type { PaymentStatus } from './payment-status';

export interface Customer {
  name: string;
  email?: string;
  phone?: string;
}

export interface Address {
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postalCode?: string;
  country: string;
}

/** How an order left us: carrier, tracking number and page, or hand-off method with its spot or service. */
export interface Handover {
  carrier?: string;
  trackingNumber?: string;
  /** Where people said the parcel can be followed; a booked courier's own address stands in its consignment. */
  trackingUrl?: string;
  method?: string;
  spot?: string;
  service?: string;
}

export interface OrderRow {
  id: string;
  storeId: string;
  number: string;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  version: number;
  fulfillmentMethod: 'delivery' | 'pickup' | 'curbside';
  paymentMethod: string;
  currency: string;
  customerName: string;
  customerEmail: string | null;
  customerPhone: string | null;
  /** Phone and e-mail in the one spelling that customers are known by; never shown. */
  customerPhoneKey: string | null;
  customerEmailKey: string | null;
  shippingAddress: Address | null;
  notes: string;
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
  paidMinor: number;
  receivableMinor: number;
  refundsPayableMinor: number;
  refundedMinor: number;
  clearingMinor: number;
  submittedPayments: number;
  handover: Handover;
  /** When an unpaid order gives its stock back; null when it never does. */
  expiresAt: string | null;
  placedAt: string;
  createdAt: string;
  updatedAt: string;
}

export interface OrderLineRow extends LineCounters {
  id: string;
  orderId: string;
  position: number;
  productId: string;
  sku: string;
  name: string;
  unitPriceMinor: number;
  discountMinor: number;
  totalMinor: number;
  parentLineId: string | null;
}

/** One move an order made; append-only. `eventId` tells a repeat by the same run from a new intention. */
export interface OrderMoveRow {
  id: string;
  orderId: string;
  move: OrderMove;
  fromStatus: OrderStatus;
  toStatus: OrderStatus;
  eventId: string | null;
  reason: string | null;
  notes: string | null;
  actorName: string;
  orderVersion: number;
  /** What left the house with it; null when nothing did. */
  handedOver: MovedLine[] | null;
  at: string;
}

export interface MovedLine {
  lineId: string;
  quantity: number;
}

export interface OrderHoldRow {
  id: string;
  orderId: string;
  reason: string;
  note: string;
  owner: string;
  lineIds: string[];
  expiresAt: string | null;
  placedAt: string;
  releasedAt: string | null;
  releasedBy: string | null;
}

export const orders = defineTable<OrderRow>('orders', { json: ['shippingAddress', 'handover'] });
export const orderLines = defineTable<OrderLineRow>('order_lines');
export const orderMoveLog = defineTable<OrderMoveRow>('order_moves', { json: ['handedOver'] });
export const orderHolds = defineTable<OrderHoldRow>('order_holds', { json: ['lineIds'] });

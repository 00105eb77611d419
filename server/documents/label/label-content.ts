import type { OrderFacts } from '../order-facts';
import { addressLines } from '../recipient';

/** What stands on a label in any form. No price and no payment: the courier is told what to collect by its own system. */
export interface LabelContent {
  orderNumber: string;
  senderName: string;
  recipientName: string;
  phone: string | null;
  address: string[];
  fragile: boolean;
  carrier: string | null;
  trackingCode: string | null;
  /** What the QR code says: the courier's tracking code when there is one, else the order number. */
  qrText: string;
}

export function labelContent({ order, store, fragile, consignment }: OrderFacts): LabelContent {
  const { carrier, service, trackingNumber } = order.handover;
  const trackingCode = consignment?.trackingCode || trackingNumber || null;
  return {
    orderNumber: order.number,
    senderName: store.name,
    recipientName: order.customerName,
    phone: order.customerPhone,
    address: addressLines(order),
    fragile,
    carrier: consignment?.courier ?? carrier ?? service ?? null,
    trackingCode,
    qrText: trackingCode ?? order.number,
  };
}

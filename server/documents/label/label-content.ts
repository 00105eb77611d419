import type { LabelledParcel } from '../../fulfillment';
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
  /** Which of how many, and its weight; null for the only one whose weight nobody knows. */
  parcelText: string | null;
}

export function labelContent({ order, store, fragile, consignment, parcel }: OrderFacts): LabelContent {
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
    parcelText: parcel ? parcelText(parcel) : null,
  };
}

const GRAMS_A_KG = 1000;

function parcelText({ position, total, weightGrams }: LabelledParcel): string | null {
  const which = total > 1 ? `Parcel ${position} of ${total}` : null;
  const weight = weightGrams === null ? null : `${(weightGrams / GRAMS_A_KG).toFixed(2)} kg`;
  return [which, weight].filter(Boolean).join(', ') || null;
}

import type { OrderRow } from '../orders';
import { webAddress } from '../platform/web-address';
import type { ConsignmentRow } from '../shipping';

/** How a customer can follow a parcel; what is not known is null. */
export interface Tracking {
  carrier: string | null;
  number: string | null;
  url: string | null;
}

/** What a consignment says of itself to those who wait for it. */
export type Shipment = Pick<ConsignmentRow, 'courier' | 'status' | 'trackingCode' | 'trackingUrl'>;

/** Parcels we carry ourselves have no carrier a customer could ask. */
const OURSELVES = 'manual';
const GONE: readonly Shipment['status'][] = ['rejected', 'cancelled', 'returned'];

/** The newest consignment that has not come to nothing. */
export function standing<Parcel extends Shipment>(consignments: readonly Parcel[]): Parcel | undefined {
  return consignments.filter(({ status }) => !GONE.includes(status)).at(-1);
}

/** From the newest consignment that stands, else from what was said when the order was handed over. */
export function trackingOf({ handover }: Pick<OrderRow, 'handover'>, consignments: readonly Shipment[]): Tracking {
  const current = standing(consignments);
  const courier = current && current.courier !== OURSELVES ? current.courier : undefined;
  const carrier = courier ?? handover.carrier ?? OURSELVES;
  const url = current?.trackingUrl ?? handover.trackingUrl ?? '';
  return {
    carrier: carrier === OURSELVES ? null : `${carrier.charAt(0).toUpperCase()}${carrier.slice(1)}`,
    number: current?.trackingCode ?? handover.trackingNumber ?? null,
    // Only what is surely a web address becomes a link, and it is shown as the browser goes to it.
    url: webAddress(url),
  };
}

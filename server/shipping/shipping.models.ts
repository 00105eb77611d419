import { defineTable } from '../platform/database/table';
import type { FieldError } from '../platform/errors';
import type { ConsignmentStatus } from './consignment-statuses';
import type { Parcel } from './courier';

/** Why a person must look at a consignment. */
export interface Problem {
  code: string;
  message: string;
  errors?: FieldError[];
}

/** One parcel given, or to be given, to a courier under one reference. */
export interface ConsignmentRow {
  id: string;
  storeId: string;
  /** What it is for, in the words of a higher slice. */
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  courier: string;
  reference: string;
  status: ConsignmentStatus;
  courierStatus: string | null;
  /** What the courier was told to collect, or will be told. */
  codAmountMinor: number;
  /** What should be collected as the bill is now; of an ended parcel as it was then. */
  codDueMinor: number;
  /** What of its cash is in the order's books: from then on both amounts stand as they are. */
  codBookedMinor: number | null;
  /** Since when the two differ, and when they came to agree again; of the last time they did. */
  codOutdatedAt: string | null;
  codMendedAt: string | null;
  /** The amount due of which somebody was told last, while the two differ. */
  codAlertedMinor: number | null;
  currency: string;
  parcel: Parcel;
  courierId: string | null;
  trackingCode: string | null;
  trackingUrl: string | null;
  /** Whether people gave it because the courier's answer did not hold it; they may correct it. */
  trackingCodeGiven: boolean;
  trackingUrlGiven: boolean;
  /** Whoever asked for it wants the goods handed over as soon as it is booked. */
  shipWhenBooked: boolean;
  /** What the courier said has not been taken in by those who own the source. */
  newsOpen: boolean;
  problem: Problem | null;
  /** Which part of the source it carries, from 1; a part that is sent again keeps its number. */
  part: number;
  /** Units by line of the source, of a parcel that goes out once more; null: those its part left with. */
  units: Record<string, number> | null;
  /** The part until it has ended; one such consignment a part. */
  openMarker: number | null;
  /** 1 unless rejected: the courier knows the reference, or may. */
  referenceMarker: number | null;
  attempts: number;
  /** Since then the courier may have the parcel, whatever it answered. */
  sentAt: string | null;
  /** Before it nobody asks the courier; while an attempt runs, the end of its lease. */
  nextAt: string | null;
  /** The event that started the run which asked. */
  eventId: string | null;
  bookedAt: string | null;
  endedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export const consignments = defineTable<ConsignmentRow>('consignments', {
  json: ['parcel', 'problem', 'units'],
  flags: ['trackingCodeGiven', 'trackingUrlGiven', 'shipWhenBooked', 'newsOpen'],
});

import type { FieldError } from '../platform/errors';
import type { ConsignmentStatus } from './consignment-statuses';

/** What a courier is to carry, and to whom. */
export interface Parcel {
  recipientName: string;
  recipientPhone: string;
  /** One line, as a rider reads it. */
  address: string;
  /** ISO 3166, such as BD. */
  country: string;
  description: string;
  units: number;
  note?: string;
}

export interface BookingRequest {
  reference: string;
  parcel: Parcel;
  codAmountMinor: number;
  currency: string;
}

/** A parcel as the courier knows it. */
export interface CourierParcel {
  courierId: string | null;
  trackingCode: string | null;
  trackingUrl: string | null;
  status: ConsignmentStatus;
  /** The courier's own word for it. */
  courierStatus: string;
}

/** No answer, or none that says what happened. `retryAfterMs` when the courier named a time. */
export interface Unknown {
  kind: 'unknown';
  message: string;
  retryAfterMs?: number;
}

export interface Rejected {
  kind: 'rejected';
  code: string;
  /** The courier's words. */
  message: string;
  errors: FieldError[];
  /** Refused because the courier has a parcel of this reference: perhaps our own. */
  duplicate?: boolean;
}

export type BookingOutcome = ({ kind: 'created' } & CourierParcel) | Rejected | Unknown;
export type Finding = ({ kind: 'found' } & CourierParcel) | { kind: 'missing' } | Rejected | Unknown;

/** What a courier can be asked; what it cannot is done by people. */
export interface Capabilities {
  findByReference: boolean;
  status: boolean;
  cancel: boolean;
}

/**
 * A courier. Calls never throw for what the network or the courier does: each answers with an outcome, and an outcome
 * that is not certain is `unknown`.
 */
export interface Courier {
  readonly name: string;
  readonly displayName: string;
  readonly capabilities: Capabilities;
  /** A number of ours in letters the courier takes for its reference. */
  fitReference(number: string): string;
  /** What must be mended before it is worth asking; paths are fields of `BookingRequest`. */
  check(request: BookingRequest): FieldError[];
  /** Throws 503 COURIER_NOT_CONFIGURED. */
  assertReady(): void;
  create(request: BookingRequest): Promise<BookingOutcome>;
  findByReference?(reference: string): Promise<Finding>;
  /** `returning`: the parcel is on its way back, so the way back is asked for. */
  status?(parcel: { reference: string; courierId: string | null; returning: boolean }): Promise<Finding>;
}

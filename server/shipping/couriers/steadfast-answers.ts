import type { FieldError } from '../../platform/errors';
import { webAddress } from '../../platform/web-address';
import type { CourierParcel, Rejected, Unknown } from '../courier';
import { readSteadfastStatus } from './steadfast-statuses';

/** What came back over the wire: no JSON is an undefined body, no answer a status of 0. */
export interface WireAnswer {
  status: number;
  body: Record<string, unknown> | undefined;
  retryAfterMs?: number;
  /** Why there was no answer. */
  failure?: string;
}

const WORDS_MAX = 300;
/** Characters that are kept of a courier's word, its codes and its address. */
export const COURIER_STATUS_MAX = 100;
const CODE_MAX = 64;
const ADDRESS_MAX = 300;
const DUPLICATE = /ALREADY_EXISTS|already been taken|already exists/i;
/** Steadfast's fields as ours. */
const FIELDS: Readonly<Record<string, string>> = {
  invoice: 'reference',
  recipient_name: 'parcel.recipientName',
  recipient_phone: 'parcel.recipientPhone',
  recipient_address: 'parcel.address',
  cod_amount: 'codAmountMinor',
  note: 'parcel.note',
  item_description: 'parcel.description',
  total_lot: 'parcel.units',
};

/** The status that counts: some refusals come as HTTP 200 with a status of 400 inside. */
export function statusOf({ status, body }: WireAnswer): number {
  const inside = Number(body?.status ?? status);
  return status >= 200 && status < 300 && inside >= 400 && inside < 600 ? inside : status;
}

/** A No that trying again will not change, or nothing certain. Undefined when the answer is a Yes. */
export function readFailure(answer: WireAnswer): Rejected | Unknown | undefined {
  const status = statusOf(answer);
  if (answer.failure) return { kind: 'unknown', message: answer.failure };
  if (status === 401 || status === 403) {
    return {
      kind: 'rejected',
      code: 'COURIER_UNAUTHORISED',
      message: `Steadfast does not accept our keys${words(answer)}. Check STEADFAST_API_KEY and STEADFAST_SECRET_KEY, and that the account is active.`,
      errors: [],
    };
  }
  if (status === 429) {
    return {
      kind: 'unknown',
      message: 'Steadfast asks us to slow down (HTTP 429).',
      retryAfterMs: answer.retryAfterMs,
    };
  }
  if (status === 400 || status === 409 || status === 422) return readRejection(answer);
  if (status >= 300) return { kind: 'unknown', message: `Steadfast answered with HTTP ${status}${words(answer)}.` };
  if (!answer.body) return { kind: 'unknown', message: 'Steadfast answered with something that is not JSON.' };
  return undefined;
}

function readRejection(answer: WireAnswer): Rejected {
  const errors = readErrors(answer.body?.errors);
  const said = errors.map(({ message }) => message).join(' ') || cut(answer.body?.message) || 'It gave no reason.';
  return {
    kind: 'rejected',
    code: 'COURIER_REJECTED',
    message: `Steadfast refused the parcel: ${said}`,
    errors,
    duplicate: DUPLICATE.test(said),
  };
}

/** Errors come as field → list of sentences, or field → one sentence. */
function readErrors(errors: unknown): FieldError[] {
  if (errors === null || typeof errors !== 'object') return [];
  return Object.entries(errors).map(([field, said]) => ({
    path: FIELDS[field] ?? field,
    code: 'COURIER_REJECTED',
    message: cut([said].flat().map(String).join(' ')),
  }));
}

/** A created consignment; undefined when the answer lacks what makes it one. */
export function readCreated({ body }: WireAnswer): CourierParcel | undefined {
  const made = body?.consignment as Record<string, unknown> | undefined;
  if (!made || typeof made !== 'object' || made.consignment_id === undefined || made.consignment_id === null) {
    return undefined;
  }
  const raw = cut(made.status, COURIER_STATUS_MAX) || 'in_review';
  return {
    courierId: whole(made.consignment_id, CODE_MAX),
    trackingCode: whole(made.tracking_code, CODE_MAX),
    trackingUrl: httpAddress(made.tracking_link),
    status: readSteadfastStatus(raw),
    courierStatus: raw,
  };
}

/** The id in the first row of a parcel's track, where a lost answer's parcel can be known again. */
export function readTrackedId({ body }: WireAnswer): string | null {
  const rows = body?.tracking ?? body?.trackings;
  const first = Array.isArray(rows) ? (rows[0] as Record<string, unknown> | undefined) : undefined;
  return whole(first?.consignment_id, CODE_MAX);
}

function words({ body }: WireAnswer): string {
  const message = cut(body?.message);
  return message ? ` (${message})` : '';
}

function httpAddress(value: unknown): string | null {
  const text = whole(value, ADDRESS_MAX);
  const address = text === null ? null : webAddress(text);
  return address !== null && address.length <= ADDRESS_MAX ? address : null;
}

/** The courier's own text, short enough to keep. */
function cut(value: unknown, max = WORDS_MAX): string {
  return textOf(value).slice(0, max);
}

/** A code or an address, or nothing when it is too long to keep: cut, it would be another one. */
function whole(value: unknown, max: number): string | null {
  const text = textOf(value);
  return text !== '' && text.length <= max ? text : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

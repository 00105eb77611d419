import type { FieldError } from '../../platform/errors';
import { formatMoney, minorDigits } from '../../platform/money';
import type { BookingRequest } from '../courier';

/** What Steadfast takes, in characters; longer texts are cut there without a word, so they are refused here. */
export const STEADFAST_LIMITS = { invoice: 100, name: 100, address: 490, note: 480, description: 255 } as const;
export const COD_TAKA_MAX = 1_000_000;
const CURRENCY = 'BDT';
const COUNTRY = 'BD';
const PHONE = /^01\d{9}$/;
const BANGLA_ZERO = 0x09e6;

/** The body of Steadfast's create_order. */
export interface SteadfastOrder {
  invoice: string;
  recipient_name: string;
  recipient_phone: string;
  recipient_address: string;
  cod_amount: number;
  note?: string;
  item_description?: string;
  total_lot: number;
}

/** An invoice has letters, digits, dashes and underscores. */
export function fitInvoice(number: string): string {
  return number.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, STEADFAST_LIMITS.invoice);
}

/** Letters that Steadfast replaces by spaces are replaced here, so that what we keep is what it prints. */
export function plainText(text: string): string {
  return text
    .replace(/[{}<>;$\p{Cc}]/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A number as people write it, in Bangladesh's eleven digits: country code, spaces and Bangla digits are put right. */
export function localPhone(typed: string): string {
  const digits = typed
    .replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - BANGLA_ZERO))
    .replace(/[\s()+.-]/g, '');
  return digits.replace(/^(?:00)?880?(?=1\d{9}$)/, '0');
}

/** The body as sent; `checkFields` has passed it. */
export function toSteadfastOrder({ reference, parcel, codAmountMinor }: BookingRequest): SteadfastOrder {
  const note = parcel.note ? plainText(parcel.note) : undefined;
  return {
    invoice: reference,
    recipient_name: plainText(parcel.recipientName),
    recipient_phone: localPhone(parcel.recipientPhone),
    recipient_address: plainText(parcel.address),
    cod_amount: codAmountMinor / 10 ** minorDigits(CURRENCY),
    ...(note ? { note } : {}),
    item_description: plainText(parcel.description).slice(0, STEADFAST_LIMITS.description),
    total_lot: parcel.units,
  };
}

/** Everything Steadfast would refuse or cut, as fields to mend. */
export function checkFields(request: BookingRequest): FieldError[] {
  const { reference, parcel } = request;
  const errors: FieldError[] = [];
  const refuse = (path: string, code: string, message: string): void => void errors.push({ path, code, message });
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(reference)) {
    refuse('reference', 'REFERENCE_MALFORMED', 'A reference has 1 to 100 letters, digits, dashes or underscores.');
  }
  const name = plainText(parcel.recipientName);
  if (!name) refuse('parcel.recipientName', 'RECIPIENT_NAME_MISSING', 'Give the name of the recipient.');
  if (name.length > STEADFAST_LIMITS.name) {
    refuse('parcel.recipientName', 'RECIPIENT_NAME_TOO_LONG', tooLong('A name', STEADFAST_LIMITS.name));
  }
  if (!parcel.recipientPhone.trim()) {
    refuse(
      'parcel.recipientPhone',
      'RECIPIENT_PHONE_MISSING',
      'The courier calls before it comes: give a phone number.',
    );
  } else if (!PHONE.test(localPhone(parcel.recipientPhone))) {
    const message = 'Steadfast calls numbers of Bangladesh: 11 digits that begin with 01, such as 01700000000.';
    refuse('parcel.recipientPhone', 'RECIPIENT_PHONE_INVALID', message);
  }
  const address = plainText(parcel.address);
  if (!address) refuse('parcel.address', 'ADDRESS_MISSING', 'Give the address to deliver to.');
  if (address.length > STEADFAST_LIMITS.address) {
    refuse('parcel.address', 'ADDRESS_TOO_LONG', tooLong('An address', STEADFAST_LIMITS.address));
  }
  if (parcel.country !== COUNTRY) {
    refuse(
      'parcel.country',
      'ADDRESS_NOT_SERVICEABLE',
      'Steadfast delivers in Bangladesh (BD) only. Use another courier.',
    );
  }
  if (plainText(parcel.note ?? '').length > STEADFAST_LIMITS.note) {
    refuse('parcel.note', 'NOTE_TOO_LONG', tooLong('A note to the rider', STEADFAST_LIMITS.note));
  }
  return [...errors, ...checkAmount(request)];
}

/** Riders collect whole taka; half a taka more or less would never be settled. */
function checkAmount({ codAmountMinor, currency }: BookingRequest): FieldError[] {
  const path = 'codAmountMinor';
  const unit = 10 ** minorDigits(CURRENCY);
  if (codAmountMinor === 0) return [];
  if (currency !== CURRENCY) {
    const message = `Steadfast collects taka (BDT), not ${currency}. Let the customer pay in another way.`;
    return [{ path, code: 'COD_CURRENCY_UNSUPPORTED', message }];
  }
  if (codAmountMinor % unit !== 0) {
    const due = formatMoney(codAmountMinor, currency);
    const message = `Steadfast collects whole taka, and ${due} is due. Settle the rest with a payment first, or use another courier.`;
    return [{ path, code: 'COD_NOT_WHOLE', message }];
  }
  if (codAmountMinor > COD_TAKA_MAX * unit) {
    const message = `Steadfast collects up to ${formatMoney(COD_TAKA_MAX * unit, CURRENCY)}. Take a part of it before.`;
    return [{ path, code: 'COD_TOO_LARGE', message }];
  }
  return [];
}

function tooLong(what: string, max: number): string {
  return `${what} has at most ${max} characters for Steadfast. Shorten it.`;
}

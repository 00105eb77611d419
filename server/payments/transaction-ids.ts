import { ValidationError } from '../platform/errors';

/** How wallets write their transaction ids; where samples vary, only what is certainly wrong is refused. */
const FORMATS: Readonly<Record<string, { pattern: RegExp; words: string }>> = {
  bkash: { pattern: /^[A-Z0-9]{10}$/, words: '10 letters and digits, such as DKK1A2B3C4' },
  nagad: { pattern: /^[A-Z0-9]{6,12}$/, words: '6 to 12 letters and digits, usually 8, such as 76AB12CD' },
  rocket: { pattern: /^\d{8,12}$/, words: '8 to 12 digits, usually 10, such as 7012345678' },
};

/** Banks and cards write ids of many kinds; they are kept as long as they can be typed again. */
const ANY_FORMAT = { pattern: /^[\x21-\x7e]{1,64}$/, words: '1 to 64 letters, digits and signs' };

const BANGLA_ZERO = 0x09e6;

/** As typed or pasted from a message: label, spaces, small letters and Bangla digits are put right. O and 0 are left alone. */
export function normaliseTransactionId(typed: string): string {
  return typed
    .replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - BANGLA_ZERO))
    .replace(/^\s*(trx|txn)\s*id\s*:?/i, '')
    .replace(/\s+/g, '')
    .toUpperCase();
}

/** True for methods whose payments are told apart by the wallet's transaction id. */
export function needsTransactionId(method: string): boolean {
  return method in FORMATS;
}

/** Throws 422 TRANSACTION_ID_MISSING or TRANSACTION_ID_MALFORMED. Returns the id as it is stored. */
export function readTransactionId(method: string, typed: string | undefined): string | null {
  const format = FORMATS[method];
  if (!typed) {
    if (!format) return null;
    throw refusal('TRANSACTION_ID_MISSING', `Give the ${method} transaction id: ${format.words}.`);
  }
  const id = normaliseTransactionId(typed);
  const { pattern, words } = format ?? ANY_FORMAT;
  if (!pattern.test(id)) {
    throw refusal('TRANSACTION_ID_MALFORMED', `"${id}" is no ${method} transaction id. It has ${words}.`);
  }
  return id;
}

function refusal(code: string, message: string): ValidationError {
  return new ValidationError(code, message, { errors: [{ path: 'transactionId', code, message }] });
}

import { createHmac, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** Older or newer messages are refused, so that a recorded one cannot be played again later. */
export const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = 'whsec_';
const SCHEME = 'v1,';

export interface SignedMessage {
  headers: IDataObject;
  /** The bytes as they came: parsing and writing JSON again would change them. */
  rawBody: Buffer | string;
}

/** Whether the message was signed with this secret, and lately (https://www.standardwebhooks.com). */
export function isGenuine({ headers, rawBody }: SignedMessage, secret: string, nowMs: number): boolean {
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const signatures = header(headers, 'webhook-signature').split(' ');
  const ageSeconds = Math.abs(nowMs / 1000 - Number(timestamp));
  if (id === '' || timestamp === '' || !(ageSeconds <= TOLERANCE_SECONDS)) return false;
  const key = Buffer.from(secret.replace(SECRET_PREFIX, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest();
  return signatures.some(
    (signature) => signature.startsWith(SCHEME) && equals(signature.slice(SCHEME.length), expected),
  );
}

function equals(signature: string, expected: Buffer): boolean {
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function header(headers: IDataObject, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

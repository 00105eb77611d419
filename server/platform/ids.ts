import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const TOKEN_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 32;
const BYTE_VALUES = 256;

/** A ULID, larger than every one made before it in this process, even within one millisecond. */
export const newId: () => string = monotonicFactory();

/**
 * A secret for links: letters and digits only, because mail programs cut a link off at a trailing dash and forms read a
 * plus as a space. 32 characters carry 190 bits.
 */
export function randomToken(length = TOKEN_LENGTH): string {
  // Bytes above the largest multiple of 62 would favour the first letters of the alphabet.
  const fair = BYTE_VALUES - (BYTE_VALUES % TOKEN_ALPHABET.length);
  let token = '';
  while (token.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && token.length < length) token += TOKEN_ALPHABET[byte % TOKEN_ALPHABET.length];
    }
  }
  return token;
}

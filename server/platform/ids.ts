import { randomBytes, randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const TOKEN_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 32;
const BYTE_VALUES = 256;

/** Asking the system for one byte costs as much as asking for a thousand. */
const chances = Buffer.alloc(1024);
let chancesUsed = chances.length;

/** At least 0 and less than 1, as `ulid` wants its letters drawn. */
function chance(): number {
  if (chancesUsed === chances.length) {
    randomFillSync(chances);
    chancesUsed = 0;
  }
  chancesUsed += 1;
  return (chances[chancesUsed - 1] as number) / BYTE_VALUES;
}

/** A ULID, larger than every one made before it in this process, even within one millisecond. */
export const newId: () => string = monotonicFactory(chance);

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

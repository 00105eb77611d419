/** Which postal codes a zone means. Pure. */

export type PostalPattern =
  | { kind: 'code'; code: string }
  | { kind: 'beginning'; beginning: string }
  /** Digits only, both ends of one length, both ends included. */
  | { kind: 'range'; from: string; to: string };

const RANGE = /^(\d{2,10})-(\d{2,10})$/;
const BEGINNING = /^[A-Z0-9]{1,9}\*$/;
const CODE = /^[A-Z0-9]{2,10}$/;
const PLAIN_PATTERN = /^[A-Z0-9*-]+$/;
const BENGALI_ZERO = 0x09e6;

/** One spelling for each code: capitals, Western digits, no spaces and hyphens. */
export function plainCode(code: string): string {
  return westernDigits(code)
    .toUpperCase()
    .replace(/[\s-]+/g, '');
}

/**
 * `1209`, `12*` or `1200-1299`; undefined for anything else, and for a range that ends before it begins. A hyphen is
 * that of a range: a code is written without.
 */
export function readPattern(text: string): PostalPattern | undefined {
  // Nearly all patterns are plain already, and an address is compared with thousands of them.
  const written = PLAIN_PATTERN.test(text) ? text : westernDigits(text).toUpperCase().replace(/\s+/g, '');
  if (CODE.test(written)) return { kind: 'code', code: written };
  if (BEGINNING.test(written)) return { kind: 'beginning', beginning: written.slice(0, -1) };
  const [, from, to] = RANGE.exec(written) ?? [];
  if (from === undefined || to === undefined || from.length !== to.length || from > to) return undefined;
  return from === to ? { kind: 'code', code: from } : { kind: 'range', from, to };
}

/** `code` as `plainCode` answers it. */
export function coversCode(pattern: PostalPattern, code: string): boolean {
  if (pattern.kind === 'code') return pattern.code === code;
  if (pattern.kind === 'beginning') return code.startsWith(pattern.beginning);
  const { from, to } = pattern;
  return code.length === from.length && /^\d+$/.test(code) && code >= from && code <= to;
}

/**
 * How many characters of a code a pattern fixes; the higher wins. A range of a hundred codes leaves two digits open.
 * A beginning counts half a character less, since codes of any length may follow it, so that only patterns of one
 * kind can be equal.
 */
export function precisionOf(pattern: PostalPattern): number {
  if (pattern.kind === 'code') return pattern.code.length;
  if (pattern.kind === 'beginning') return pattern.beginning.length - 0.5;
  return pattern.from.length - Math.log10(sizeOf(pattern));
}

/** How many codes lie in a range. */
export function sizeOf({ from, to }: { from: string; to: string }): number {
  return Number(to) - Number(from) + 1;
}

function westernDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u09e6-\u09ef]/g, (digit) => String((digit.codePointAt(0) ?? BENGALI_ZERO) - BENGALI_ZERO));
}

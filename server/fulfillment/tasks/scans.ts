import { foundChange, type LineChange, type LineProgress } from './task-progress';

export interface ScannableLine extends LineProgress {
  sku: string;
  barcode: string | null;
}

export type ScanResult<Line> =
  { result: 'ok'; line: Line; change: LineChange } | { result: 'too_many'; line: Line } | { result: 'not_here' };

/** EAN-8, UPC, EAN-13 and the code of a case: one numbering, written with or without leading zeros. */
const TRADE_ITEM_LENGTHS = [8, 12, 13, 14] as const;
const TRADE_ITEM_LENGTH_MAX = 14;

/**
 * Whether two codes name one product. Case does not matter; a UPC is the EAN with a zero in front, and
 * scanners send either.
 */
export function isSameCode(left: string, right: string): boolean {
  return plainCode(left) === plainCode(right);
}

/** Which line a scanned code counts on. Of several lines with the product, the first with room takes it. */
export function readScan<Line extends ScannableLine>(
  lines: readonly Line[],
  scan: { code: string; quantity: number },
): ScanResult<Line> {
  const matching = lines.filter(
    (line) => isSameCode(line.sku, scan.code) || (line.barcode !== null && isSameCode(line.barcode, scan.code)),
  );
  for (const line of matching) {
    const change = foundChange(line, scan.quantity);
    if (change) return { result: 'ok', line, change };
  }
  // The last one is named, since the earlier ones were filled before it.
  const full = matching.at(-1);
  return full ? { result: 'too_many', line: full } : { result: 'not_here' };
}

/** The ways one code may be written in the catalogue: as scanned, and with other numbers of leading zeros. */
export function codeSpellings(code: string): string[] {
  const plain = plainCode(code);
  const shorter = TRADE_ITEM_LENGTHS.map((length) => plain.slice(-length)).filter((short) => isSameCode(short, plain));
  return [...new Set([code.trim(), plain, ...shorter])];
}

function plainCode(code: string): string {
  const plain = code.trim().toUpperCase();
  return /^\d{8,14}$/.test(plain) ? plain.padStart(TRADE_ITEM_LENGTH_MAX, '0') : plain;
}

import { ConflictError } from '../../platform/errors';

/** Signs that people's programs write and printers' fonts lack, and what stands for them. */
const PLAIN_SIGNS: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '...',
};
/** Latin letters with their marks are in every label printer's own font; other scripts are not. */
const UNPRINTABLE = /[^\u0020-\u007e\u00a0-\u017f]/u;
/** `^` and `~` begin commands, `_` begins an escape. */
const COMMAND_SIGNS = new Set(['^', '~', '_']);
const FIRST_PRINTABLE_BYTE = 0x20;
const LAST_ASCII_BYTE = 0x7e;

/** A text with the signs a printer's font has: one line, plain quotes, and no backslash, which would break the line. */
export function plainText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[‘’“”–—‑…]/g, (sign) => PLAIN_SIGNS[sign] ?? sign)
    .replaceAll('\\', '/')
    .trim();
}

/** Refuses with 409 LABEL_NEEDS_PDF what a label printer would print as empty boxes: a parcel without an address. */
export function assertPrintable(texts: readonly string[]): void {
  for (const text of texts) {
    const [letter] = UNPRINTABLE.exec(text) ?? [];
    if (letter === undefined) continue;
    throw new ConflictError(
      'LABEL_NEEDS_PDF',
      `Label printers' own fonts have no "${letter}", so "${text}" would be lost. Print this label as PDF.`,
      { facts: { text, letter, format: 'pdf' } },
    );
  }
}

/** The data of a `^FD` after `^FH`: what ZPL would read as a command, and every byte beyond ASCII, as `_hex` (UTF-8). */
export function fieldData(text: string): string {
  return [...text].map(escaped).join('');
}

function escaped(character: string): string {
  const bytes = [...Buffer.from(character, 'utf8')];
  const isPlain = bytes.every((byte) => byte >= FIRST_PRINTABLE_BYTE && byte <= LAST_ASCII_BYTE);
  if (isPlain && !COMMAND_SIGNS.has(character)) return character;
  return bytes.map((byte) => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const READER = join(__dirname, 'read-pdf.mjs');

export interface PdfPage {
  widthPt: number;
  heightPt: number;
  text: string;
  /** Code 128 and QR codes, read from the page as an image. */
  codes: { format: string; text: string }[];
}

/** The pages of a PDF as a reader and a camera see them. */
export async function readPdf(content: Uint8Array): Promise<PdfPage[]> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-pdf-'));
  try {
    const file = join(folder, 'document.pdf');
    writeFileSync(file, content);
    const { stdout } = await promisify(execFile)(process.execPath, [READER, file], { encoding: 'utf8' });
    return JSON.parse(stdout) as PdfPage[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function codeOf(page: PdfPage | undefined, format: 'Code128' | 'QRCode'): string | undefined {
  return page?.codes.find((code) => code.format === format)?.text;
}

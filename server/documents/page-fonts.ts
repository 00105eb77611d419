import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesFolder } from '../platform/paths';

/** Which characters each file holds, so that one family name serves both scripts. */
const SCRIPTS = {
  bengali: 'U+0951-0952,U+0964-0965,U+0980-09FE,U+200C-200D,U+20B9,U+25CC',
  latin: 'U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-200B,U+200E-206F,U+20AC,U+2122,U+2212,U+2215',
} as const;
const WEIGHTS = [400, 700] as const;

let faces: string | undefined;

/** `@font-face` rules with the fonts inside: a page that is printed fetches nothing, and few servers have Bangla fonts. */
export function fontFaces(): string {
  faces ??= Object.entries(SCRIPTS)
    .flatMap(([script, range]) => WEIGHTS.map((weight) => faceOf(script, weight, range)))
    .join('\n');
  return faces;
}

function faceOf(script: string, weight: number, range: string): string {
  const file = join(templatesFolder, 'documents', 'fonts', `noto-sans-${script}-${weight}.woff2`);
  const content = readFileSync(file).toString('base64');
  return (
    `@font-face{font-family:"Noto Sans Orders";font-weight:${weight};unicode-range:${range};` +
    `src:url(data:font/woff2;base64,${content}) format("woff2")}`
  );
}

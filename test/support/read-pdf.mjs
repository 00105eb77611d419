import { createCanvas, DOMMatrix, ImageData, Path2D } from '@napi-rs/canvas';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/**
 * Reads a PDF as others would: its text, and the codes that a camera finds on each page at 300 dpi. It runs as a
 * program of its own, since these readers are modules that the test runner cannot load.
 */
const DOTS_PER_POINT = 300 / 72;
const require = createRequire(import.meta.url);
const pdfjs = dirname(require.resolve('pdfjs-dist/package.json'));

prepareZXingModule({
  overrides: { wasmBinary: readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')).buffer },
});
// The renderer must draw with the shapes of our canvas; otherwise it takes those of a copy of its own.
Object.assign(globalThis, { DOMMatrix, ImageData, Path2D });
const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
const data = new Uint8Array(readFileSync(process.argv[2]));
const document = await getDocument({
  data,
  standardFontDataUrl: `${join(pdfjs, 'standard_fonts')}/`,
  cMapUrl: `${join(pdfjs, 'cmaps')}/`,
}).promise;
const pages = [];
for (let number = 1; number <= document.numPages; number += 1) {
  pages.push(await readPage(await document.getPage(number)));
}
process.stdout.write(JSON.stringify(pages));

async function readPage(page) {
  const { width: widthPt, height: heightPt } = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: DOTS_PER_POINT });
  const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  await page.render({ canvas, canvasContext: canvas.getContext('2d'), viewport }).promise;
  const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = await readBarcodes(image, { formats: ['Code128', 'QRCode'], tryHarder: true });
  const { items } = await page.getTextContent();
  return {
    widthPt,
    heightPt,
    text: items.map((item) => `${item.str}${item.hasEOL ? '\n' : ''}`).join(''),
    codes: found.map(({ format, text }) => ({ format, text })),
  };
}

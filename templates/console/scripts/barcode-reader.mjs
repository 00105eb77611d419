/** Reads barcodes from a picture: by the browser itself where it can, else by a reader that we bring along. */
const { document } = globalThis;

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'qr_code'];
const BROUGHT = '/t/assets/reader/';
let reader;

/** A function from a video or canvas to the codes in it, each `{ rawValue, boundingBox }`; made once. */
export function barcodeReader() {
  reader ??= makeReader().catch((error) => {
    reader = undefined;
    throw error;
  });
  return reader;
}

async function makeReader() {
  const detector = (await ownDetector()) ?? (await broughtDetector());
  return (source) => detector.detect(source);
}

async function ownDetector() {
  const { BarcodeDetector } = globalThis;
  const known = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return FORMATS.every((format) => known.includes(format)) ? new BarcodeDetector({ formats: FORMATS }) : undefined;
}

async function broughtDetector() {
  await load(`${BROUGHT}ponyfill.js`);
  const { BarcodeDetector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
  prepareZXingModule({ overrides: { locateFile: (file) => `${BROUGHT}${file}` } });
  return new BarcodeDetector({ formats: FORMATS });
}

function load(address) {
  return new Promise((done, fail) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = done;
    script.onerror = () => fail(new Error(`${address} did not come.`));
    document.head.append(script);
  });
}

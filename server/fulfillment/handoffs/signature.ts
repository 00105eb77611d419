import { imageSize } from 'image-size';
import { ValidationError } from '../../platform/errors';

/** A drawn name is small; a photo of a passport is not asked for. */
export const SIGNATURE_MAX_BYTES = 200 * 1024;
const SIDE_MAX_PIXELS = 2000;
const DATA_URL = /^data:image\/png;base64,/;
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The picture as base64, whether it came as such or as a data address. Throws 422 SIGNATURE_TOO_LARGE or SIGNATURE_NOT_PNG. */
export function readSignature(given: string): string {
  const text = given.replace(DATA_URL, '');
  if ((text.length * 3) / 4 > SIGNATURE_MAX_BYTES) {
    throw refusal(
      'SIGNATURE_TOO_LARGE',
      `The signature has more than ${SIGNATURE_MAX_BYTES / 1024} kB. Draw it smaller.`,
    );
  }
  const png = Buffer.from(text, 'base64');
  if (!BASE64.test(text) || !isSmallPng(png)) {
    const message = `The signature is a PNG picture in base64, at most ${SIDE_MAX_PIXELS} pixels a side. Leave it out if there is none; the name is enough.`;
    throw refusal('SIGNATURE_NOT_PNG', message);
  }
  return text;
}

function isSmallPng(png: Buffer): boolean {
  if (!png.subarray(0, PNG_START.length).equals(PNG_START)) return false;
  try {
    const { type, width, height } = imageSize(png);
    return type === 'png' && width > 0 && height > 0 && width <= SIDE_MAX_PIXELS && height <= SIDE_MAX_PIXELS;
  } catch {
    return false;
  }
}

function refusal(code: string, message: string): ValidationError {
  return new ValidationError(code, message, { errors: [{ path: 'signature', code, message }] });
}

import type { Picture } from './pictures';

/**
 * A picture without what its camera wrote beside it: place, time, device. Only the way it must be turned is kept.
 * A file that does not go on as its format says is cut there, so nothing passes that was not understood.
 */
export function withoutMetadata(content: Buffer, { mediaType, orientation }: Picture): Buffer {
  if (mediaType === 'image/jpeg') return jpegWithout(content, orientation);
  return mediaType === 'image/png' ? pngWithout(content) : webpWithout(content);
}

const JPEG_START = 2;
const MARKER = { restartFirst: 0xd0, restartLast: 0xd7, end: 0xd9, scan: 0xda, comment: 0xfe } as const;
/** JFIF, colour profile and Adobe's colour transform are needed to show the picture. */
const SHOWN_BY = new Set([0xe0, 0xe2, 0xee]);

/** Phones hang a film or a second picture behind the end; what comes after it is left out. */
function jpegWithout(content: Buffer, orientation: number): Buffer {
  const kept = [content.subarray(0, JPEG_START)];
  if (orientation > 1) kept.push(orientationSegment(orientation));
  let at = JPEG_START;
  while (at + 4 <= content.length && content[at] === 0xff && content[at + 1] !== MARKER.end) {
    const marker = content[at + 1];
    const head = at + 2 + content.readUInt16BE(at + 2);
    const end = marker === MARKER.scan ? endOfScan(content, head) : head;
    if (!isMetadata(marker)) kept.push(content.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.from([0xff, MARKER.end])]);
}

function isMetadata(marker: number): boolean {
  const isApplication = marker >= 0xe0 && marker <= 0xef;
  return marker === MARKER.comment || (isApplication && !SHOWN_BY.has(marker));
}

/** Where the next marker stands; inside a scan, 0xff is followed by 0 or is a restart. */
function endOfScan(content: Buffer, from: number): number {
  for (let at = content.indexOf(0xff, from); at >= 0; at = content.indexOf(0xff, at + 1)) {
    const next = content[at + 1] ?? 0;
    const isRestart = next >= MARKER.restartFirst && next <= MARKER.restartLast;
    if (next !== 0 && next !== 0xff && !isRestart) return at;
  }
  return content.length;
}

/** An EXIF segment that says nothing but the orientation. */
function orientationSegment(orientation: number): Buffer {
  const tag = { id: 0x0112, short: 3, count: 1 };
  const body = Buffer.alloc(32);
  body.write('Exif\0\0MM', 0, 'latin1');
  body.writeUInt16BE(42, 8);
  body.writeUInt32BE(8, 10);
  body.writeUInt16BE(1, 14);
  body.writeUInt16BE(tag.id, 16);
  body.writeUInt16BE(tag.short, 18);
  body.writeUInt32BE(tag.count, 20);
  body.writeUInt16BE(orientation, 24);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const PNG_SIGNATURE_BYTES = 8;
const PNG_CHUNK_FRAME_BYTES = 12;
const PNG_DROPPED = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']);

function pngWithout(content: Buffer): Buffer {
  const kept = [content.subarray(0, PNG_SIGNATURE_BYTES)];
  let at = PNG_SIGNATURE_BYTES;
  while (at + PNG_CHUNK_FRAME_BYTES <= content.length) {
    const end = at + PNG_CHUNK_FRAME_BYTES + content.readUInt32BE(at);
    const name = content.toString('latin1', at + 4, at + 8);
    if (!PNG_DROPPED.has(name)) kept.push(content.subarray(at, end));
    if (name === 'IEND') break;
    at = end;
  }
  return Buffer.concat(kept);
}

const RIFF_HEAD_BYTES = 12;
const WEBP_DROPPED = new Set(['EXIF', 'XMP ']);
const WEBP_METADATA_FLAGS = 0b0000_1100;

function webpWithout(content: Buffer): Buffer {
  const kept = [Buffer.from(content.subarray(0, RIFF_HEAD_BYTES))];
  let at = RIFF_HEAD_BYTES;
  while (at + 8 <= content.length) {
    const length = content.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    const name = content.toString('latin1', at, at + 4);
    const chunk = Buffer.from(content.subarray(at, end));
    if (name === 'VP8X' && chunk.length > 8) chunk[8] &= ~WEBP_METADATA_FLAGS;
    if (!WEBP_DROPPED.has(name)) kept.push(chunk);
    at = end;
  }
  const clean = Buffer.concat(kept);
  clean.writeUInt32LE(clean.length - 8, 4);
  return clean;
}

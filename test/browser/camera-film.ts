import { writeFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { toBuffer } from 'bwip-js';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_PER_SECOND = 10;
/** Neither colour nor tint. */
const GREY = 128;

/** One scene of a film: a barcode in the picture, or the bare table. */
export interface Scene {
  seconds: number;
  code?: string;
  kind?: 'ean13' | 'qrcode';
}

/** Writes a film for the browser's camera (YUV4MPEG2), which plays it again and again. */
export async function writeFilm(file: string, scenes: readonly Scene[]): Promise<void> {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`)];
  for (const scene of scenes) {
    const frame = Buffer.concat([Buffer.from('FRAME\n'), await picture(scene)]);
    for (let n = 0; n < scene.seconds * FRAMES_PER_SECOND; n += 1) parts.push(frame);
  }
  writeFileSync(file, Buffer.concat(parts));
}

async function picture({ code, kind = 'ean13' }: Scene): Promise<Buffer> {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#d8d4cc';
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  if (code) {
    const options = { bcid: kind, text: code, scale: 4, padding: 8, backgroundcolor: 'FFFFFF' };
    const drawn = await loadImage(await toBuffer(kind === 'ean13' ? { ...options, height: 20 } : options));
    pen.drawImage(drawn, Math.round((WIDTH - drawn.width) / 2), Math.round((HEIGHT - drawn.height) / 2));
  }
  const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT);
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  for (let n = 0; n < luma.length; n += 1) {
    luma[n] = Math.round(0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2]);
  }
  return Buffer.concat([luma, Buffer.alloc((WIDTH * HEIGHT) / 2, GREY)]);
}

import { createCanvas } from '@napi-rs/canvas';
import { imageSize } from 'image-size';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectStatus, move } from '../support/shop';
import { type Body, lineOf, openPicking, orderInProcess, reach, startFloor } from './floor';

const CAMERA_WORDS = 'GPS 23.8103 N 90.4125 E';
const TURNED_BY_QUARTER = 6;
const MEGABYTE = 1_000_000;

/** A picture as a phone takes it: what the camera knew stands in front of it, also how it was held. */
function phonePhoto(width = 60, height = 40): Buffer {
  const plain = canvasOf(width, height).toBuffer('image/jpeg');
  const tiff = Buffer.alloc(26);
  tiff.write('MM', 0, 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(TURNED_BY_QUARTER, 18);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(CAMERA_WORDS)]);
  return Buffer.concat([plain.subarray(0, 2), segment(0xe1, exif), segment(0xfe, CAMERA_WORDS), plain.subarray(2)]);
}

function canvasOf(width: number, height: number) {
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#804020';
  pen.fillRect(0, 0, width, height);
  return canvas;
}

function segment(marker: number, content: Buffer | string): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, Buffer.from(content)]);
}

/** A picture of so many bytes: filled up with colour profiles, which are kept. */
function padded(size: number): Buffer {
  const plain = canvasOf(60, 40).toBuffer('image/jpeg');
  const segments: Buffer[] = [];
  for (let left = size - plain.length; left > 0;) {
    const next = Math.min(left, 50_000);
    segments.push(segment(0xe2, Buffer.alloc(next - 4, 1)));
    left -= next;
  }
  return Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
}

/** A PNG with a text chunk before its end. */
function wordyPng(): Buffer {
  const plain = canvasOf(8, 8).toBuffer('image/png');
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(CAMERA_WORDS.length, 0);
  frame.write('tEXt', 4, 'latin1');
  const chunk = Buffer.concat([frame, Buffer.from(CAMERA_WORDS), Buffer.alloc(4)]);
  const end = plain.length - 12;
  return Buffer.concat([plain.subarray(0, end), chunk, plain.subarray(end)]);
}

/** A WebP with a chunk of EXIF behind its picture. */
function wordyWebp(): Buffer {
  const plain = canvasOf(8, 8).toBuffer('image/webp');
  const frame = Buffer.alloc(8);
  frame.write('EXIF', 0, 'latin1');
  frame.writeUInt32LE(CAMERA_WORDS.length, 4);
  const file = Buffer.concat([plain, frame, Buffer.from(CAMERA_WORDS), Buffer.alloc(CAMERA_WORDS.length % 2)]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

function saidIn(html: string): string {
  return /<p id="said"[^>]*>([^<]*)/.exec(html)?.[1] ?? '';
}

describe.each(DATABASES)('photos of a task (%s)', (kind) => {
  let app: TestApp;
  let actions = 0;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(() => app.close());

  async function newTask(): Promise<Body> {
    return openPicking(app, (await orderInProcess(app)).id);
  }

  function post(task: Body, form: string, fields: Record<string, string | Buffer>): Promise<Response> {
    const body = new FormData();
    actions += 1;
    for (const [name, value] of Object.entries({ clientActionId: `photo-${actions}`, ...fields })) {
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, new Blob([new Uint8Array(value)]), 'C:\\evil\\photo.html');
    }
    return fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
  }

  async function photosOf(task: Body): Promise<Body[]> {
    return expectStatus(await app.get(`/tasks/${task.id}/photos`), 200).body.items as Body[];
  }

  it('are kept with what they show, without what the camera knew, and seen on the page and by the office', async () => {
    const task = await newTask();
    expect((await post(task, 'photo', { photo: phonePhoto(), note: 'box is wet' })).status).toBe(303);
    const [photo, ...others] = await photosOf(task);
    expect(others).toEqual([]);
    expect(photo).toMatchObject({
      lineId: null,
      mediaType: 'image/jpeg',
      width: 60,
      height: 40,
      note: 'box is wet',
      actorName: 'Karim Uddin',
    });
    expect((await app.get(`/tasks/${task.id}`)).body.photos).toEqual([{ id: photo.id, lineId: null, at: photo.at }]);

    const html = await (await fetch(reach(app, task.url))).text();
    expect(html).toContain(`photos/${photo.id}" alt="box is wet"`);
    const shown = await fetch(`${reach(app, task.url)}/photos/${photo.id}`);
    const office = await fetch(`${app.url}/api/v1/tasks/${task.id}/photos/${photo.id}`, {
      headers: { authorization: `Bearer ${app.apiKey}` },
    });
    for (const answer of [shown, office]) {
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-disposition')).toBe(`inline; filename="photo-${photo.id}.jpeg"`);
      const content = Buffer.from(await answer.arrayBuffer());
      expect(content.includes('GPS')).toBe(false);
      expect(imageSize(content)).toMatchObject({ width: 60, height: 40, orientation: TURNED_BY_QUARTER });
    }
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  it.each([
    ['PNG', wordyPng, 'image/png'],
    ['WebP', wordyWebp, 'image/webp'],
  ])('lose what was written into a %s', async (_kind, make, mediaType) => {
    const task = await newTask();
    expect(make().includes('GPS')).toBe(true);
    await post(task, 'photo', { photo: make(), note: '' });
    const [photo] = await photosOf(task);
    expect(photo.mediaType).toBe(mediaType);
    const content = Buffer.from(await (await fetch(`${reach(app, task.url)}/photos/${photo.id}`)).arrayBuffer());
    expect(content.includes('GPS')).toBe(false);
    expect(imageSize(content)).toMatchObject({ width: 8, height: 8 });
  });

  it('come with the report of what is missing, in one form', async () => {
    const task = await newTask();
    const { id: lineId } = lineOf(task, 'CUP-01');
    const fields = { lineId, reason: 'damaged', note: 'handle broken', photo: phonePhoto() };
    expect((await post(task, 'short', fields)).status).toBe(303);
    expect((await post(task, 'short', { ...fields, lineId: lineOf(task, 'TEA-01').id, photo: '' })).status).toBe(422);
    const { lines, photos } = (await app.get(`/tasks/${task.id}`)).body;
    expect(lines.find((line: Body) => line.id === lineId)).toMatchObject({ shortQuantity: 1, shortReason: 'damaged' });
    expect(photos).toEqual([expect.objectContaining({ lineId })]);
  });

  it('are kept once, however often one is sent', async () => {
    const task = await newTask();
    const fields = { photo: phonePhoto(), clientActionId: 'the-same' };
    const answers = await Promise.all([1, 2, 3].map(() => post(task, 'photo', fields)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await photosOf(task)).toHaveLength(1);
  });

  it('are ten at most', async () => {
    const task = await newTask();
    for (let n = 0; n < 10; n += 1) await post(task, 'photo', { photo: phonePhoto() });
    const eleventh = await post(task, 'photo', { photo: phonePhoto() });
    expect([eleventh.status, saidIn(await eleventh.text())]).toEqual([
      409,
      'This task has 10 photos, which is the most it can have.',
    ]);
    expect(await photosOf(task)).toHaveLength(10);
    const html = await (await fetch(reach(app, task.url))).text();
    expect(html).not.toContain('id="send-photo"');
  });

  it('may have eight megabytes', async () => {
    const task = await newTask();
    const most = padded(8 * MEGABYTE);
    expect(most).toHaveLength(8 * MEGABYTE);
    expect((await post(task, 'photo', { photo: most })).status).toBe(303);
    const [photo] = await photosOf(task);
    const shown = await fetch(`${reach(app, task.url)}/photos/${photo.id}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(most)).toBe(true);
  });

  it('end where the picture ends, since phones hang films and second pictures behind', async () => {
    const task = await newTask();
    const picture = canvasOf(30, 20).toBuffer('image/jpeg');
    await post(task, 'photo', { photo: Buffer.concat([picture, phonePhoto(), Buffer.from('ftypmp42')]) });
    const [photo] = await photosOf(task);
    const shown = await fetch(`${reach(app, task.url)}/photos/${photo.id}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(picture)).toBe(true);
  });

  const notAPicture = 'That file is not a picture. Take a photo, or choose a JPEG, PNG or WebP.';
  it.each([
    [
      'one that is too large',
      { photo: Buffer.alloc(8 * MEGABYTE + 1) },
      413,
      'The photo is too large; 8 MB is the most. Take a smaller one.',
    ],
    ['a page with a script', { photo: Buffer.from('<html><script>alert(1)</script></html>') }, 422, notAPicture],
    [
      'a drawing that may hold scripts',
      { photo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
      422,
      notAPicture,
    ],
    ['a picture that was cut', { photo: phonePhoto().subarray(0, 12) }, 422, notAPicture],
    ['an empty file', { photo: Buffer.alloc(0) }, 422, notAPicture],
    ['no file at all', {}, 422, 'Take a photo, or choose a picture.'],
    [
      'a note that is too long',
      { photo: phonePhoto(), note: 'x'.repeat(501) },
      422,
      'The note has at most 500 characters.',
    ],
  ])('refuse %s in one sentence on the page', async (_what, fields, status, sentence) => {
    const task = await newTask();
    const answer = await post(task, 'photo', fields as Record<string, string | Buffer>);
    const html = await answer.text();
    expect([answer.status, saidIn(html)]).toEqual([status, sentence]);
    expect(html).toContain('id="work"');
    expect(await photosOf(task)).toEqual([]);
  });

  it('refuse a form that broke off, or brings files that nobody asked for', async () => {
    const task = await newTask();
    const type = 'multipart/form-data; boundary=edge';
    const broken = '--edge\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\nabc';
    const stray = `--edge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nabc\r\n--edge--\r\n`;
    const send = async (headers: Record<string, string>, body: string): Promise<unknown[]> => {
      const answer = await fetch(`${reach(app, task.url)}/photo`, { method: 'POST', headers, body });
      return [answer.status, saidIn(await answer.text())];
    };
    const notWhole = 'The form did not arrive whole. Send it again.';
    expect(await send({ 'content-type': type }, broken)).toEqual([400, notWhole]);
    expect(await send({ 'content-type': 'multipart/form-data' }, broken)).toEqual([400, notWhole]);
    expect(await send({ 'content-type': type }, stray)).toEqual([
      413,
      'That was too much for one form. Send less, with one photo at a time.',
    ]);
    expect(await photosOf(task)).toEqual([]);
  });

  it('belong to their task: no other link, no cancelled task and nobody without rights gets at them', async () => {
    const [mine, other] = [await newTask(), await newTask()];
    await post(mine, 'photo', { photo: phonePhoto(), clientActionId: 'lost-answer' });
    const [photo] = await photosOf(mine);
    expect((await fetch(`${reach(app, other.url)}/photos/${photo.id}`)).status).toBe(404);
    expect((await app.get(`/tasks/${other.id}/photos/${photo.id}`)).body.code).toBe('PHOTO_NOT_FOUND');
    expect((await app.get(`/tasks/01UNKNOWN/photos`)).body.code).toBe('TASK_NOT_FOUND');
    expect((await app.get(`/tasks/${mine.id}/photos`, { apiKey: 'nobody' })).status).toBe(401);
    await move(app, mine.orderId, 'cancel', { reason: 'operational' });
    await app.settled();
    const again = await post(mine, 'photo', { photo: phonePhoto(), clientActionId: 'lost-answer' });
    expect(again.status).toBe(303);
    const late = await post(mine, 'photo', { photo: phonePhoto() });
    expect([late.status, saidIn(await late.text())]).toEqual([
      409,
      expect.stringContaining('This task was cancelled.'),
    ]);
    expect(await photosOf(mine)).toHaveLength(1);
    const over = await fetch(`${reach(app, mine.url)}/photos/${photo.id}`);
    expect([over.status, over.headers.get('content-type')]).toEqual([409, expect.stringContaining('text/html')]);
  });
});

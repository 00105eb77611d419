import type { CommandContext, ReadContext } from '../../platform/context';
import { ConflictError, NotFoundError, ValidationError } from '../../platform/errors';
import { workOnTasks } from '../rights';
import { assertOpen, lockTask } from '../tasks/find-tasks';
import { type TaskPhotoRow, taskPhotos } from './photos.models';
import { readPicture } from './pictures';
import { withoutMetadata } from './without-metadata';

/** Written in hexadecimal it still fits the 16 MiB that a MySQL packet may have at least. */
export const PHOTO_MAX_BYTES = 8_000_000;
export const PHOTOS_MAX = 10;

export interface NewPhoto {
  content: Buffer;
  lineId: string | null;
  note: string | null;
  clientActionId: string;
}

/** A photo as it is listed; its content is fetched by itself. */
export type ListedPhoto = Omit<TaskPhotoRow, 'bytes' | 'clientActionId'>;

/**
 * Keeps a picture with an open task; the same action again changes nothing.
 * Throws 409 TASK_CLOSED or PHOTOS_TOO_MANY, 422 NOT_A_PICTURE or LINE_NOT_FOUND.
 */
export async function addPhoto(ctx: CommandContext, taskId: string, photo: NewPhoto): Promise<void> {
  const { task, lines } = await lockTask(ctx, taskId, workOnTasks);
  const { content, lineId, note, clientActionId } = photo;
  const [{ known, count }] = await ctx.select<{ known: number | null; count: number }>(
    `SELECT SUM(client_action_id = :clientActionId) AS known, COUNT(*) AS count FROM task_photos
      WHERE task_id = :taskId`,
    { taskId, clientActionId },
  );
  if (Number(known) > 0) return;
  assertOpen(task);
  if (Number(count) >= PHOTOS_MAX) {
    throw new ConflictError('PHOTOS_TOO_MANY', `This task has ${PHOTOS_MAX} photos, which is the most it can have.`);
  }
  if (lineId !== null && !lines.some(({ id }) => id === lineId)) {
    throw new ValidationError('LINE_NOT_FOUND', 'There is no such line in this task. Open the task again.');
  }
  const picture = readPicture(content);
  if (!picture) {
    throw new ValidationError(
      'NOT_A_PICTURE',
      'That file is not a picture. Take a photo, or choose a JPEG, PNG or WebP.',
    );
  }
  const { mediaType, width, height } = picture;
  const bytes = withoutMetadata(content, picture);
  const id = ctx.newId();
  ctx.insert(taskPhotos, {
    id,
    taskId,
    lineId,
    mediaType,
    width,
    height,
    bytes,
    note,
    clientActionId,
    actorName: ctx.actor.name,
    at: ctx.now,
  });
  ctx.audit({
    action: 'task.photo',
    subjectType: 'task',
    subjectId: taskId,
    storeId: task.storeId,
    orderId: task.orderId,
    after: { photoId: id, lineId, mediaType, size: bytes.length },
    note: note ?? undefined,
  });
}

/** In the order they were taken. */
export function photosOf(ctx: ReadContext, taskId: string): Promise<ListedPhoto[]> {
  return ctx.select<ListedPhoto>(
    `SELECT id, task_id, line_id, media_type, width, height, note, actor_name, at FROM task_photos
      WHERE task_id = :taskId ORDER BY id`,
    { taskId },
  );
}

/** Throws 404 PHOTO_NOT_FOUND. */
export async function readPhoto(ctx: ReadContext, taskId: string, id: string): Promise<TaskPhotoRow> {
  return found(await ctx.get(taskPhotos, 'task_id = :taskId AND id = :id', { taskId, id }));
}

/** A photo of any task of the order, as whoever packs, checks or decides sees what others saw. Throws 404 PHOTO_NOT_FOUND. */
export async function readPhotoOfOrder(ctx: ReadContext, orderId: string, id: string): Promise<TaskPhotoRow> {
  const where = 'id = :id AND task_id IN (SELECT id FROM tasks WHERE order_id = :orderId)';
  return found(await ctx.get(taskPhotos, where, { id, orderId }));
}

function found(photo: TaskPhotoRow | undefined): TaskPhotoRow {
  if (photo) return photo;
  throw new NotFoundError('PHOTO_NOT_FOUND', 'There is no such photo here.');
}

export function fileNameOf({ id, mediaType }: Pick<TaskPhotoRow, 'id' | 'mediaType'>): string {
  return `photo-${id}.${mediaType.slice('image/'.length)}`;
}

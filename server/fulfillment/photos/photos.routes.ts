import { z } from 'zod';
import { FileReply, query, type Route } from '../../platform/http/route';
import { readTasks } from '../rights';
import { readTask } from '../tasks/find-tasks';
import { taskParams } from '../tasks/tasks.schema';
import { fileNameOf, type ListedPhoto, photosOf, readPhoto } from './photos.service';

const tag = 'fulfillment';
const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

const photoView = z.object({
  id: z.string(),
  /** The task's line that it shows; null for the task as a whole. */
  lineId: z.string().nullable(),
  mediaType: z.enum(PICTURE_TYPES),
  width: z.int(),
  height: z.int(),
  note: z.string().nullable(),
  actorName: z.string(),
  at: z.string(),
});

export const photoRoutes: Route[] = [
  query({
    method: 'get',
    path: '/tasks/:id/photos',
    tag,
    summary: 'The photos people took at a task',
    permission: readTasks,
    params: taskParams,
    response: z.object({ items: z.array(photoView) }),
    run: async (ctx, { params }) => {
      const { task } = await readTask(ctx, params.id);
      return { items: (await photosOf(ctx, task.id)).map(viewPhoto) };
    },
  }),
  query({
    method: 'get',
    path: '/tasks/:id/photos/:photoId',
    tag,
    summary: 'One photo as a picture',
    permission: readTasks,
    params: taskParams.extend({ photoId: z.string().max(26) }),
    response: z.string(),
    produces: PICTURE_TYPES,
    run: async (ctx, { params }) => {
      const { task } = await readTask(ctx, params.id);
      const photo = await readPhoto(ctx, task.id, params.photoId);
      return new FileReply(photo.bytes, { mediaType: photo.mediaType, fileName: fileNameOf(photo) });
    },
  }),
];

function viewPhoto({ taskId: _taskId, ...photo }: ListedPhoto): z.output<typeof photoView> {
  return photo;
}

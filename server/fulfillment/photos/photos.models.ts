import { defineTable } from '../../platform/database/table';
import type { PictureType } from './pictures';

/** A picture that somebody took of a task's goods; never changed. */
export interface TaskPhotoRow {
  id: string;
  taskId: string;
  /** The task's line that it shows; null for the task as a whole. */
  lineId: string | null;
  mediaType: PictureType;
  width: number;
  height: number;
  bytes: Buffer;
  note: string | null;
  clientActionId: string | null;
  actorName: string;
  at: string;
}

export const taskPhotos = defineTable<TaskPhotoRow>('task_photos');

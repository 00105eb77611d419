import { z } from 'zod';
import { ValidationError } from '../../platform/errors';
import { addPhoto } from '../photos/photos.service';
import { completeTask } from '../tasks/close-task';
import { type Act, taskConducts } from '../tasks/task-conduct';
import type { TaskKind } from '../tasks/task-kinds';
import { SHORT_REASONS } from '../tasks/task-progress';
import { clientActionId, CODE_MAX, LINE_NOTE_MAX, NOTE_MAX } from '../tasks/tasks.schema';
import { reportShort, scanCode, tickLine, undoLast } from '../tasks/work-on-task';

const lineId = z.string().max(26);
const lineNote = z.string().trim().max(LINE_NOTE_MAX, `The note has at most ${LINE_NOTE_MAX} characters.`).default('');
const photo = z.instanceof(Buffer, { error: 'Take a photo, or choose a picture.' });

const forms = {
  scan: z.object({
    code: z.string().trim().min(1, 'Scan or type a code.').max(CODE_MAX, 'That code is too long.'),
    clientActionId,
  }),
  tick: z.object({ lineId, quantity: z.enum(['one', 'all']), clientActionId }),
  short: z.object({
    lineId,
    reason: z.enum(SHORT_REASONS, { error: 'Choose why it is missing.' }),
    note: lineNote,
    photo: photo.optional(),
    clientActionId,
  }),
  photo: z.object({ photo, note: lineNote, clientActionId }),
  undo: z.object({ clientActionId }),
  finish: z.object({
    confirmed: z.literal('yes', { error: 'Tick the box to confirm, then finish.' }),
    note: z.string().trim().max(NOTE_MAX, `The note has at most ${NOTE_MAX} characters.`).default(''),
    clientActionId,
  }),
};

/** What each form of the page does. */
const acts: Readonly<Record<string, (fields: unknown) => Act>> = {
  scan: (fields) => {
    const { code, clientActionId: action } = readFields(forms.scan, fields);
    return async (ctx, id) => (await scanCode(ctx, id, { code, quantity: 1, clientActionId: action })).line.id;
  },
  tick: (fields) => {
    const tick = readFields(forms.tick, fields);
    return async (ctx, id) => {
      await tickLine(ctx, id, tick);
      return tick.lineId;
    };
  },
  short: (fields) => {
    const { photo: content, ...given } = readFields(forms.short, fields);
    const shortage = { ...given, note: given.note || null };
    return async (ctx, id) => {
      await reportShort(ctx, id, shortage);
      if (content) await addPhoto(ctx, id, { ...shortage, content });
      return shortage.lineId;
    };
  },
  photo: (fields) => {
    const { photo: content, note, clientActionId: action } = readFields(forms.photo, fields);
    return async (ctx, id) => {
      await addPhoto(ctx, id, { content, lineId: null, note: note || null, clientActionId: action });
      return undefined;
    };
  },
  undo: (fields) => {
    const { clientActionId: action } = readFields(forms.undo, fields);
    return async (ctx, id) => {
      await undoLast(ctx, id, action);
      return undefined;
    };
  },
  finish: (fields) => {
    const { note, clientActionId: action } = readFields(forms.finish, fields);
    return async (ctx, id, urls) => {
      await completeTask(ctx, urls, id, { note: note || undefined, clientActionId: action });
      return undefined;
    };
  },
};

/** What a posted form does; undefined when the page has no such form. Throws 422 FORM_INCOMPLETE. */
export function readForm(kind: TaskKind, name: string, fields: unknown): Act | undefined {
  const forms = { ...acts, ...taskConducts.of(kind).forms };
  return Object.hasOwn(forms, name) ? forms[name](fields) : undefined;
}

/** A form's fields as its schema has them. Throws 422 FORM_INCOMPLETE with the first thing to mend. */
export function readFields<S extends z.ZodType>(schema: S, fields: unknown): z.output<S> {
  const result = schema.safeParse(fields ?? {});
  if (result.success) return result.data;
  throw new ValidationError('FORM_INCOMPLETE', result.error.issues[0]?.message ?? 'Fill in the form.');
}

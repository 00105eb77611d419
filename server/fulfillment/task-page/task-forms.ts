import { z } from 'zod';
import type { CommandContext } from '../../platform/context';
import { ValidationError } from '../../platform/errors';
import { completeTask } from '../tasks/close-task';
import type { TaskUrls } from '../tasks/task-links';
import { SHORT_REASONS } from '../tasks/task-progress';
import { clientActionId, CODE_MAX, LINE_NOTE_MAX, NOTE_MAX } from '../tasks/tasks.schema';
import { reportShort, scanCode, tickLine, undoLast } from '../tasks/work-on-task';

/** Does what a form asks; answers the line it was about, if one. */
export type Act = (ctx: CommandContext, taskId: string, urls: TaskUrls) => Promise<string | undefined>;

const lineId = z.string().max(26);

const forms = {
  scan: z.object({
    code: z.string().trim().min(1, 'Scan or type a code.').max(CODE_MAX, 'That code is too long.'),
    clientActionId,
  }),
  tick: z.object({ lineId, quantity: z.enum(['one', 'all']), clientActionId }),
  short: z.object({
    lineId,
    reason: z.enum(SHORT_REASONS, { error: 'Choose why it is missing.' }),
    note: z.string().trim().max(LINE_NOTE_MAX, `The note has at most ${LINE_NOTE_MAX} characters.`),
    clientActionId,
  }),
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
    const { code, clientActionId: action } = read(forms.scan, fields);
    return async (ctx, id) => (await scanCode(ctx, id, { code, quantity: 1, clientActionId: action })).line.id;
  },
  tick: (fields) => {
    const tick = read(forms.tick, fields);
    return async (ctx, id) => {
      await tickLine(ctx, id, tick);
      return tick.lineId;
    };
  },
  short: (fields) => {
    const shortage = read(forms.short, fields);
    return async (ctx, id) => {
      await reportShort(ctx, id, { ...shortage, note: shortage.note || null });
      return shortage.lineId;
    };
  },
  undo: (fields) => {
    const { clientActionId: action } = read(forms.undo, fields);
    return async (ctx, id) => {
      await undoLast(ctx, id, action);
      return undefined;
    };
  },
  finish: (fields) => {
    const { note, clientActionId: action } = read(forms.finish, fields);
    return async (ctx, id, urls) => {
      await completeTask(ctx, urls, id, { note: note || undefined, clientActionId: action });
      return undefined;
    };
  },
};

/** What a posted form does; undefined when the page has no such form. Throws 422 FORM_INCOMPLETE. */
export function readForm(name: string, fields: unknown): Act | undefined {
  return Object.hasOwn(acts, name) ? acts[name](fields) : undefined;
}

function read<S extends z.ZodType>(schema: S, fields: unknown): z.output<S> {
  const result = schema.safeParse(fields ?? {});
  if (result.success) return result.data;
  throw new ValidationError('FORM_INCOMPLETE', result.error.issues[0]?.message ?? 'Fill in the form.');
}

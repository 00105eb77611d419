import { z } from 'zod';
import type { CommandContext } from '../../platform/context';
import { readFields } from '../task-page/task-forms';
import type { TaskUrls } from '../tasks/task-links';
import { SHORT_REASONS } from '../tasks/task-progress';
import { clientActionId, CODE_MAX, LINE_NOTE_MAX, NOTE_MAX } from '../tasks/tasks.schema';
import { finishWave } from './close-wave';
import { sort, undoInWave } from './sort-wave';
import type { WaveActionRow } from './waves.models';
import { collect, type Handling, putWaveBack, reportWaveShort } from './work-on-wave';

export const WAVE_STEPS = ['collect', 'sort'] as const;
export type WaveStep = (typeof WAVE_STEPS)[number];

/** Does what a posted form asks; answers what was written down, so that the page can say it. */
export type WaveAct = (ctx: CommandContext, waveId: string, urls: TaskUrls) => Promise<WaveActionRow | undefined>;

const lineId = z.string().max(26);
const note = (most: number) => z.string().trim().max(most, `The note has at most ${most} characters.`).default('');
const code = z.string().trim().min(1, 'Scan or type a code.').max(CODE_MAX, 'That code is too long.');

const forms = {
  // A scan is told from a tick by the code, so that the sentence about a missing code is the code's own.
  scan: z.object({ code, clientActionId }),
  tick: z.object({ lineId, quantity: z.enum(['one', 'all']), clientActionId }),
  short: z.object({
    lineId,
    reason: z.enum(SHORT_REASONS, { error: 'Choose why it is missing.' }),
    note: note(LINE_NOTE_MAX),
    clientActionId,
  }),
  putBack: z.object({ lineId, clientActionId }),
  undo: z.object({ clientActionId }),
  finish: z.object({
    confirmed: z.literal('yes', { error: 'Tick the box to confirm, then finish.' }),
    note: note(NOTE_MAX),
    clientActionId,
  }),
};

type Counted =
  { code: string; clientActionId: string } | { lineId: string; quantity: 'one' | 'all'; clientActionId: string };

function readCounted(fields: unknown): Handling {
  const isTick = typeof fields === 'object' && fields !== null && 'lineId' in fields;
  const given: Counted = isTick ? readFields(forms.tick, fields) : readFields(forms.scan, fields);
  return { ...given, quantity: 'quantity' in given && given.quantity === 'all' ? 'all' : 1 };
}

/** What each form of the page does. */
const acts: Readonly<Record<string, (fields: unknown) => WaveAct>> = {
  collect: (fields) => {
    const given = readCounted(fields);
    return (ctx, id) => collect(ctx, id, given);
  },
  sort: (fields) => {
    const given = readCounted(fields);
    return (ctx, id) => sort(ctx, id, given);
  },
  short: (fields) => {
    const shortage = readFields(forms.short, fields);
    return (ctx, id) => reportWaveShort(ctx, id, { ...shortage, note: shortage.note || null });
  },
  'put-back': (fields) => {
    const given = readFields(forms.putBack, fields);
    return (ctx, id) => putWaveBack(ctx, id, given);
  },
  undo: (fields) => {
    const { clientActionId: action } = readFields(forms.undo, fields);
    return (ctx, id) => undoInWave(ctx, id, action);
  },
  finish: (fields) => {
    const { note: words, clientActionId: action } = readFields(forms.finish, fields);
    return async (ctx, id, urls) => {
      await finishWave(ctx, urls, id, { note: words || undefined, clientActionId: action });
      return undefined;
    };
  },
};

/** What a posted form does; undefined when the page has no such form. Throws 422 FORM_INCOMPLETE. */
export function readWaveForm(name: string, fields: unknown): WaveAct | undefined {
  return Object.hasOwn(acts, name) ? acts[name]?.(fields) : undefined;
}

/** Where the page goes on: where it was, as the form says, else where the form belongs. */
export function stepAfter(form: string, fields: unknown): WaveStep {
  const { step } = (fields ?? {}) as { step?: unknown };
  const named = [step, form].find((one) => WAVE_STEPS.includes(one as WaveStep));
  return (named as WaveStep | undefined) ?? 'collect';
}

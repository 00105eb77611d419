import { z } from 'zod';
import { ValidationError } from '../../platform/errors';
import type { CommandContext, ReadContext } from '../../platform/context';
import { newId } from '../../platform/ids';
import { completeTask } from '../tasks/close-task';
import type { TaskState } from '../tasks/find-tasks';
import type { Act, Asked, PagePart, RefusedForm, TaskConduct } from '../tasks/task-conduct';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { clientActionId, LINE_NOTE_MAX, NOTE_MAX } from '../tasks/tasks.schema';
import { readFields } from '../task-page/task-forms';
import { COUNT_ON_JOB } from './count-on';
import { countLinesOf, endCountLines, waitingOf } from './join-count';
import { lockCounting } from './lock-counts';
import { addCountLines } from './open-count';
import { placesOfLines, placesOfSkus } from './places';
import { type Counted, finishCount } from './record-count';
import { shelvesIn } from './shelves-in';

export const COUNTED_MAX = 1_000_000;

/** Counting: blind, so that nobody writes down what the record says. */
export const countConduct: TaskConduct = {
  finish: finishCount,
  cancel: endCount,
  about: ({ details }) => shelvesIn(details?.products),
  page: countPage,
  forms: { count: countForm },
  asked: askedToCount,
  closed: ({ status, result }) => {
    if (status !== 'done') return undefined;
    return result?.count === 'differs'
      ? 'Counted, thank you. A manager looks at what differs. There is nothing more to do.'
      : 'Counted, thank you. The shelf is as the record says.';
  },
};

/** Whoever cancels a count does so for its own order; the others that wait for it go on waiting, for another. */
async function endCount(ctx: CommandContext, { state: { task } }: { state: TaskState }): Promise<void> {
  endCountLines(ctx, task.id);
  const waiting = await waitingOf(ctx, [task.id]);
  if (waiting.some(({ orderId }) => orderId !== task.orderId)) ctx.enqueue(COUNT_ON_JOB, { taskId: task.id });
}

async function countPage(
  ctx: ReadContext,
  { task, refused }: { task: TaskRow; refused?: RefusedForm },
): Promise<PagePart> {
  const typed = refused?.fields ?? {};
  const lines = await countLinesOf(ctx, task.id);
  return {
    partial: 'count',
    style: 'count',
    hidesLines: true,
    hidesFinish: true,
    most: COUNTED_MAX,
    noteMax: LINE_NOTE_MAX,
    actionId: newId(),
    lines: lines.map(({ id, name, sku, shelf }) => {
      return { id, name, sku, shelf, typed: typed[`counted_${id}`] ?? '', typedNote: typed[`note_${id}`] ?? '' };
    }),
  };
}

const countFields = z.looseObject({ clientActionId });

function countForm(fields: unknown): Act {
  const { clientActionId: actionId, ...given } = readFields(countFields, fields);
  return async (ctx, taskId, urls) => {
    const lines = await countLinesOf(ctx, taskId);
    const counted = lines.map(({ id, name }): Counted => {
      const note = textOf(given[`note_${id}`]).slice(0, LINE_NOTE_MAX);
      return { id, counted: numberOf(name, textOf(given[`counted_${id}`])), note: note || null };
    });
    const note = textOf(given.note).slice(0, NOTE_MAX);
    const input = { allDone: true, note: note || undefined, clientActionId: actionId };
    await completeTask(ctx, urls, taskId, input, { counted });
    return undefined;
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) <= COUNTED_MAX) return Number(text);
  const message = text
    ? `${name}: type a whole number of units, at most ${COUNTED_MAX}.`
    : `${name}: type how many lie on the shelf; 0 if none.`;
  throw new ValidationError('FORM_INCOMPLETE', message);
}

/** Somebody asks for a count: of these products, or of all of the order's; an open count takes them in. */
async function askedToCount(ctx: CommandContext, { order, state, input, isNew }: Asked): Promise<TaskRow> {
  if (!isNew && !(input.skus && state.task.openMarker === 1)) return state.task;
  const places = input.skus
    ? await placesOfSkus(ctx, order.order.storeId, input.skus)
    : await placesOfLines(ctx, order);
  const lines = places.map((place) => ({ ...place, reason: 'asked' as const, missingUnits: 0 }));
  const counting = await lockCounting(ctx, order.order.id, lines);
  // Read anew under the lock: another order may have joined it since.
  const held = counting.open.find(({ id }) => id === state.task.id);
  if (!held) return state.task;
  const task = (await addCountLines(ctx, held, { lines, causeId: null }, counting)) ?? held;
  if (!isNew || !input.instructions) return task;
  const instructions = `${input.instructions}\n${task.instructions}`.slice(0, 2000);
  await ctx.update(tasks, { instructions }, 'id = :id', { id: task.id });
  return { ...task, instructions };
}

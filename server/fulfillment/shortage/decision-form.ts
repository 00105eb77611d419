import { z } from 'zod';
import { businessDayBounds } from '../../accounting';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { ConflictError, ValidationError } from '../../platform/errors';
import { viewShortage } from '../../orders';
import { completeTask } from '../tasks/close-task';
import { readTask } from '../tasks/find-tasks';
import type { Act } from '../tasks/task-conduct';
import { clientActionId, NOTE_MAX } from '../tasks/tasks.schema';
import { readFields } from '../task-page/task-forms';

const WORDS_MAX = 500;
const word = z.string().trim().max(WORDS_MAX, `Write at most ${WORDS_MAX} characters.`).default('');

const form = z
  .object({
    note: z.string().trim().max(NOTE_MAX, `The note has at most ${NOTE_MAX} characters.`).default(''),
    clientActionId,
  })
  .catchall(z.unknown());

/** What the page asks of one line; field names end in the line's id. */
const lineForm = z.object({
  seen: z.coerce.number().int(),
  answer: z.enum(['backorder', 'substitute', 'refund'], { error: 'Choose what becomes of each line.' }),
  expected: z.union([z.literal(''), z.iso.date('Write the date as 2026-11-30.')]).default(''),
  choice: z.string().max(120).default(''),
  consent: z.string().max(8).default(''),
  how: word,
  override: word,
});

/** SKU, price policy and the difference that was shown, as the value of one choice. */
const CHOICE = /^([A-Za-z0-9._-]{1,64})\|(keep|new)\|(-?\d{1,15})$/;

export function choiceValue(sku: string, pricePolicy: string, differenceMinor: number): string {
  return `${sku}|${pricePolicy}|${differenceMinor}`;
}

/** An answer for each line that was shown. Throws 422 FORM_INCOMPLETE, 409 SHORTAGE_CHANGED, and what answers refuse. */
export function decideForm(fields: unknown): Act {
  const { note, clientActionId: action, ...rest } = readFields(form, fields);
  const ids = Object.keys(rest).flatMap((name) => (name.startsWith('seen_') ? [name.slice('seen_'.length)] : []));
  const filled = ids.map((id) => ({ id, ...readFields(lineForm, fieldsOf(rest, id)) }));
  return async (ctx, taskId, urls) => {
    const { task } = await readTask(ctx, taskId);
    // A double click finds the task closed and is answered by it.
    if (!task.closedAt) await assertSeen(ctx, task.orderId, filled);
    const zone = await storeSettings(ctx, task.storeId);
    const lines = filled.map((line) => ({ id: line.id, resolution: line.answer, ...answerOf(line, zone) }));
    const input = { allDone: true, note: note || undefined, clientActionId: action };
    const reason = note.length >= 3 ? note.slice(0, WORDS_MAX) : undefined;
    await completeTask(ctx, urls, taskId, input, { lines: lines.length > 0 ? lines : undefined, reason });
    return undefined;
  };
}

function fieldsOf(fields: Record<string, unknown>, id: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(lineForm.shape).flatMap((name) =>
      fields[`${name}_${id}`] === undefined ? [] : [[name, fields[`${name}_${id}`]]],
    ),
  );
}

/** The money on the page was for what was missing then. */
async function assertSeen(
  ctx: CommandContext,
  orderId: string,
  filled: readonly { id: string; seen: number }[],
): Promise<void> {
  const { lines } = await viewShortage(ctx, orderId);
  const now = new Map(lines.map(({ id, missingQuantity }) => [id, missingQuantity]));
  const same = lines.length === filled.length && filled.every(({ id, seen }) => now.get(id) === seen);
  if (same) return;
  throw new ConflictError(
    'SHORTAGE_CHANGED',
    'What is missing has changed since you opened the page. Look again: it shows what is missing now.',
  );
}

type Filled = z.output<typeof lineForm>;

function answerOf(line: Filled, zone: { timezone: string; dayEndsAt: string }): Record<string, unknown> {
  if (line.answer === 'refund') return {};
  if (line.answer === 'backorder') {
    return line.expected === '' ? {} : { expectedAt: businessDayBounds(line.expected, zone).to };
  }
  const [, sku, pricePolicy, difference] = CHOICE.exec(line.choice) ?? [];
  if (sku === undefined) throw new ValidationError('FORM_INCOMPLETE', 'Choose what is sent instead.');
  if (line.consent !== 'yes') {
    return { sku, pricePolicy, ...(line.override === '' ? {} : { override: { reason: line.override } }) };
  }
  if (line.how.length < 2) throw new ValidationError('FORM_INCOMPLETE', 'Say how the customer agreed.');
  const upToMinor = Math.max(0, Number(difference));
  return { sku, pricePolicy, consent: { given: true, how: line.how.slice(0, 200), upToMinor } };
}

import { z } from 'zod';
import { ADJUSTMENT_REASONS } from '../../inventory';
import { words } from '../../orders';
import { clientActionId, key, LINE_NOTE_MAX, NOTE_MAX } from '../tasks/tasks.schema';
import { COUNTED_MAX } from './count-conduct';
import { STOCK_DECISIONS } from './decide-stock';

const LINES_MAX = 200;

const note = words('note', NOTE_MAX).optional();

const countedLine = z.strictObject({
  id: key('id, the line’s id in details.products of the task', 26),
  counted: z
    .int('counted is a whole number of units.')
    .min(0, 'counted cannot be negative.')
    .max(COUNTED_MAX, `counted is at most ${COUNTED_MAX}.`),
  note: words('note', LINE_NOTE_MAX).optional(),
});

export const countInput = z.strictObject({
  lines: z
    .array(countedLine, { error: 'lines is a list of what was counted.' })
    .max(LINES_MAX, `lines has at most ${LINES_MAX} entries.`)
    .refine(
      (list) => new Set(list.map(({ id }) => id)).size === list.length,
      'lines names a line twice; send it once.',
    ),
  note,
  clientActionId: clientActionId.optional(),
});

const decision = z.enum(STOCK_DECISIONS, { error: `decision is one of ${STOCK_DECISIONS.join(', ')}.` });
const reason = z.enum(ADJUSTMENT_REASONS, { error: `reason is one of ${ADJUSTMENT_REASONS.join(', ')}.` }).optional();

const choice = z.strictObject({
  id: key('id, the finding’s id', 26),
  decision,
  reason,
  seenUnits: z.int('seenUnits is a whole number.').optional(),
});

/** One decision for everything that was found, or one for each. */
export const decisionInput = z
  .strictObject({
    decision: decision.optional(),
    reason,
    choices: z.array(choice).min(1, 'choices has at least one entry.').max(LINES_MAX).optional(),
    note,
    clientActionId: clientActionId.optional(),
  })
  .refine((input) => (input.decision === undefined) !== (input.choices === undefined), {
    path: ['decision'],
    error: 'Give decision for everything that was found, or choices, one for each.',
  });

const units = z.int();
const maybeUnits = units.nullable();
const maybeText = z.string().nullable();
// prettier-ignore
export const findingView = z.object({
  id: z.string(), kind: z.enum(['difference', 'damaged', 'expired']), productId: z.string(), sku: z.string(),
  name: z.string(), shelf: maybeText, onHand: maybeUnits, inHand: maybeUnits, setForWriteOff: maybeUnits,
  counted: maybeUnits, units, unitsNow: units, valueMinor: units, note: maybeText, foundBy: z.string(),
  foundAt: z.string(), status: z.enum(['proposed', 'accepted', 'recount', 'left']), reason: maybeText,
  appliedUnits: maybeUnits, adjustmentId: maybeText, decidedBy: maybeText, decidedAt: maybeText,
});
export const findingList = z.object({ items: z.array(findingView), nextCursor: z.null() });

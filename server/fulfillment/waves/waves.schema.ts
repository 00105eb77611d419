import { z } from 'zod';
import { words } from '../../orders';
import { listOf, pageQuery } from '../../platform/http/paging';
import { TASK_OUTCOMES, TASK_STATUSES } from '../tasks/task-moves';
import { SHORT_REASONS } from '../tasks/task-progress';
import {
  assignInput, clientActionId, CODE_MAX, eventField, key, LINE_NOTE_MAX, NOTE_MAX, nothing, undoInput,
} from '../tasks/tasks.schema'; // prettier-ignore

/** What one person can have in slots around a trolley. */
const ORDERS_MAX = 100;
const QUANTITY_MAX = 1_000_000;
const PICKED_STATUSES = ['confirmed', 'processing'] as const;

const limit = z
  .int('limit is a whole number.')
  .min(1, 'limit is at least 1.')
  .max(ORDERS_MAX, `A wave has at most ${ORDERS_MAX} orders.`)
  .default(ORDERS_MAX);
const statuses = z
  .array(z.enum(PICKED_STATUSES, { error: `status lists ${PICKED_STATUSES.join(' and ')}.` }))
  .min(1, 'status has at least one entry.')
  .default([...PICKED_STATUSES]);

export const waveInput = z
  .strictObject({
    orderIds: z
      .array(key('an order’s id or number:1001', 80))
      .min(1, 'orderIds has at least one entry.')
      .max(ORDERS_MAX, `A wave has at most ${ORDERS_MAX} orders.`)
      .optional(),
    filter: z.strictObject({ status: statuses, limit }).optional(),
    storeId: key('storeId', 26).optional(),
    ...assignInput.shape,
    /** Confirmed orders are moved to processing by it. */
    startsProcessing: z.boolean({ error: 'startsProcessing is true or false.' }).default(true),
    event: eventField.optional(),
  })
  .refine(({ orderIds, filter }) => !(orderIds && filter), {
    path: ['filter'],
    message: 'Send orderIds or filter, not both.',
  })
  .transform(({ filter, ...input }) => ({
    ...input,
    filter: filter ?? { status: [...PICKED_STATUSES], limit: ORDERS_MAX },
  }));
export type WaveInput = z.output<typeof waveInput>;

const meant = {
  code: key('code, as it was scanned', CODE_MAX).optional(),
  lineId: key('lineId, the line’s id in the wave', 26).optional(),
  quantity: z.int('quantity is a whole number.').min(1, 'quantity is at least 1.').max(QUANTITY_MAX).optional(),
  /** Collecting: all that is open. Sorting: all that is in hand. */
  all: z.boolean({ error: 'all is true or false.' }).optional(),
  clientActionId: clientActionId.optional(),
};

type Meant = { code?: string; lineId?: string; quantity?: number; all?: boolean };
const namesOne = ({ code, lineId }: Meant): boolean => (code === undefined) !== (lineId === undefined);
const countsOnce = ({ quantity, all }: Meant): boolean => !(all && quantity !== undefined);
const oneOfBoth = { path: ['code'], message: 'Send code or lineId, one of them.' };
const notBoth = { path: ['quantity'], message: 'Send quantity or all, not both.' };

export const collectInput = z.strictObject(meant).refine(namesOne, oneOfBoth).refine(countsOnce, notBoth);
export const sortInput = z
  .strictObject({ ...meant, slot: z.int('slot is a whole number.').min(1, 'Slots count from 1.').optional() })
  .refine(namesOne, oneOfBoth)
  .refine(countsOnce, notBoth);

export const waveShortInput = z.strictObject({
  lineId: key('lineId, the line’s id in the wave', 26),
  reason: z.enum(SHORT_REASONS, { error: `reason is one of ${SHORT_REASONS.join(', ')}.` }),
  note: words('note', LINE_NOTE_MAX).optional(),
  clientActionId: clientActionId.optional(),
});
export const putBackInput = z.strictObject({
  lineId: key('lineId, the line’s id in the wave', 26),
  clientActionId: clientActionId.optional(),
});
export const finishInput = z.strictObject({
  /** All that was not given up on lies in its slot, and what was too much on its shelf; said on purpose. */
  allDone: z.boolean({ error: 'allDone is true or false.' }).optional(),
  note: words('note', NOTE_MAX).optional(),
  clientActionId: clientActionId.optional(),
});
export type FinishInput = z.output<typeof finishInput>;
export const cancelInput = z.strictObject({ note: words('note', NOTE_MAX).optional() });
/** A wave has its person: who only gives more time, or says nothing, does not mean somebody else. */
export const handOverInput = assignInput.refine((given) => Object.values(given).some((value) => value !== undefined), {
  path: ['assigneeEmail'],
  message: 'Give assigneeEmail or role to name who gets the wave, or dueAt to give more time to who has it.',
});
export { nothing, undoInput };

export const waveParams = z.strictObject({ id: z.string().max(26) });
export const waveQuery = pageQuery.extend({
  status: z.enum(TASK_STATUSES, { error: `status is one of ${TASK_STATUSES.join(', ')}.` }).optional(),
});
export type WaveQuery = z.output<typeof waveQuery>;

const quantity = z.int();
const maybeText = z.string().nullable();
// prettier-ignore
const orderView = z.object({
  orderId: z.string(), number: z.string(), slot: quantity, taskId: z.string(), adopted: z.boolean(), awaited: z.boolean(),
  status: z.enum(['open', 'held', 'done', 'short', 'cancelled']), heldFor: maybeText, instructions: z.string(),
  units: quantity, sortedUnits: quantity, shortUnits: quantity,
});
// prettier-ignore
const lineView = z.object({
  id: z.string(), productId: z.string(), sku: z.string(), name: z.string(), shelf: maybeText, barcode: maybeText,
  quantity, collectedQuantity: quantity, sortedQuantity: quantity, shortQuantity: quantity, toCollect: quantity,
  inHand: quantity, toPutBack: quantity, shortReason: z.enum(SHORT_REASONS).nullable(), note: maybeText,
});
// prettier-ignore
const waveHead = z.object({
  id: z.string(), number: quantity, storeId: z.string(), status: z.enum(TASK_STATUSES),
  outcome: z.enum(TASK_OUTCOMES).nullable(), assigneeId: maybeText, assigneeEmail: maybeText, assigneeName: maybeText,
  assigneeRole: maybeText, dueAt: maybeText, overdueAt: maybeText, note: maybeText, version: quantity,
  createdAt: z.string(), updatedAt: z.string(), closedAt: maybeText, url: z.string().optional(),
});
const leftOut = z.object({
  orderId: z.string(), number: z.string(), code: z.string(), message: z.string(), taskId: maybeText,
}); // prettier-ignore
export const waveView = waveHead.extend({
  progress: z.object({
    orders: quantity, units: quantity, collectedUnits: quantity, sortedUnits: quantity, shortUnits: quantity,
    unitsToPutBack: quantity, percent: quantity,
  }), // prettier-ignore
  orders: z.array(orderView),
  lines: z.array(lineView),
  leftOut: z.array(leftOut),
});
export const waveList = listOf(waveHead.extend({ orderCount: quantity }));
export const waveChange = waveView.extend({ changed: z.boolean() });
export const waveAct = z.object({
  /** Null when there was nothing to count. */
  action: z
    .object({
      kind: z.string(),
      lineId: maybeText,
      collectedChange: quantity,
      shortChange: quantity,
      placed: z.array(z.object({ slot: quantity, orderNumber: z.string(), units: quantity })),
    })
    .nullable(),
  line: lineView.nullable(),
  wave: z.object({ id: z.string(), status: z.enum(TASK_STATUSES), progress: waveView.shape.progress }),
});

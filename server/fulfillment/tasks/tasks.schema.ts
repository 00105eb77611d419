import { z } from 'zod';
import { words } from '../../orders';
import { listOf, pageQuery } from '../../platform/http/paging';
import { TASK_KINDS, taskKinds } from './task-kinds';
import { TASK_OUTCOMES, TASK_STATUSES } from './task-moves';
import { SHORT_REASONS } from './task-progress';

const LINES_MAX = 200;
const QUANTITY_MAX = 1_000_000;
const ROUND_MAX = 1000;
export const NOTE_MAX = 1000;
export const CODE_MAX = 128;
export const LINE_NOTE_MAX = 500;
const ROLES = ['admin', 'store_manager', 'fulfillment_specialist', 'cashier', 'customer_service'] as const;

/** An id or key as a program sends it. */
export function key(name: string, max: number): z.ZodString {
  return words(name, max).min(1, `Give ${name}.`);
}

/** An http address that is called back. */
export function address(name: string): z.ZodString {
  return words(name, 2000).regex(/^https?:\/\/\S+$/, `${name} is an address that starts with http:// or https://.`);
}

const dueAt = z.iso
  .datetime({ offset: true, error: 'dueAt is a time such as 2026-11-20T17:00:00Z.' })
  .transform((time) => new Date(time).toISOString());

export const eventField = key('event, the id of the event that started the run', 64);
export const clientActionId = z
  .string({ error: 'clientActionId is a text.' })
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    'clientActionId has 1 to 64 letters, digits, dashes or underscores; one for each action.',
  );

export const assigneeFields = {
  assigneeEmail: z.email('assigneeEmail is a complete e-mail address, such as name@shop.com.').max(254).optional(),
  role: z.enum(ROLES, { error: `role is one of ${ROLES.join(', ')}.` }).optional(),
  dueAt: dueAt.optional(),
};

/** Kinds that people give each other; the others come of a command, such as a shortage that wants a decision. */
const GIVEN_KINDS = TASK_KINDS.filter((kind) => taskKinds[kind].opened === 'by_people');

export const taskInput = z
  .strictObject({
    kind: z.enum(GIVEN_KINDS, { error: `kind is one of ${GIVEN_KINDS.join(', ')}.` }),
    orderId: key('orderId, the order’s id or number:1001', 80),
    ...assigneeFields,
    instructions: words('instructions', 2000).optional(),
    round: z.int('round is a whole number; 1 is the order’s first task of the kind.').min(1).max(ROUND_MAX).optional(),
    event: eventField.optional(),
    // A paused run is an object of its own: see POST /waits.
    resumeUrl: address('resumeUrl').optional(),
    /** Of a count: these products, also such as the order does not have; missing: the order's. */
    skus: z
      .array(key('a SKU', 64), { error: 'skus is a list of SKUs.' })
      .min(1, 'skus names at least one product.')
      .max(LINES_MAX, `skus has at most ${LINES_MAX} entries.`)
      .optional(),
  })
  .refine(({ kind, skus }) => kind === 'count' || skus === undefined, {
    path: ['skus'],
    error: 'Only a count is given for skus; other tasks list what the order needs.',
  });
export type TaskInput = z.output<typeof taskInput>;

export const assignInput = z.strictObject(assigneeFields);
export type AssignInput = z.output<typeof assignInput>;

const lineInput = z.strictObject({
  id: key('id, the line’s id in the task', 26),
  doneQuantity: z
    .int('doneQuantity is a whole number of units.')
    .min(0, 'doneQuantity cannot be negative.')
    .max(QUANTITY_MAX, `doneQuantity is at most ${QUANTITY_MAX}.`),
  shortReason: z.enum(SHORT_REASONS, { error: `shortReason is one of ${SHORT_REASONS.join(', ')}.` }).optional(),
  note: words('note', LINE_NOTE_MAX).optional(),
});
export type LineInput = z.output<typeof lineInput>;

const lines = z
  .array(lineInput)
  .max(LINES_MAX, `lines has at most ${LINES_MAX} entries.`)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'lines names a line twice; send it once.');

export const scanInput = z.strictObject({
  code: key('code, as it was scanned', CODE_MAX),
  quantity: z.int('quantity is a whole number.').min(1, 'quantity is at least 1.').max(QUANTITY_MAX).default(1),
  clientActionId: clientActionId.optional(),
});
export type ScanInput = z.output<typeof scanInput>;

export const itemsInput = z.strictObject({
  lines: lines.refine((list) => list.length > 0, 'lines has at least one entry.'),
  clientActionId: clientActionId.optional(),
});
export type ItemsInput = z.output<typeof itemsInput>;

export const completeInput = z.strictObject({
  lines: lines.optional(),
  /** Every line was done in full; said on purpose, since a task finished untouched is more often a mistake. */
  allDone: z.boolean({ error: 'allDone is true or false.' }).optional(),
  note: words('note', NOTE_MAX).optional(),
  clientActionId: clientActionId.optional(),
});
export type CompleteInput = z.output<typeof completeInput>;

export const noteInput = z.strictObject({ note: words('note', NOTE_MAX).optional() });
export const undoInput = z.strictObject({ clientActionId: clientActionId.optional() });
export const nothing = z.strictObject({});

export const taskParams = z.strictObject({ id: z.string().max(26) });
export const taskQuery = pageQuery.extend({
  orderId: z.string().max(26).optional(),
  status: z.enum(TASK_STATUSES, { error: `status is one of ${TASK_STATUSES.join(', ')}.` }).optional(),
  kind: z.enum(TASK_KINDS, { error: `kind is one of ${TASK_KINDS.join(', ')}.` }).optional(),
  /** An e-mail address or a user's id. */
  assignee: z.string().max(254).optional(),
});
export type TaskQuery = z.output<typeof taskQuery>;

const quantity = z.int();
const maybeText = z.string().nullable();
const facts = z.record(z.string(), z.unknown()).nullable();
// prettier-ignore
export const lineView = z.object({
  id: z.string(), lineId: z.string(), productId: z.string(), sku: z.string(), name: z.string(),
  shelf: maybeText, barcode: maybeText, quantity, doneQuantity: quantity, shortQuantity: quantity,
  shortReason: z.enum(SHORT_REASONS).nullable(), note: maybeText,
});
const progressView = z.object({ units: quantity, doneUnits: quantity, shortUnits: quantity, percent: quantity });
const waveMark = z.object({
  id: z.string(),
  number: quantity,
  slot: quantity,
  /** The task was there before the wave. */
  adopted: z.boolean(),
  /** A run of its own goes on with the order. */
  awaited: z.boolean(),
});
// prettier-ignore
export const taskView = z.object({
  id: z.string(), kind: z.enum(TASK_KINDS), status: z.enum(TASK_STATUSES), outcome: z.enum(TASK_OUTCOMES).nullable(),
  round: quantity, storeId: z.string(), orderId: z.string(), orderNumber: z.string(),
  assigneeId: maybeText, assigneeEmail: maybeText, assigneeName: maybeText, assigneeRole: maybeText,
  dueAt: maybeText, overdueAt: maybeText, instructions: z.string(), note: maybeText, version: quantity,
  details: facts, result: facts, wave: waveMark.nullable(),
  createdAt: z.string(), updatedAt: z.string(), closedAt: maybeText,
  url: z.string().optional(), progress: progressView, lines: z.array(lineView),
});
const photoMark = z.object({ id: z.string(), lineId: maybeText, at: z.string() });
/** A task read by itself tells also which photos there are; see GET /tasks/:id/photos. */
export const taskWithPhotos = taskView.extend({ photos: z.array(photoMark) });
export const taskChange = taskView.extend({ changed: z.boolean() });
export const scanView = z.object({
  result: z.literal('ok'),
  line: lineView,
  task: z.object({ id: z.string(), status: z.enum(TASK_STATUSES), progress: progressView }),
});
export const taskList = listOf(taskView.omit({ lines: true }));

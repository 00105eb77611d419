import { z } from 'zod';
import { eventId, words } from '../orders';
import { listOf, pageQuery } from '../platform/http/paging';
import { CANCELLATION_REASONS, NOTE_MAX } from './cancel-reasons';
import { STEP_KINDS, STEP_STATUSES } from './case-steps';

const flag = (name: string) => z.boolean({ error: `${name} is true or false.` });

export const orderParams = z.object({ id: z.string().min(1).max(80) });

/** What is said when an order is to be cancelled, at once or by asking. */
export const askedFields = {
  reason: z.enum(CANCELLATION_REASONS, { error: `reason is one of ${CANCELLATION_REASONS.join(', ')}.` }),
  note: words('The note', NOTE_MAX).default(''),
  customerContact: words('The customer’s contact', 254).optional(),
  requestedAt: z.iso
    .datetime({ offset: true, error: 'requestedAt is a time such as 2026-11-20T09:00:00Z.' })
    .optional(),
  restock: flag('restock').default(true),
  notify: flag('notify').default(true),
  version: z.int('version is a whole number.').min(1).optional(),
  event: eventId.optional(),
};

export const cancelInput = z.strictObject({
  ...askedFields,
  /** Lines are cancelled in another way; said so in the refusal. */
  lines: z.unknown().optional(),
  scope: z.enum(['instance', 'future'], { error: 'scope is instance or future.' }).default('instance'),
});
export type CancelInput = z.output<typeof cancelInput>;

export const stepParams = z.object({
  id: z.string().min(1).max(26),
  kind: z.enum(STEP_KINDS, { error: `The step is one of ${STEP_KINDS.join(', ')}.` }),
});
export const resolveInput = z.strictObject({
  note: words('The note', 500).min(1, 'Say what was done.'),
});

export const caseQuery = pageQuery
  .extend({
    open: z.enum(['true', 'false'], { error: 'open is true or false.' }).optional(),
    orderId: z.string().max(26).optional(),
  })
  .strict();
export type CaseQuery = z.output<typeof caseQuery>;

const stepView = z.object({
  kind: z.enum(STEP_KINDS),
  status: z.enum(STEP_STATUSES),
  note: z.string(),
  facts: z.record(z.string(), z.unknown()),
  doneBy: z.string().nullable(),
  updatedAt: z.string(),
});
export const caseView = z.looseObject({
  id: z.string(),
  orderId: z.string(),
  status: z.enum(['open', 'completed']),
  reason: z.enum(CANCELLATION_REASONS),
  steps: z.array(stepView),
});
export const caseList = listOf(caseView);
export const cancelledView = z.looseObject({
  id: z.string(),
  status: z.string(),
  changed: z.boolean(),
  /** Of an order that was cancelled. */
  case: caseView.optional(),
  /** Of one that somebody must decide on first (202). */
  approval: z.object({ id: z.string(), status: z.string() }).optional(),
});

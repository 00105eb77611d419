import { z } from 'zod';
import { words } from '../../orders';
import { assigneeFields, clientActionId, eventField } from '../tasks/tasks.schema';
import { AGE_DOCUMENTS } from './age-documents';
import { HAND_OFF_METHODS, HAND_OFF_STATUSES, handOffMethods } from './hand-off-moves';
import { CONFIRM_BY, CONFIRMED_WITH } from './proof';

const INSTRUCTIONS_MAX = 1000;
const NAME_MAX = 120;
const NOTE_MAX = 1000;
/** Longer than any signature that is taken, so that the refusal says what is wrong with it. */
const SIGNATURE_TEXT_MAX = 900_000;

export const handOffInput = z
  .strictObject({
    method: z.enum(HAND_OFF_METHODS, { error: `method is one of ${HAND_OFF_METHODS.join(', ')}.` }),
    spot: words('spot', 64).optional(),
    service: words('service', 64).optional(),
    customerInstructions: words('customerInstructions', INSTRUCTIONS_MAX).default(''),
    staffInstructions: words('staffInstructions', INSTRUCTIONS_MAX).default(''),
    confirmBy: z.enum(CONFIRM_BY, { error: `confirmBy is one of ${CONFIRM_BY.join(', ')}.` }).default('code'),
    ...assigneeFields,
    event: eventField.optional(),
  })
  .superRefine((input, issues) => {
    const { place, title } = handOffMethods[input.method];
    if (!place || input[place]) return;
    const what = place === 'spot' ? 'the spot where the customer stops' : 'the service that brings the goods';
    issues.addIssue({ code: 'custom', path: [place], message: `${title}: name ${what} with "${place}".` });
  });
export type HandOffInput = z.output<typeof handOffInput>;

const note = words('The note', NOTE_MAX);
const signedBy = words('signedBy', NAME_MAX);

export const confirmInput = z.strictObject({
  code: words('code', 20).optional(),
  signedBy: signedBy.optional(),
  signature: z
    .string({ error: 'signature is a text.' })
    .max(SIGNATURE_TEXT_MAX, 'The signature is too large.')
    .optional(),
  /** The customer is old enough, as this document shows. */
  documentKind: z.enum(AGE_DOCUMENTS, { error: `documentKind is one of ${AGE_DOCUMENTS.join(', ')}.` }).optional(),
  note: note.optional(),
});
export type ConfirmInput = z.output<typeof confirmInput>;

export const closeInput = z.strictObject({ note: note.optional() });
export const handOffParams = z.strictObject({ id: z.string().max(26) });
export const orderParams = z.strictObject({ id: z.string().min(1).max(80) });

const documentKind = z.enum(['', ...AGE_DOCUMENTS], { error: 'Choose what you looked at.' }).default('');

/** The forms of the page; what is left empty counts as not given. */
export const forms = {
  confirm: z.object({
    code: z.string().trim().max(20, 'A code has six digits.').default(''),
    signedBy: signedBy.default(''),
    signature: z.string().max(SIGNATURE_TEXT_MAX, 'The signature is too large. Draw it smaller.').default(''),
    documentKind,
    note: note.default(''),
    clientActionId,
  }),
  absent: z.object({ note: note.default(''), clientActionId }),
};

const maybeText = z.string().nullable();
// prettier-ignore
const fields = {
  id: z.string(), storeId: z.string(), orderId: z.string(), orderNumber: z.string(), taskId: z.string(),
  method: z.enum(HAND_OFF_METHODS), spot: maybeText, service: maybeText,
  customerInstructions: z.string(), staffInstructions: z.string(),
  confirmBy: z.enum(CONFIRM_BY), status: z.enum(HAND_OFF_STATUSES),
  wrongTries: z.int(), triesLeft: z.int(), absences: z.int(),
  confirmedWith: z.enum(CONFIRMED_WITH).nullable(), confirmedBy: maybeText, signedBy: maybeText, note: maybeText,
  overdueAt: maybeText, createdAt: z.string(), createdBy: z.string(), closedAt: maybeText,
};
const orderSummary = z.object({ id: z.string(), number: z.string(), status: z.string(), version: z.int() });
export const handOffView = z.looseObject({ ...fields, changed: z.boolean(), order: orderSummary, task: z.unknown() });

import { z } from 'zod';
import { words } from '../orders';
import { listOf, pageQuery } from '../platform/http/paging';
import { CUSTOMER_MESSAGES } from './customer-messages';
import { NOTICE } from './management-messages';
import { MESSAGE_STATUSES } from './message-states';

const NOTE_MAX = 1000;
const SUBJECT_MAX = 150;
const TEXT_MAX = 5000;
const RECIPIENTS_MAX = 50;
const ROLES = ['admin', 'store_manager', 'fulfillment_specialist', 'cashier', 'customer_service', 'reporting'] as const;

export const customerInput = z.strictObject({
  orderId: words('orderId', 80).min(1, 'Give orderId, the order’s id or number:1001.'),
  message: z.enum(CUSTOMER_MESSAGES, { error: `message is one of ${CUSTOMER_MESSAGES.join(', ')}.` }),
  note: words('The note', NOTE_MAX).optional(),
  resend: z.boolean({ error: 'resend is true or false.' }).default(false),
});
export type CustomerInput = z.output<typeof customerInput>;

const email = z.email('Give a complete e-mail address, such as name@shop.com.').max(254);

const managementFields = z.strictObject({
  message: words('The message', 32).min(1, 'Say which message: report or notice.'),
  date: z.iso.date({ error: 'date is a day such as 2026-11-20.' }).optional(),
  storeId: z.string().max(26).optional(),
  role: z.enum(ROLES, { error: `role is one of ${ROLES.join(', ')}.` }).optional(),
  to: z
    .union([email.transform((one) => [one]), z.array(email).min(1, 'Name somebody.').max(RECIPIENTS_MAX)], {
      error: 'to is an e-mail address, or a list of at most 50.',
    })
    .optional(),
  subject: words('The subject', SUBJECT_MAX)
    .regex(/^[^\r\n]*$/, 'The subject is one line.')
    .optional(),
  text: words('The text', TEXT_MAX).optional(),
  reference: words('The reference', 200).min(1, 'The reference is not empty.').optional(),
});

const OF_A_NOTICE = ['subject', 'text', 'reference'] as const;

export const managementInput = managementFields.superRefine((input, issues) => {
  const refuse = (field: string, message: string): void => issues.addIssue({ code: 'custom', path: [field], message });
  if (input.role && input.to) refuse('to', 'Name a role or addresses, not both.');
  if (input.message === NOTICE) {
    for (const field of ['subject', 'text'] as const) if (!input[field]) refuse(field, `A notice has a ${field}.`);
    if (input.date) refuse('date', 'A notice is not about a day.');
    return;
  }
  for (const field of OF_A_NOTICE) if (input[field]) refuse(field, `Only a notice takes a ${field}.`);
});
export type ManagementInput = z.output<typeof managementInput>;

const status = z.enum(MESSAGE_STATUSES, { error: `status is one of ${MESSAGE_STATUSES.join(', ')}.` });

export const listQuery = pageQuery.extend({
  orderId: z.string().max(26).optional(),
  status: status.optional(),
});
export type ListQuery = z.output<typeof listQuery>;

const maybeText = z.string().nullable();
export const messageView = z.object({
  id: z.string(),
  storeId: z.string(),
  orderId: maybeText,
  audience: z.enum(['customer', 'management']),
  message: z.string(),
  channel: z.literal('email'),
  /** Masked: `r…@example.com`. */
  recipient: z.string(),
  status,
  note: maybeText,
  requestedBy: z.string(),
  queuedAt: z.string(),
  sentAt: maybeText,
  failedAt: maybeText,
  error: maybeText,
});
export const customerView = messageView.extend({ changed: z.boolean() });
export const managementView = z.object({
  id: z.string(),
  storeId: z.string(),
  message: z.string(),
  channel: z.literal('email'),
  recipients: z.array(z.string()),
  status,
  changed: z.boolean(),
});
export const messageList = listOf(messageView);

import { z } from 'zod';
import { words } from '../../orders';
import { listOf, pageQuery } from '../../platform/http/paging';
import { CANCELLATION_REASONS, NOTE_MAX } from '../cancel-reasons';
import { askedFields } from '../cancellations.schema';
import { REQUEST_DECISIONS } from './request-rules';
import { REQUEST_STATUSES } from './requests.models';

export const requestInput = z.strictObject({
  ...askedFields,
  requesterEmail: z.email('requesterEmail is a complete e-mail address, such as name@shop.com.').max(254).optional(),
});

export const decisionInput = z.strictObject({
  decision: z.enum(REQUEST_DECISIONS, { error: `decision is one of ${REQUEST_DECISIONS.join(', ')}.` }),
  note: words('The note', NOTE_MAX).optional(),
});

export const requestParams = z.object({ id: z.string().min(1).max(26) });

export const requestQuery = pageQuery
  .extend({
    status: z.enum(REQUEST_STATUSES, { error: `status is one of ${REQUEST_STATUSES.join(', ')}.` }).optional(),
    orderId: z.string().max(26).optional(),
  })
  .strict();
export type RequestQuery = z.output<typeof requestQuery>;

const maybeText = z.string().nullable();
// prettier-ignore
export const requestView = z.object({
  id: z.string(), storeId: z.string(), orderId: z.string(), orderNumber: z.string(), status: z.enum(REQUEST_STATUSES),
  reason: z.enum(CANCELLATION_REASONS), note: z.string(), customerContact: maybeText, requestedAt: maybeText,
  restock: z.boolean(), notify: z.boolean(), fromStatus: z.string(), holdHandle: z.string(), taskId: z.string(),
  askedByName: z.string(), askedByRole: z.string(), askedAt: z.string(),
  decidedBy: maybeText, decidedAt: maybeText, decisionNote: maybeText, caseId: maybeText,
});
export const requestChange = requestView.extend({ changed: z.boolean() });
export const requestList = listOf(requestView);

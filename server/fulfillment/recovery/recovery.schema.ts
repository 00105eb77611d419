import { z } from 'zod';
import { words } from '../../orders';
import { listOf, pageQuery } from '../../platform/http/paging';
import { address, eventField, key, NOTE_MAX } from '../tasks/tasks.schema';
import { INCIDENT_KINDS, INCIDENT_STATUSES } from './recovery.models';

const MESSAGE_MAX = 5000;

export const incidentInput = z.strictObject({
  workflowId: key('workflowId', 255),
  workflowName: words('workflowName', 255).optional(),
  executionId: key('executionId, the run that failed', 255),
  executionUrl: address('executionUrl').optional(),
  node: words('node', 255).optional(),
  // Errors are cut rather than refused: a long one must not hide that there was one.
  message: z.string({ error: 'message is a text.' }).transform((text) => text.trim().slice(0, MESSAGE_MAX)),
  orderId: words('orderId', 80).optional(),
  eventId: eventField.optional(),
});
export type IncidentInput = z.output<typeof incidentInput>;

export const incidentParams = z.strictObject({ id: z.string().max(26) });
export const resolveInput = z.strictObject({ note: words('note', NOTE_MAX).optional() });
export const incidentQuery = pageQuery.extend({
  status: z.enum(INCIDENT_STATUSES, { error: `status is one of ${INCIDENT_STATUSES.join(', ')}.` }).optional(),
  kind: z.enum(INCIDENT_KINDS, { error: `kind is one of ${INCIDENT_KINDS.join(', ')}.` }).optional(),
  orderId: z.string().max(26).optional(),
});

const maybeText = z.string().nullable();
// prettier-ignore
export const incidentView = z.object({
  id: z.string(), kind: z.enum(INCIDENT_KINDS), status: z.enum(INCIDENT_STATUSES), storeId: maybeText,
  orderId: maybeText, eventId: maybeText, workflowId: maybeText, workflowName: maybeText, executionId: maybeText,
  executionUrl: maybeText, node: maybeText, message: z.string(),
  createdAt: z.string(), resolvedAt: maybeText, resolvedBy: maybeText, note: maybeText,
});
export const incidentList = listOf(incidentView);

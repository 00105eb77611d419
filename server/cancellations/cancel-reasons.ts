import type { Actor } from '../platform/context';
import { ForbiddenError, type FieldError, ValidationError } from '../platform/errors';

export const CANCELLATION_REASONS = [
  'customer_requested',
  'inventory',
  'payment',
  'compliance',
  'operational',
  'duplicate',
] as const;
export type CancellationReason = (typeof CANCELLATION_REASONS)[number];

export const NOTE_MAX = 1000;
const EARLIEST_REQUEST = '1970-01-01T00:00:00.000Z';

export interface Asked {
  reason?: string;
  customerContact?: string;
  requestedAt?: string;
}

/**
 * A reason of ours; at the customer's request also who asked, and when. Throws 422 FIELD_REQUIRED, REASON_UNKNOWN or
 * REQUESTED_AT_IMPOSSIBLE, each field named.
 */
export function assertAsked(asked: Asked, now: string): asserts asked is Asked & { reason: CancellationReason } {
  const errors: FieldError[] = [];
  const add = (path: string, code: string, message: string): void => void errors.push({ path, code, message });
  const choices = CANCELLATION_REASONS.join(', ');
  if (!asked.reason) add('reason', 'FIELD_REQUIRED', `To cancel an order, give reason: ${choices}.`);
  else if (!CANCELLATION_REASONS.includes(asked.reason as CancellationReason))
    add('reason', 'REASON_UNKNOWN', `The reason is one of ${choices}.`);
  if (asked.reason === 'customer_requested') {
    if (!asked.customerContact)
      add('customerContact', 'FIELD_REQUIRED', 'At the customer’s request, give the phone or e-mail they asked from.');
    if (!asked.requestedAt)
      add('requestedAt', 'FIELD_REQUIRED', 'At the customer’s request, give the time they asked.');
  }
  const requestedAt = asked.requestedAt && new Date(asked.requestedAt).toISOString();
  if (requestedAt && (requestedAt > now || requestedAt < EARLIEST_REQUEST))
    add('requestedAt', 'REQUESTED_AT_IMPOSSIBLE', 'The customer cannot have asked at that time; give one in the past.');
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
}

/** Customer service cancels for the customer, not for the shop. Throws 403 ROLE_NOT_ALLOWED. */
export function assertMayCancelFor(actor: Actor, reason: string): void {
  if (actor.role !== 'customer_service' || reason === 'customer_requested') return;
  throw new ForbiddenError(
    'ROLE_NOT_ALLOWED',
    `The role customer_service cancels at the customer’s request only (reason customer_requested). For ${reason}, ask someone who is admin or store_manager.`,
    {
      facts: {
        permission: 'order.cancel',
        role: actor.role,
        allowedRoles: ['admin', 'store_manager'],
        allowedReasons: ['customer_requested'],
      },
    },
  );
}

import { ConflictError, type Refusal, UnavailableError, ValidationError } from '../../platform/errors';
import { codProblem, type ConsignmentRow } from '../../shipping';
import { orderField } from './order-parcel';

/** A consignment as the API answers it: no customer's data, so everybody who reads orders may see it. */
export function viewConsignment(row: ConsignmentRow): Record<string, unknown> {
  const { id, orderId, storeId, courier, reference, trackingCode, trackingUrl, status, courierStatus } = row;
  const { courierId, codAmountMinor, codDueMinor, currency, shipWhenBooked, attempts } = row;
  const { bookedAt, endedAt, createdAt, updatedAt } = row;
  return {
    id,
    orderId,
    storeId,
    courier,
    reference,
    trackingCode,
    trackingUrl,
    status,
    courierStatus,
    courierId,
    codAmountMinor,
    codDueMinor,
    currency,
    shipWhenBooked,
    attempts,
    problem: problemOf(row),
    bookedAt,
    endedAt,
    createdAt,
    updatedAt,
  };
}

function problemOf(row: ConsignmentRow) {
  const problem = row.problem ?? codProblem(row) ?? null;
  return (
    problem && { ...problem, errors: problem.errors?.map((error) => ({ ...error, path: orderField(error.path) })) }
  );
}

/** The courier's No as a refusal of ours, with the order's field to mend. */
export function rejectionOf(row: ConsignmentRow): Refusal {
  const { courier, reference, id: consignmentId } = row;
  const problem = problemOf(row);
  const code = problem?.code ?? 'COURIER_REJECTED';
  const message = problem?.message ?? 'The courier refused the parcel.';
  const details = {
    errors: problem?.errors?.length ? problem.errors : undefined,
    facts: { consignmentId, courier, reference },
  };
  if (code === 'COURIER_UNAUTHORISED') return new UnavailableError(code, message, details);
  if (code === 'REFERENCE_TAKEN') return new ConflictError(code, message, details);
  return new ValidationError(code, message, details);
}

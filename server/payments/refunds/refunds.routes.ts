import { z } from 'zod';
import { command, type Route } from '../../platform/http/route';
import { executeRefund } from './execute-refund';
import { executeRefunds, type RefundResult, requestRefunds } from './refund-store';
import { requestRefund } from './request-refund';
import type { RefundRow } from './refunds.models';
import { executeInput, refundInput, refundView } from './refunds.schema';

const tag = 'payments';
const byId = z.object({ id: z.string().min(1).max(80) });

export function viewRefund({ orderLines, ...refund }: RefundRow): Record<string, unknown> {
  return { ...refund, lines: orderLines };
}

/** The refund, and the order as it stands afterwards, so that a pipeline can go on with it. */
function view({ refund, order, changed }: RefundResult): Record<string, unknown> {
  const { id, number, status, paymentStatus, version, refundsPayableMinor, refundedMinor } = order;
  const after = { id, number, status, paymentStatus, version, refundsPayableMinor, refundedMinor };
  return { ...viewRefund(refund), changed, order: after };
}

export const refundsRoutes: Route[] = [
  command({
    method: 'post',
    path: '/orders/:id/refund',
    tag,
    summary: 'Decide to give back what is owed, or part of it',
    permission: requestRefunds,
    params: byId,
    body: refundInput,
    response: refundView,
    status: 201,
    run: async (ctx, { params, body }) => view(await requestRefund(ctx, params.id, body)),
  }),
  command({
    method: 'post',
    path: '/refunds/:id/execute',
    tag,
    summary: 'Say that a refund was sent by hand, or could not be',
    permission: executeRefunds,
    params: byId,
    body: executeInput,
    response: refundView,
    run: async (ctx, { params, body }) => view(await executeRefund(ctx, params.id, body)),
  }),
];

import { z } from 'zod';
import { command, Reply, type Route } from '../platform/http/route';
import type { PaymentResult } from './payments.service';
import { recordPayments } from './payment-store';
import { addPayment, rejectPayment, retryPayment, verifyPayment } from './payments.service';
import { paymentInput, paymentView, rejectInput, retryInput, verifyInput } from './payments.schema';

const tag = 'payments';
const byId = z.object({ id: z.string().min(1).max(80) });

/** The payment, and the order as it stands afterwards, so that a pipeline can go on with it. */
function view({ payment, order, changed }: PaymentResult): Record<string, unknown> {
  const { id, number, status, paymentStatus, version } = order;
  return {
    ...payment,
    changed,
    order: { id, number, status, paymentStatus, version, balanceDueMinor: order.receivableMinor },
  };
}

export const paymentsRoutes: Route[] = [
  command({
    method: 'post',
    path: '/orders/:id/payments',
    tag,
    summary: 'Record a payment, or a customer’s word of one',
    permission: recordPayments,
    params: byId,
    body: paymentInput,
    response: paymentView,
    status: 201,
    run: async (ctx, { params, body }) => {
      const result = await addPayment(ctx, params.id, body);
      return new Reply(result.changed ? 201 : 200, view(result));
    },
  }),
  command({
    method: 'post',
    path: '/payments/:id/verify',
    tag,
    summary: 'A submitted payment was found',
    permission: recordPayments,
    params: byId,
    body: verifyInput,
    response: paymentView,
    run: async (ctx, { params, body }) => view(await verifyPayment(ctx, params.id, body)),
  }),
  command({
    method: 'post',
    path: '/payments/:id/reject',
    tag,
    summary: 'A submitted payment was not found',
    permission: recordPayments,
    params: byId,
    body: rejectInput,
    response: paymentView,
    run: async (ctx, { params, body }) => view(await rejectPayment(ctx, params.id, body.reason)),
  }),
  command({
    method: 'post',
    path: '/payments/:id/retry',
    tag,
    summary: 'Submit a rejected or failed payment again',
    permission: recordPayments,
    params: byId,
    body: retryInput,
    response: paymentView,
    run: async (ctx, { params, body }) => view(await retryPayment(ctx, params.id, body.transactionId)),
  }),
];

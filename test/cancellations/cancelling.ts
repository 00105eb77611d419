import type { TestApp } from '../support/app';
import { bkashId, expectStatus } from '../support/shop';

export type Body = Record<string, any>;

export const AT_REQUEST = {
  reason: 'customer_requested',
  note: 'changed her mind',
  customerContact: '01700000000',
  requestedAt: '2026-01-05T08:00:00Z',
};

export function askToCancel(app: TestApp, order: Body, body: Body = {}, apiKey?: string) {
  return app.post(`/orders/${order.id}/cancel`, { reason: 'operational', note: 'closing early', ...body }, { apiKey });
}

export async function cancel(app: TestApp, order: Body, body: Body = {}): Promise<Body> {
  return expectStatus(await askToCancel(app, order, body), 200).body;
}

/** Statuses of a case's steps by kind. */
export function stepsOf(cancellation: Body): Body {
  return Object.fromEntries((cancellation.steps as Body[]).map(({ kind, status }) => [kind, status]));
}

export async function payWith(app: TestApp, order: Body, body: Body = {}): Promise<void> {
  const payment = { method: 'bkash', transactionId: bkashId(), ...body };
  expectStatus(await app.post(`/orders/${order.id}/payments`, payment), 201);
}

/** The entry an event made, as `debit code / credit code amount` lines. */
export async function postingsOf(app: TestApp, order: Body, event: string): Promise<string[]> {
  const { body } = await app.get(`/accounting/entries?orderId=${order.id}&event=${event}`);
  return (body.items as Body[]).flatMap(({ postings }) =>
    (postings as Body[]).map(({ debit, credit, amountMinor }) => `${debit.name} / ${credit.name} ${amountMinor}`),
  );
}

/** Events of a topic that the order has told, in the outbox. */
export async function eventsOf(app: TestApp, order: Body, topic: string): Promise<number> {
  const { workroom } = app.service;
  const rows = await workroom
    .reader(workroom.systemCaller('test'))
    .select<{ eventId: string }>('SELECT DISTINCT event_id FROM outbox WHERE order_id = :id AND topic = :topic', {
      id: order.id,
      topic,
    });
  return rows.length;
}

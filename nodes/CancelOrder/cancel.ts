import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview, previewOf } from '../shared/fields';
import { fetchOrder, freshened, orderOf } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { OrderSummary } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';
import { callService } from '../shared/transport';

export const OUTPUTS = 3;
const OUTPUT_OF = { cancelled: 0, needsApproval: 1, refused: 2 } as const;

export interface Outcome {
  output: number;
  /** What the item gets: `order`, and `cancellation` or `preview`. */
  results: IDataObject;
}

interface Answer extends IDataObject {
  case?: IDataObject;
  approval?: IDataObject;
  /** What waits for a manager. */
  request?: IDataObject;
  changed?: boolean;
}

export async function cancelOrder(context: IExecuteFunctions, itemIndex: number): Promise<Outcome> {
  const order = await orderOf(context, itemIndex);
  const preview = isPreview(context, itemIndex);
  try {
    const answer = await callService<Answer>(context, {
      method: 'POST',
      path: `/orders/${encodeURIComponent(order.id)}/${asks(context, itemIndex) ? 'cancellation_requests' : 'cancel'}`,
      query: preview ? { dryRun: 'true' } : undefined,
      body: bodyOf(context, itemIndex),
      idempotencyKey: idempotencyKey(
        asks(context, itemIndex) ? 'ask-to-cancel' : 'cancel',
        order.id,
        referenceOf(context, itemIndex),
      ),
      eventId: startingEventId(context, itemIndex),
    });
    const output = answer.approval ? OUTPUT_OF.needsApproval : OUTPUT_OF.cancelled;
    return { output, results: preview ? { order, ...previewOf(answer) } : resultsOf(order, answer) };
  } catch (error) {
    if (!isRefusedByBusiness(error)) return Promise.reject(error as Error);
    return {
      output: OUTPUT_OF.refused,
      results: {
        order: await fetchOrder(context, order.id),
        cancellation: { ...error.facts, status: error.status, refused: true },
      },
    };
  }
}

function bodyOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const field = (name: string): unknown => context.getNodeParameter(name, itemIndex, '');
  const reason = field('reason') as string;
  const atRequest =
    reason === 'customer_requested'
      ? {
          customerContact: field('customerContact') as string,
          requestedAt: toUtc(context, itemIndex, field('requestedAt')),
        }
      : {};
  return {
    reason,
    ...atRequest,
    note: field('note') as string,
    restock: field('restock') as boolean,
    notify: field('notify') as boolean,
    event: startingEventId(context, itemIndex),
    ...(asks(context, itemIndex) ? { requesterEmail: String(field('requesterEmail') ?? '').trim() || undefined } : {}),
  };
}

/** Whether a manager is asked while somebody works on the order, even by those who could cancel it at once. */
function asks(context: IExecuteFunctions, itemIndex: number): boolean {
  return context.getNodeParameter('underWay', itemIndex, 'cancel') === 'ask';
}

/** An order that waits for a decision has not moved yet. */
function resultsOf(order: OrderSummary, answer: Answer): IDataObject {
  const { approval, request, changed, case: opened, ...fresh } = answer;
  if (approval) return { order: freshened(order, fresh), cancellation: { approval, ...(request ? { request } : {}) } };
  return { order: freshened(order, fresh), cancellation: { ...opened, changed: changed ?? true } };
}

/** A No that a person or another way answers, such as recalling the parcel; a field that is missing is the workflow's own mistake. */
function isRefusedByBusiness(error: unknown): error is Refusal {
  if (!(error instanceof Refusal)) return false;
  return error.status === 403 || (error.status === 409 && !error.code.startsWith('IDEMPOTENCY_'));
}

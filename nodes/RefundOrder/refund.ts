import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview, previewOf } from '../shared/fields';
import { fetchOrder, freshened, requireReference } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { Order } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export const OUTPUTS = 2;
const SETTLED = 0;
const FAILED = 1;

export interface Outcome {
  output: number;
  /** What the item gets: `order`, and `refund` or `preview`. */
  results: IDataObject;
}

interface Refund extends IDataObject {
  id: string;
  status: string;
  amountMinor: number;
  order?: IDataObject;
}

type OrderWithRefunds = Order & { refunds?: Refund[]; refundsPayableMinor?: number };

/** Refusals that say the money is not as it was told. A person decides; the run has not failed. */
const MISMATCHES = [
  'REFUND_SETTLED',
  'REFUND_TOO_LARGE',
  'TRANSACTION_ID_MALFORMED',
  'TRANSACTION_ID_MISSING',
  'TRANSACTION_ID_USED',
];

export async function refundOrder(context: IExecuteFunctions, itemIndex: number): Promise<Outcome> {
  const order = await fetchOrder(context, requireReference(context, itemIndex));
  const { refunds = [], refundsPayableMinor = 0 } = order as OrderWithRefunds;
  if (refundsPayableMinor === 0) {
    const settled = refunds.filter(({ status }) => status === 'settled').at(-1);
    const refund = settled ?? { due: 'nothing' };
    const results = isPreview(context, itemIndex) ? previewOf(refund) : { refund };
    return { output: SETTLED, results: { order, ...results } };
  }
  try {
    return await giveBack(context, itemIndex, { order, refunds });
  } catch (error) {
    if (!(error instanceof Refusal) || !MISMATCHES.includes(error.code)) return Promise.reject(error as Error);
    return { output: FAILED, results: { order, refund: error.facts } };
  }
}

/** A refund that was decided before is the one that is meant; otherwise it is decided now. */
async function giveBack(
  context: IExecuteFunctions,
  itemIndex: number,
  { order, refunds }: { order: Order; refunds: readonly Refund[] },
): Promise<Outcome> {
  const amountMinor = context.getNodeParameter('amountMinor', itemIndex, 0) as number;
  const isSent = context.getNodeParameter('execution', itemIndex) === 'now';
  const preview = isPreview(context, itemIndex);
  const open = refunds.find(
    (refund) => refund.status !== 'settled' && (!amountMinor || refund.amountMinor === amountMinor),
  );
  const decided = open ?? (await decide(context, itemIndex, order));
  const refund = isSent && (open || !preview) ? await execute(context, itemIndex, decided) : decided;
  if (preview) return { output: SETTLED, results: { order, ...previewOf(refund) } };
  const { order: after, ...result } = refund;
  const output = refund.status === 'failed' ? FAILED : SETTLED;
  return { output, results: { order: freshened(order, { ...order, ...after }), refund: result } };
}

function decide(context: IExecuteFunctions, itemIndex: number, order: Order): Promise<Refund> {
  const { reason, note } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const amountMinor = (context.getNodeParameter('amountMinor', itemIndex, 0) as number) || undefined;
  const event = startingEventId(context, itemIndex);
  return send(context, itemIndex, {
    path: `/orders/${encodeURIComponent(order.id)}/refund`,
    key: idempotencyKey('refund', order.id, referenceOf(context, itemIndex)),
    body: { amountMinor, reason, note, event },
  });
}

function execute(context: IExecuteFunctions, itemIndex: number, refund: Refund): Promise<Refund> {
  const method = context.getNodeParameter('method', itemIndex, '') as string;
  const transactionId = context.getNodeParameter('transactionId', itemIndex, '') as string;
  return send(context, itemIndex, {
    path: `/refunds/${encodeURIComponent(refund.id)}/execute`,
    key: idempotencyKey('refund-sent', refund.id, method, transactionId || referenceOf(context, itemIndex)),
    body: { method, transactionId, event: startingEventId(context, itemIndex) },
  });
}

function send(
  context: IExecuteFunctions,
  itemIndex: number,
  { path, key, body }: { path: string; key: string; body: IDataObject },
): Promise<Refund> {
  return callService<Refund>(context, {
    method: 'POST',
    path,
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    idempotencyKey: key,
    eventId: startingEventId(context, itemIndex),
    body,
  });
}

import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview, previewOf } from '../shared/fields';
import { fetchOrder, freshened, orderOf } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { OrderSummary } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export const BOOKED = 0;
export const REJECTED = 1;

/** The service goes on asking the courier by itself; a run waits this long for it. */
const ASK_AGAIN_MS = 2_000;
const ASKS_MAX = 45;

/** Refusals of this parcel by the courier, or by what is known of it: a person mends the order, the run has not failed. */
const REJECTIONS = /^(COURIER_REJECTED|REFERENCE_TAKEN|NOTE_TOO_LONG|RECIPIENT_\w+|ADDRESS_\w+|COD_\w+)$/;

interface Consignment extends IDataObject {
  id: string;
  status: string;
  problem?: { code: string; message: string; errors?: IDataObject[] } | null;
}

export interface Outcome {
  output: typeof BOOKED | typeof REJECTED;
  results: IDataObject;
}

/** Books the order's parcel. The same order again answers the consignment that is there. */
export async function sendToCourier(context: IExecuteFunctions, itemIndex: number): Promise<Outcome> {
  const order = await orderOf(context, itemIndex);
  const courier = context.getNodeParameter('courier', itemIndex) as string;
  try {
    const answer = await book(context, itemIndex, order, courier);
    if (isPreview(context, itemIndex)) return { output: BOOKED, results: { order, ...previewOf(answer) } };
    const consignment = await whenAnswered(context, itemIndex, answer);
    const fresh = freshened(order, await fetchOrder(context, order.id));
    const { problem, ...rest } = consignment;
    if (consignment.status !== 'rejected') return { output: BOOKED, results: { order: fresh, consignment } };
    const { code, message: detail, errors } = problem ?? { code: 'COURIER_REJECTED', message: 'It gave no reason.' };
    return { output: REJECTED, results: { order: fresh, consignment: { ...rest, code, detail, errors } } };
  } catch (error) {
    if (!(error instanceof Refusal) || !REJECTIONS.test(error.code)) return Promise.reject(error as Error);
    const { consignmentId: id, ...facts } = error.facts;
    return { output: REJECTED, results: { order, consignment: { id, courier, status: 'rejected', ...facts } } };
  }
}

function book(
  context: IExecuteFunctions,
  itemIndex: number,
  order: OrderSummary,
  courier: string,
): Promise<Consignment> {
  const ship = context.getNodeParameter('ship', itemIndex, false) as boolean;
  const { note, courierReference } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const event = startingEventId(context, itemIndex);
  const fact = ship ? 'ship' : 'book';
  return callService<Consignment>(context, {
    method: 'POST',
    path: `/orders/${encodeURIComponent(order.id)}/consignments`,
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: { courier, ship, note, reference: courierReference, event },
    idempotencyKey: idempotencyKey('consignment', order.id, courier, fact, referenceOf(context, itemIndex)),
    eventId: event,
  });
}

/** Asks again while the courier has not answered. Throws CONSIGNMENT_NOT_BOOKED when time is over or nobody knows. */
async function whenAnswered(context: IExecuteFunctions, itemIndex: number, answer: Consignment): Promise<Consignment> {
  let consignment = answer;
  for (let asked = 0; consignment.status === 'booking' && asked < ASKS_MAX; asked += 1) {
    await sleep(ASK_AGAIN_MS);
    const path = `/consignments/${encodeURIComponent(answer.id)}`;
    consignment = await callService<Consignment>(context, {
      method: 'GET',
      path,
      eventId: startingEventId(context, itemIndex),
    });
  }
  if (consignment.status !== 'booking' && consignment.status !== 'unclear') return consignment;
  const detail =
    consignment.problem?.message ??
    'The courier has not answered yet. The service goes on asking by itself and never books twice: run this step again later.';
  const { id: consignmentId, status } = consignment;
  throw new Refusal(503, { code: 'CONSIGNMENT_NOT_BOOKED', detail, consignmentId, consignmentStatus: status });
}

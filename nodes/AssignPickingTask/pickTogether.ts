import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { assigneeOf } from '../shared/assignTask';
import { isPreview, previewOf } from '../shared/fields';
import { orderOf } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { OrderSummary, Task } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { toUtc } from '../shared/times';
import { callService } from '../shared/transport';
import type { Assignment } from '../shared/waiting';

/** What one person can sort at once; more items make more waves. */
const ORDERS_PER_WAVE = 100;

interface WaveOrder extends IDataObject {
  orderId: string;
  number: string;
  slot: number;
  taskId: string;
  adopted: boolean;
  awaited: boolean;
}

interface LeftOut extends IDataObject {
  orderId: string;
  code: string;
  message: string;
  taskId: string | null;
}

interface Wave extends IDataObject {
  id: string;
  number: number;
  orders: WaveOrder[];
  leftOut: LeftOut[];
}

/** What the waves came to, by order. */
type Gathered = Map<string, Pick<Assignment, 'task' | 'preview' | 'leftOut'>>;

/** Has the orders of all items picked in one wave; each item then gets what came of its order. */
export function pickTogether(context: IExecuteFunctions): (itemIndex: number) => Promise<Assignment> {
  const orders = new Map<number, Promise<OrderSummary>>();
  const orderAt = (itemIndex: number): Promise<OrderSummary> => {
    const known = orders.get(itemIndex) ?? orderOf(context, itemIndex);
    orders.set(itemIndex, known);
    return known;
  };
  let gathered: Promise<Gathered> | undefined;
  return async (itemIndex) => {
    const order = await orderAt(itemIndex);
    gathered ??= gather(context, orderAt);
    return { order, ...(await gathered).get(order.id) };
  };
}

async function gather(
  context: IExecuteFunctions,
  orderAt: (itemIndex: number) => Promise<OrderSummary>,
): Promise<Gathered> {
  const ids = new Set<string>();
  for (const itemIndex of context.getInputData().keys()) {
    try {
      ids.add((await orderAt(itemIndex)).id);
    } catch {
      // The item says so itself when its turn comes; the others are picked without it.
    }
  }
  const gathered: Gathered = new Map();
  const all = [...ids];
  for (let from = 0; from < all.length; from += ORDERS_PER_WAVE) {
    await startWave(context, all.slice(from, from + ORDERS_PER_WAVE), gathered);
  }
  return gathered;
}

/** One wave for these orders. The first item says who picks and until when. */
async function startWave(context: IExecuteFunctions, orderIds: string[], gathered: Gathered): Promise<void> {
  const preview = isPreview(context, 0);
  const eventId = startingEventId(context, 0);
  const { length } = orderIds;
  const answer = await waveOrNobody(() =>
    callService<Wave>(context, {
      method: 'POST',
      path: '/waves',
      query: preview ? { dryRun: 'true' } : undefined,
      idempotencyKey: idempotencyKey(
        'wave',
        referenceOf(context, 0),
        String(length),
        orderIds[0],
        orderIds[length - 1],
      ),
      eventId,
      body: {
        orderIds,
        ...assigneeOf(context, 0),
        dueAt: toUtc(context, 0, context.getNodeParameter('dueAt', 0, '')),
        event: eventId,
      },
    }),
  );
  for (const one of answer.orders) {
    gathered.set(one.orderId, preview ? previewOf(answer) : { task: taskOf(answer, one) });
  }
  for (const one of answer.leftOut) gathered.set(one.orderId, await withoutWave(context, one));
}

/** That no order can be picked now is told order by order, as it is when only some cannot. */
async function waveOrNobody(start: () => Promise<Wave>): Promise<Wave> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'WAVE_EMPTY') return Promise.reject(error as Error);
    return { id: '', number: 0, orders: [], leftOut: error.problem.leftOut as LeftOut[] };
  }
}

/** The order's task as far as the wave tells it; once it is closed the wait tells all of it. */
function taskOf({ id, number, assigneeEmail, assigneeName }: Wave, order: WaveOrder): Task {
  const { slot, adopted, awaited } = order;
  return {
    id: order.taskId,
    kind: 'picking',
    status: 'open',
    outcome: null,
    orderId: order.orderId,
    orderNumber: order.number,
    assigneeEmail,
    assigneeName,
    wave: { id, number, slot, adopted, awaited },
  };
}

/** What this run had picked before goes on with the task that did it; the others leave with their reason. */
async function withoutWave(
  context: IExecuteFunctions,
  { code, message, taskId }: LeftOut,
): Promise<Pick<Assignment, 'task' | 'leftOut'>> {
  if (code === 'NOTHING_TO_PICK' && taskId !== null) {
    return { task: await callService<Task>(context, { method: 'GET', path: `/tasks/${encodeURIComponent(taskId)}` }) };
  }
  return { leftOut: { error: message, details: { code } } };
}

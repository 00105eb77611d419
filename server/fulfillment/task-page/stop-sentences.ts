import type { openHolds } from '../../orders';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskLineRow, TaskRow } from '../tasks/tasks.models';

type Hold = Awaited<ReturnType<typeof openHolds>>[number];

/** Notes of other holds were written for the office and may name the customer, so the floor reads the reason only. */
const SENTENCES: Readonly<Record<string, string>> = {
  payment: 'the payment has to be settled first; wait until it is.',
  fraud: 'somebody checks this order; wait until it is let go.',
  address: 'the address has to be put right first; wait until it is.',
  stock: 'the stock has to be put right first; wait until it is.',
  compliance: 'a manager has to approve this order first; wait until it is let go.',
  cancellation_requested: 'somebody asked to cancel it; wait until it is decided.',
};

/** Why the work should rest, one sentence a reason; nothing for whoever decides about it. */
export function stopSentences(task: TaskRow, lines: readonly TaskLineRow[], holds: readonly Hold[]): string[] {
  if (taskKinds[task.kind].actsAs === 'store_manager') return [];
  const orderLineIds = new Set(lines.map(({ lineId }) => lineId));
  const concerned = holds.filter(({ lineIds }) => !lineIds?.length || lineIds.some((id) => orderLineIds.has(id)));
  return [...new Set(concerned.map(sentenceOf))];
}

function sentenceOf({ reason, note }: Hold): string {
  return `Stop: ${SENTENCES[reason] ?? `the order is on hold${note ? ` (${note})` : ''}; wait until it is let go.`}`;
}

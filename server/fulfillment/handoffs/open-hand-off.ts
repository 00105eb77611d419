import { emitForOrder, lockState, moveOrder, type OrderState, saveState, snapshot } from '../../orders';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { eventIdOf } from '../recovery/event-id';
import { openHandOffs } from '../rights';
import { announceTask } from '../tasks/announce';
import { chooseAssignee } from '../tasks/assignment';
import { readTask, type TaskState } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { tasks } from '../tasks/tasks.models';
import { handOffMethods } from './hand-off-moves';
import { placeOf } from './hand-off-view';
import type { HandOffInput } from './hand-offs.schema';
import { type HandOffRow, handOffs } from './hand-offs.models';

export interface OpenedHandOff {
  handOff: HandOffRow;
  order: OrderState['order'];
  task: TaskState;
  isNew: boolean;
}

/**
 * Has an order's goods wait for whoever takes them, and gives somebody the work of handing them over. While one is
 * open, or when the run that asks had it before, that one is the answer.
 * Throws 409 HANDOFF_OPEN when another kind is open, ASSIGNEE_NOT_FOUND, and what the order's move refuses.
 */
export async function openHandOff(
  ctx: CommandContext,
  urls: TaskUrls,
  idOrNumber: string,
  input: HandOffInput,
): Promise<OpenedHandOff> {
  const state = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, openHandOffs, state.order.storeId);
  const eventId = eventIdOf(input.event ?? ctx.execution.eventId);
  const last = await ctx.get(handOffs, 'order_id = :orderId ORDER BY id DESC', { orderId: state.order.id });
  if (last && (last.openMarker || (eventId !== null && last.eventId === eventId))) {
    if (last.openMarker) assertSame(last, input);
    return { handOff: last, order: state.order, task: await readTask(ctx, last.taskId), isNew: false };
  }
  const waiting = await bringToWait(ctx, state, input);
  const id = ctx.newId();
  const task = await giveTask(ctx, waiting, input, { id, eventId });
  const handOff = insertHandOff(ctx, waiting, { id, input, taskId: task.task.id, eventId });
  await announceTask(ctx, urls, { order: waiting.order, ...task });
  const { id: handOffId, method, spot, service } = handOff;
  emitForOrder(ctx, waiting.order, 'handoff.opened', { handOffId, taskId: handOff.taskId, method, spot, service });
  return { handOff, order: waiting.order, task, isNew: true };
}

function assertSame(open: HandOffRow, { method, spot, service }: HandOffInput): void {
  if (open.method === method && open.spot === (spot ?? null) && open.service === (service ?? null)) return;
  throw new ConflictError(
    'HANDOFF_OPEN',
    `Order ${open.orderNumber} already waits to be handed over: ${placeOf(open)}. Cancel that first: POST /api/v1/handoffs/${open.id}/cancel.`,
    { facts: { handOffId: open.id, method: open.method, spot: open.spot, service: open.service } },
  );
}

/** Moves the order where it is to wait; one that waits there already only learns the new place. */
async function bringToWait(
  ctx: CommandContext,
  state: OrderState,
  { method, spot, service }: HandOffInput,
): Promise<OrderState> {
  const { waitsIn, opens } = handOffMethods[method];
  if (state.order.status !== waitsIn) {
    return (await moveOrder(ctx, state.order.id, { move: opens, method, spot, service })).state;
  }
  const { handover } = state.order;
  if (handover.method === method && handover.spot === spot && handover.service === service) return state;
  const before = snapshot(state);
  state.order.handover = { ...handover, method, spot, service };
  await saveState(ctx, before, state);
  return state;
}

async function giveTask(
  ctx: CommandContext,
  state: OrderState,
  input: HandOffInput,
  { id, eventId }: { id: string; eventId: string | null },
): Promise<TaskState> {
  const { order } = state;
  const { method, spot, service, staffInstructions, assigneeEmail, role, dueAt } = input;
  const where = `order_id = :orderId AND kind = 'hand_off' ORDER BY round DESC`;
  const earlier = await ctx.get(tasks, where, { orderId: order.id });
  const wanted = { storeId: order.storeId, email: assigneeEmail, role: role ?? taskKinds.hand_off.role };
  const place = `${placeOf({ method, spot: spot ?? null, service: service ?? null })}.`;
  return insertTask(ctx, state, {
    kind: 'hand_off',
    units: NO_UNITS,
    round: (earlier?.round ?? 0) + 1,
    assignee: await chooseAssignee(ctx, wanted),
    dueAt: dueAt ?? null,
    instructions: [place, staffInstructions, order.notes].filter(Boolean).join(' '),
    details: { handOffId: id, method, spot: spot ?? null, service: service ?? null },
    eventId,
  });
}

function insertHandOff(
  ctx: CommandContext,
  { order }: OrderState,
  { id, input, taskId, eventId }: { id: string; input: HandOffInput; taskId: string; eventId: string | null },
): HandOffRow {
  const { method, spot, service, customerInstructions, staffInstructions, confirmBy } = input;
  const row: HandOffRow = {
    id,
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    taskId,
    method,
    spot: spot ?? null,
    service: service ?? null,
    customerInstructions,
    staffInstructions,
    confirmBy,
    status: 'open',
    openMarker: 1,
    wrongTries: 0,
    absences: 0,
    confirmedWith: null,
    confirmedBy: null,
    signedBy: null,
    note: null,
    eventId,
    lastActionId: null,
    overdueAt: null,
    createdAt: ctx.now,
    createdBy: ctx.actor.name,
    closedAt: null,
  };
  ctx.insert(handOffs, row);
  const { storeId, orderId } = row;
  const after = { method, spot: row.spot, service: row.service, confirmBy };
  ctx.audit({ action: 'handoff.open', subjectType: 'handoff', subjectId: id, storeId, orderId, after });
  return row;
}

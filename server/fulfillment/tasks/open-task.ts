import { emitForOrder, isFinal, lockState, type OrderLineRow, type OrderRow, type OrderState } from '../../orders';
import { type ProductRow, productsWithIds } from '../../inventory';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { eventIdOf } from '../recovery/event-id';
import { assignTasks } from '../rights';
import { announceTask } from './announce';
import { type Assignee, chooseAssignee, NOBODY } from './assignment';
import { linesOf, type TaskState } from './find-tasks';
import { byShelf } from './shelf-order';
import { taskConducts } from './task-conduct';
import { type TaskKind, taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { NO_UNITS, type Units, unitsLeft } from './task-units';
import { taskLines, type TaskLineRow, type TaskRow, tasks } from './tasks.models';
import type { TaskInput } from './tasks.schema';

/**
 * Gives somebody work on an order, once: while such a task is open, or when the round that is meant is there already,
 * that one is the answer. A new round holds what is left after the last one closed.
 * Throws 404 ORDER_NOT_FOUND, 409 ORDER_NOT_PROCESSING, ORDER_CLOSED, ASSIGNEE_NOT_FOUND or a kind's own
 * refusal (NOTHING_TO_PICK).
 */
export async function openTask(
  ctx: CommandContext,
  urls: TaskUrls,
  input: TaskInput,
): Promise<TaskState & { isNew: boolean }> {
  const { order, lines } = await lockState(ctx, input.orderId);
  authorise(ctx.actor, assignTasks, order.storeId);
  const { kind } = input;
  const eventId = eventIdOf(input.event ?? ctx.execution.eventId);
  const rounds = await ctx.find(tasks, 'order_id = :orderId AND kind = :kind ORDER BY round DESC', {
    orderId: order.id,
    kind,
  });
  const [last] = rounds;
  const meant = last?.openMarker ? last : rounds.find(({ round }) => round === input.round);
  const left = meant ? undefined : await unitsLeft(ctx, { kind, orderId: order.id, lines });
  const same = meant ?? (left && isRepeat(kind, last, eventId, left) ? last : undefined);
  const { asked } = taskConducts.of(kind);
  if (same) {
    const state = { task: same, lines: await linesOf(ctx, [same.id]) };
    const task = (await asked?.(ctx, { order: { order, lines }, state, input, isNew: false })) ?? same;
    return { ...state, task, isNew: false };
  }

  assertOrderTakesIt(kind, order);
  const units = left ?? new Map<string, number>();
  const done = await doneWithoutTask(ctx, { order, lines }, { kind, units, last, eventId });
  if (done) return { ...done, isNew: true };
  assertUnitsLeft(kind, order, units, last);
  const rule = taskKinds[kind];
  const wanted = { storeId: order.storeId, email: input.assigneeEmail, role: input.role ?? rule.role };
  const state = await insertTask(
    ctx,
    { order, lines },
    {
      kind,
      units,
      round: (last?.round ?? 0) + 1,
      assignee: await chooseAssignee(ctx, wanted),
      dueAt: input.dueAt ?? null,
      instructions: input.instructions ?? order.notes,
      details: await taskConducts.of(kind).details?.(ctx, { order, lines }),
      eventId,
    },
  );
  const task = (await asked?.(ctx, { order: { order, lines }, state, input, isNew: true })) ?? state.task;
  await announceTask(ctx, urls, { order, ...state, task });
  return { ...state, task, isNew: true };
}

/** A run that walks through what is done asks for the round it had; nothing is left, so that one is the answer. */
function isRepeat(kind: TaskKind, last: TaskRow | undefined, eventId: string | null, left: Units): boolean {
  if (!last || eventId === null || last.eventId !== eventId) return false;
  return left.size === 0 || taskKinds[kind].units === 'none';
}

/** Work that a program did is a task that is done, so that whoever waits for it goes on. */
async function doneWithoutTask(
  ctx: CommandContext,
  state: OrderState,
  { kind, units, last, eventId }: { kind: TaskKind; units: Units; last: TaskRow | undefined; eventId: string | null },
): Promise<TaskState | undefined> {
  const wasDone = last !== undefined && last.outcome !== 'cancelled';
  if (taskKinds[kind].units === 'none' || units.size > 0 || wasDone) return undefined;
  const result = await taskConducts.of(kind).alreadyDone?.(ctx, state);
  if (!result) return undefined;
  const round = (last?.round ?? 0) + 1;
  const asked = { kind, units: NO_UNITS, round, assignee: NOBODY, dueAt: null, instructions: '', eventId };
  const { task, lines } = await insertTask(ctx, state, asked);
  const closed = { status: 'done', outcome: 'done', openMarker: null, result, closedAt: ctx.now } as const;
  await ctx.update(tasks, closed, 'id = :id', { id: task.id });
  const { id: taskId, storeId, orderId } = task;
  const after = { status: 'done', outcome: 'done', withoutTask: true };
  ctx.audit({ action: 'task.complete', subjectType: 'task', subjectId: taskId, storeId, orderId, after });
  emitForOrder(ctx, state.order, 'task.done', { taskId, kind, round, outcome: 'done', result, lines: [] });
  return { task: { ...task, ...closed }, lines };
}

function assertOrderTakesIt(kind: TaskKind, { number, status }: OrderRow): void {
  const { during, title } = taskKinds[kind];
  if (during !== 'any_time' && isFinal(status)) {
    throw new ConflictError(
      'ORDER_CLOSED',
      `Order ${number} is ${status}; there is no ${title.toLowerCase()} left to do.`,
      {
        facts: { status },
      },
    );
  }
  if (during === 'processing' && status !== 'processing') {
    throw new ConflictError(
      'ORDER_NOT_PROCESSING',
      `${title} is done while an order is processing; order ${number} is ${status}. Move it first: process, or resume.`,
      { facts: { status } },
    );
  }
}

function assertUnitsLeft(kind: TaskKind, order: OrderRow, left: Units, last: TaskRow | undefined): void {
  const { units, nothingLeft, title } = taskKinds[kind];
  if (units === 'none' || left.size > 0) return;
  throw new ConflictError(
    nothingLeft,
    `${title} of order ${order.number} has nothing left to do. GET /api/v1/tasks?orderId=${order.id} shows what was done.`,
    { facts: { orderId: order.id, lastTaskId: last?.id ?? null } },
  );
}

export interface NewTask {
  kind: TaskKind;
  units: Units;
  /** How many of them stock keeps apart. */
  setAside?: Units;
  round: number;
  assignee: Assignee;
  dueAt: string | null;
  instructions: string;
  /** What the kind needs to know; see `TaskRow`. */
  details?: Record<string, unknown>;
  eventId: string | null;
  /** For whoever opens many tasks and has read the goods of all. */
  products?: ReadonlyMap<string, ProductRow>;
}

const INSTRUCTIONS_MAX = 2000;

/** Writes the task and its lines in the way through the shelves; nobody is told yet. */
export async function insertTask(ctx: CommandContext, { order, lines }: OrderState, task: NewTask): Promise<TaskState> {
  const { assignee, units, setAside = NO_UNITS, products, ...given } = task;
  const row: TaskRow = {
    ...given,
    ...assignee,
    details: given.details ?? null,
    result: null,
    id: ctx.newId(),
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    instructions: given.instructions.slice(0, INSTRUCTIONS_MAX),
    status: 'open',
    outcome: null,
    openMarker: 1,
    linkNumber: 1,
    overdueAt: null,
    escalatedAt: null,
    note: null,
    workflowId: ctx.execution.workflowId ?? null,
    executionId: ctx.execution.executionId ?? null,
    version: 1,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    closedAt: null,
  };
  ctx.insert(tasks, row);
  const rows = await newLines(ctx, row.id, lines, { units, setAside, products });
  ctx.insert(taskLines, rows);
  ctx.audit({
    action: 'task.open',
    subjectType: 'task',
    subjectId: row.id,
    storeId: row.storeId,
    orderId: row.orderId,
    after: { kind: row.kind, round: row.round, assignee: assignee.assigneeName ?? assignee.assigneeRole },
  });
  return { task: row, lines: rows };
}

/** Lines for so many units of the order's lines, sorted by shelf. */
export async function newLines(
  ctx: CommandContext,
  taskId: string,
  orderLines: readonly OrderLineRow[],
  { units, setAside, products: known }: { units: Units; setAside: Units; products?: ReadonlyMap<string, ProductRow> },
): Promise<TaskLineRow[]> {
  const wanted = orderLines.filter(({ id }) => units.has(id));
  const read = (): Promise<ReadonlyMap<string, ProductRow>> =>
    productsWithIds(
      ctx,
      wanted.map(({ productId }) => productId),
    );
  const products = known ?? (await read());
  const rows = wanted.map((line) => ({
    taskId,
    id: ctx.newId(),
    lineId: line.id,
    productId: line.productId,
    sku: line.sku,
    name: line.name,
    shelf: products.get(line.productId)?.shelf ?? null,
    barcode: products.get(line.productId)?.barcode ?? null,
    quantity: units.get(line.id) ?? 0,
    setAsideQuantity: setAside.get(line.id) ?? 0,
    doneQuantity: 0,
    shortQuantity: 0,
    shortReason: null,
    note: null,
  }));
  return rows.sort(byShelf).map((row, n) => ({ ...row, position: n + 1 }));
}

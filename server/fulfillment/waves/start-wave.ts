import { productsWithIds } from '../../inventory';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import { ConflictError } from '../../platform/errors';
import { eventIdOf } from '../recovery/event-id';
import { assignTasks } from '../rights';
import { tellAssigned } from '../tasks/announce';
import { type Assignee, auditAssignment, chooseAssignee } from '../tasks/assignment';
import { linesOf } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import { byShelf } from '../tasks/shelf-order';
import { taskKinds } from '../tasks/task-kinds';
import { type TaskLineRow, type TaskRow, tasks } from '../tasks/tasks.models';
import { announceWave } from './announce-wave';
import { type Chosen, chooseOrders, type Selection } from './choose-orders';
import type { WaveUrls } from './wave-links';
import { GIVEN_KEYS, readWave, type WaveState } from './wave-state';
import { waveLines, type WaveLineRow, waveOrders, type WaveOrderRow, type WaveRow, waves } from './waves.models';
import type { WaveInput } from './waves.schema';

/**
 * Gathers the picking of several orders for one person. Each order keeps a picking task of its own below it, so that
 * whatever waits for that task goes on as ever. The run that started an open wave gets that wave again.
 * Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED, 409 WAVE_EMPTY (each order with its reason) or ASSIGNEE_NOT_FOUND.
 */
export async function startWave(
  ctx: CommandContext,
  urls: WaveUrls,
  input: WaveInput,
): Promise<{ state: WaveState; isNew: boolean }> {
  const eventId = eventIdOf(input.event ?? ctx.execution.eventId);
  const selection = await chooseOrders(ctx, input, eventId);
  const { storeId, chosen, leftOut } = selection;
  authorise(ctx.actor, assignTasks, storeId);
  const same = await waveOfRun(ctx, selection, eventId);
  if (same) return { state: await readWave(ctx, same.id), isNew: false };
  if (chosen.length === 0) {
    const message = 'None of these orders can be picked in a wave now. leftOut says why, order by order.';
    throw new ConflictError('WAVE_EMPTY', message, { facts: { leftOut } });
  }
  const role = input.role ?? taskKinds.picking.role;
  const assignee = await chooseAssignee(ctx, { storeId, email: input.assigneeEmail, role });
  const wave = await insertWave(ctx, { selection, assignee, dueAt: input.dueAt ?? null, eventId });
  const lines = await gatherTasks(ctx, wave, chosen);
  insertLines(ctx, wave, lines);
  const state = await readWave(ctx, wave.id);
  await announceWave(ctx, urls, state, 'assigned');
  return { state, isNew: true };
}

/** Started again for its event, a run goes on with the wave it had. */
async function waveOfRun(
  ctx: CommandContext,
  { storeId, waveIds }: Selection,
  eventId: string | null,
): Promise<WaveRow | undefined> {
  if (eventId === null || waveIds.length === 0) return undefined;
  const where = 'store_id = :storeId AND event_id = :eventId AND open_marker = 1 AND id IN (:waveIds)';
  return ctx.get(waves, where, { storeId, eventId, waveIds });
}

async function insertWave(
  ctx: CommandContext,
  {
    selection,
    assignee,
    ...given
  }: {
    selection: Selection;
    assignee: Assignee;
    dueAt: string | null;
    eventId: string | null;
  },
): Promise<WaveRow> {
  const { storeId, chosen, leftOut } = selection;
  // Whoever starts a wave at the same moment waits here, so that no number is given twice.
  const [last] = await ctx.lock(waves, 'store_id = :storeId ORDER BY number DESC LIMIT 1', { storeId });
  const wave: WaveRow = {
    ...given,
    ...assignee,
    id: ctx.newId(),
    storeId,
    number: (last?.number ?? 0) + 1,
    status: 'open',
    outcome: null,
    openMarker: 1,
    linkNumber: 1,
    overdueAt: null,
    escalatedAt: null,
    leftOut,
    note: null,
    workflowId: ctx.execution.workflowId ?? null,
    executionId: ctx.execution.executionId ?? null,
    version: 1,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    closedAt: null,
  };
  ctx.insert(waves, wave);
  ctx.audit({
    action: 'wave.start',
    subjectType: 'wave',
    subjectId: wave.id,
    storeId,
    after: {
      number: wave.number,
      orders: chosen.map(({ state }) => state.order.number),
      leftOut: leftOut.map(({ number, code }) => `${number} ${code}`),
      assignee: assignee.assigneeName ?? assignee.assigneeEmail,
    },
  });
  return wave;
}

/** Opens or adopts each order's task; the person hears of the wave only. */
async function gatherTasks(ctx: CommandContext, wave: WaveRow, chosen: readonly Chosen[]): Promise<TaskLineRow[]> {
  const adopted = chosen.flatMap(({ task }) => task ?? []);
  const lines = await linesOf(
    ctx,
    adopted.map(({ id }) => id),
  );
  const waited = await waitedFor(ctx, adopted);
  const productIds = chosen.flatMap(({ state }) => state.lines.map(({ productId }) => productId));
  const products = await productsWithIds(ctx, [...new Set(productIds)]);
  const rows: WaveOrderRow[] = [];
  const taken: TaskRow[] = [];
  for (const [n, one] of chosen.entries()) {
    const { order } = one.state;
    const isAdopted = one.task !== undefined;
    const isAwaited = one.task !== undefined && (one.task.executionId !== null || waited.has(one.task.id));
    const told = { id: wave.id, number: wave.number, slot: n + 1, adopted: isAdopted, awaited: isAwaited };
    let task = one.task;
    if (task) {
      const given = adopting(ctx, wave, task, told);
      taken.push(given);
      auditAssignment(ctx, task, wave, { wave: wave.number });
      tellAssigned(ctx, { order, task: given });
    } else {
      const opened = await insertTask(ctx, one.state, { ...newTask(wave, one), details: { wave: told }, products });
      task = opened.task;
      lines.push(...opened.lines);
      tellAssigned(ctx, { order, task });
    }
    rows.push({
      id: ctx.newId(),
      waveId: wave.id,
      orderId: order.id,
      orderNumber: order.number,
      slot: n + 1,
      taskId: task.id,
      adopted: isAdopted,
      awaited: isAwaited,
      beforeWave: one.task ? beforeWave(one.task) : null,
      openMarker: 1,
    });
  }
  updateRows(ctx, tasks, taken, { keys: GIVEN_KEYS });
  ctx.insert(waveOrders, rows);
  return lines;
}

/** Tasks that a sleeping run waits for: it goes on with the order by itself. */
async function waitedFor(ctx: CommandContext, adopted: readonly TaskRow[]): Promise<Set<string>> {
  if (adopted.length === 0) return new Set();
  const rows = await ctx.select<{ taskId: string }>(
    `SELECT DISTINCT i.task_id FROM wait_items i JOIN waits w ON w.id = i.wait_id
      WHERE i.task_id IN (:ids) AND w.status = 'waiting'`,
    { ids: adopted.map(({ id }) => id) },
  );
  return new Set(rows.map(({ taskId }) => taskId));
}

function newTask(wave: WaveRow, { state, units, round }: Chosen) {
  // The wave has the due time, so that one reminder goes out rather than one for each order.
  return { kind: 'picking' as const, units, round, assignee: assigneeOf(wave), dueAt: null, instructions: state.order.notes, eventId: wave.eventId }; // prettier-ignore
}

/** The link of the one who had it ends with this. */
function adopting(ctx: CommandContext, wave: WaveRow, task: TaskRow, told: Record<string, unknown>): TaskRow {
  return {
    ...task,
    ...assigneeOf(wave),
    dueAt: null,
    overdueAt: null,
    escalatedAt: null,
    details: { ...task.details, wave: told },
    linkNumber: task.linkNumber + 1,
    version: task.version + 1,
    updatedAt: ctx.now,
  };
}

function assigneeOf({ assigneeId, assigneeEmail, assigneeName, assigneeRole }: Assignee): Assignee {
  return { assigneeId, assigneeEmail, assigneeName, assigneeRole };
}

function beforeWave(task: TaskRow) {
  return { ...assigneeOf(task), dueAt: task.dueAt };
}

/** One line a product, in the way through the shelves. */
function insertLines(ctx: CommandContext, wave: WaveRow, lines: readonly TaskLineRow[]): void {
  const byProduct = new Map(lines.map((line) => [line.productId, line]));
  const rows: WaveLineRow[] = [...byProduct.values()].sort(byShelf).map((line, n) => ({
    id: ctx.newId(),
    waveId: wave.id,
    productId: line.productId,
    sku: line.sku,
    name: line.name,
    shelf: line.shelf,
    barcode: line.barcode,
    collectedQuantity: 0,
    shortQuantity: 0,
    shortReason: null,
    note: null,
    position: n + 1,
  }));
  ctx.insert(waveLines, rows);
}

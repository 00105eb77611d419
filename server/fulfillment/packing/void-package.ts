import { departuresOf, emitForOrder, lockState, type OrderState } from '../../orders';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext, JobContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import type { DeliveredEvent } from '../../platform/registry';
import { packOrders, workOnTasks } from '../rights';
import { lockTask, type TaskState } from '../tasks/find-tasks';
import { recordAction } from '../tasks/record-action';
import { tasks } from '../tasks/tasks.models';
import { saveUnits } from './fill-package';
import { livePackages, packagesHere, type PackageState, packagesOf } from './find-packages';
import { movePackage } from './package-rules';
import { type PackageRow, packages } from './packages.models';
import { VOID_REASON_MAX } from './packages.schema';
import { assertHere, auditPackage, countPacked } from './seal-package';

/**
 * A package that counts no more; its units can be packed anew. Voiding twice changes nothing.
 * Throws 404 PACKAGE_NOT_FOUND, 409 PACKAGE_LEFT.
 */
export async function voidPackage(
  ctx: CommandContext,
  id: string,
  reason: string,
): Promise<{ order: OrderState; state: PackageState; changed: boolean }> {
  const { order, state } = await lockPackage(ctx, id);
  if (state.row.status === 'void') return { order, state, changed: false };
  assertHere(state);
  await uncount(ctx, state);
  await discard(ctx, order, state, reason);
  return { order, state, changed: true };
}

/** The package with its order, ours until the command ends. Throws 404 PACKAGE_NOT_FOUND. */
export async function lockPackage(
  ctx: CommandContext,
  id: string,
): Promise<{ order: OrderState; state: PackageState }> {
  const found = await ctx.get(packages, 'id = :id', { id });
  if (!found) {
    throw new NotFoundError('PACKAGE_NOT_FOUND', 'There is no such package. GET /orders/:id lists those of an order.');
  }
  const order = await lockState(ctx, found.orderId);
  authorise(ctx.actor, packOrders, order.order.storeId);
  const state = (await packagesOf(ctx, [found.orderId])).find(({ row }) => row.id === id) as PackageState;
  return { order, state };
}

/** As `voidPackage`, of a package whose task counts no more. */
export async function discard(
  ctx: CommandContext,
  order: OrderState,
  { row, units }: PackageState,
  reason: string,
): Promise<void> {
  const before = { status: row.status };
  const status = movePackage(row, 'void');
  const set: Partial<PackageRow> = {
    status,
    liveMarker: null,
    voidedAt: ctx.now,
    voidedBy: ctx.actor.name,
    voidReason: reason.slice(0, VOID_REASON_MAX),
  };
  await ctx.update(packages, set, 'id = :id', { id: row.id });
  Object.assign(row, set);
  await countPacked(ctx, order);
  auditPackage(ctx, row, 'void', { before, after: { status, units: Object.fromEntries(units) }, note: reason });
  emitForOrder(ctx, order.order, 'package.voided', { package: { id: row.id, number: row.number } });
}

/** The task that is still counting has these units before it again. The void package goes on saying what was in it. */
async function uncount(ctx: CommandContext, state: PackageState): Promise<void> {
  const task = await countingTask(ctx, state.row.taskId);
  if (!task) return;
  const changes = task.lines.flatMap((line) => {
    const units = Math.min(line.doneQuantity, state.units.get(line.lineId) ?? 0);
    const none = { shortChange: 0, shortReason: null, note: null };
    return units > 0 ? [{ lineId: line.id, doneChange: -units, packageId: state.row.id, ...none }] : [];
  });
  if (changes.length === 0) return;
  if (state.row.status === 'sealed') await ctx.update(packages, { status: 'open' }, 'id = :id', { id: state.row.id });
  await recordAction(ctx, task, { kind: 'tick', changes });
  await saveUnits(ctx, { ...state, units: new Map() }, state.units);
}

/** The task, ours until the command ends, if it is still open. */
export async function countingTask(ctx: CommandContext, taskId: string | null): Promise<TaskState | undefined> {
  if (!taskId) return undefined;
  const seen = await ctx.get(tasks, 'id = :taskId AND open_marker = 1', { taskId });
  if (!seen) return undefined;
  const state = await lockTask(ctx, taskId, workOnTasks);
  return state.task.openMarker ? state : undefined;
}

/** What a cancelled order had packed until then is unpacked; what has left stays as it is. */
export async function voidEarlier(job: JobContext, event: DeliveredEvent, reason: string): Promise<void> {
  await job.transaction(async (ctx) => {
    const order = await lockState(ctx, event.orderId ?? '');
    const isEarlier = ({ row }: PackageState): boolean => row.orderVersion < (event.orderVersion ?? 0);
    await unpack(ctx, order, (await packagesHere(ctx, order.order.id)).filter(isEarlier), reason);
  });
}

/** Work on the order starts again, so what is here is packed anew; in the command that says so. */
export async function voidResumed(ctx: CommandContext, order: OrderState): Promise<void> {
  await unpack(ctx, order, await packagesHere(ctx, order.order.id), 'Work on the order starts again.');
}

/**
 * A part that left came back and is packed anew: its packages are void, first those that left with it, then whatever
 * else its units lie in. The order must be ours, with the units back in the house.
 */
export async function voidReturned(
  ctx: CommandContext,
  order: OrderState,
  { part, units }: { part: number; units: ReadonlyMap<string, number> },
  reason: string,
): Promise<void> {
  const departures = await departuresOf(ctx, order.order.id);
  const leftWith = ({ row }: PackageState) => departures.find(({ orderVersion }) => orderVersion > row.orderVersion);
  const isOfPart = (state: PackageState): boolean => leftWith(state)?.part === part;
  const gone = (await livePackages(ctx, order.order.id)).filter(({ hasLeft }) => hasLeft);
  const rest = new Map(units);
  const back = [...gone.filter(isOfPart), ...gone.filter((state) => !isOfPart(state))].filter(({ units: inside }) => {
    if ([...inside].some(([lineId, quantity]) => quantity > (rest.get(lineId) ?? 0))) return false;
    for (const [lineId, quantity] of inside) rest.set(lineId, (rest.get(lineId) ?? 0) - quantity);
    return true;
  });
  await unpack(ctx, order, back, reason);
}

async function unpack(
  ctx: CommandContext,
  order: OrderState,
  concerned: readonly PackageState[],
  reason: string,
): Promise<void> {
  for (const state of concerned) {
    await uncount(ctx, state);
    await discard(ctx, order, state, reason);
  }
}

import { type OrderState } from '../../orders';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { announceTask } from '../tasks/announce';
import { type Assignee, findAssignee } from '../tasks/assignment';
import { completeTask } from '../tasks/close-task';
import { readTask } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import type { Finished, Finishing } from '../tasks/task-conduct';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { outcomeOf } from '../tasks/task-progress';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { livePackages, type PackageState, packagesHere } from './find-packages';
import { unpackedUnits } from './package-rules';
import { packages } from './packages.models';
import { emailIn, personKey, personOf } from './person-key';
import { auditPackage, reopenPackage } from './seal-package';
import { tellRefused, type Told } from './tell-refused';
import { discard } from './void-package';

interface Asked {
  order: OrderState;
  packages: readonly PackageState[];
  /** The packing that waits for it; null when a program packed. */
  packing: TaskRow | null;
}

/** What a quality check is about, as its task keeps it. */
interface CheckDetails extends Record<string, unknown> {
  packingTaskId: string | null;
  packageIds: string[];
}

/**
 * Has somebody who did not pack look at the packages: of the packers' role, else a manager of the store. While a check
 * is open, that one. Throws 409 NO_CHECKER.
 */
export async function askForCheck(ctx: CommandContext, urls: TaskUrls, asked: Asked): Promise<void> {
  const { order, packing } = asked;
  const { id: orderId, storeId } = order.order;
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'quality_check' ORDER BY round DESC`, { orderId });
  const details: CheckDetails = {
    packingTaskId: packing?.id ?? null,
    packageIds: asked.packages.map(({ row }) => row.id),
  };
  if (last?.openMarker) {
    await ctx.update(tasks, { details, version: last.version + 1, updatedAt: ctx.now }, 'id = :id', { id: last.id });
    return;
  }
  const assignee = await checkerFor(ctx, storeId, packersOf(asked));
  if (!assignee) throw noChecker(storeId);
  const opened = await insertTask(ctx, order, {
    kind: 'quality_check',
    units: NO_UNITS,
    round: (last?.round ?? 0) + 1,
    assignee,
    dueAt: packing?.dueAt ?? null,
    instructions: packing?.instructions ?? order.order.notes,
    details,
    eventId: null,
  });
  await announceTask(ctx, urls, { order: order.order, ...opened });
}

/** What a program packed is looked at like what a person did, once all that is prepared is in sealed packages. */
export async function checkWhenPacked(ctx: CommandContext, urls: TaskUrls, order: OrderState): Promise<void> {
  const { id, storeId } = order.order;
  if ((await storeSettings(ctx, storeId)).qualityCheck === 'none') return;
  const sealed = (await packagesHere(ctx, id)).filter(({ row }) => row.status === 'sealed');
  const unseen = sealed.filter(({ row }) => row.inspectedAt === null);
  if (unseen.length === 0 || unpackedUnits(order.lines, sealed).size > 0) return;
  await askForCheck(ctx, urls, { order, packages: unseen, packing: null });
}

/** Whoever has the packing, and whoever sealed a package before they had it, by e-mail. */
function packersOf({ packages: sealed, packing }: Asked): string[] {
  const keys = [...sealed.map(({ row }) => row.packerKey), packing && personOf(packing)];
  return keys.flatMap((key) => emailIn(key ?? '') ?? []);
}

/** Somebody who packs, else a manager; never one who packed this. */
async function checkerFor(
  ctx: CommandContext,
  storeId: string,
  packers: readonly string[],
): Promise<Assignee | undefined> {
  for (const role of [taskKinds.quality_check.role, 'store_manager'] as const) {
    const found = await findAssignee(ctx, { storeId, role, except: packers });
    if (found?.assigneeEmail && !packers.includes(found.assigneeEmail)) return found;
  }
  return undefined;
}

/** Says whether the packages are right. Throws 409 NOT_A_QUALITY_CHECK, CHECKER_IS_PACKER or TASK_CLOSED. */
export async function inspect(
  ctx: CommandContext,
  urls: TaskUrls,
  taskId: string,
  verdict: { passed: boolean; note?: string; clientActionId?: string },
) {
  const { task } = await readTask(ctx, taskId);
  if (task.kind !== 'quality_check') {
    const message = 'This task is no quality check. GET /api/v1/tasks?kind=quality_check lists them.';
    throw new ConflictError('NOT_A_QUALITY_CHECK', message, { facts: { kind: task.kind } });
  }
  const { passed, note, clientActionId } = verdict;
  return completeTask(ctx, urls, taskId, { note, clientActionId }, { passed, note: note ?? null });
}

/** Passed: the packing that waited is done. Not passed: its packages are open again, and the packer, else the managers, are told why. */
export async function finishCheck(ctx: CommandContext, { order, state, urls, result }: Finishing): Promise<Finished> {
  if (typeof result?.passed !== 'boolean') {
    const message = 'Say whether it passed: on the task’s page, or with POST /api/v1/tasks/:id/inspection.';
    throw new ConflictError('VERDICT_MISSING', message);
  }
  const details = (state.task.details ?? {}) as Partial<CheckDetails>;
  const packing = details.packingTaskId ? await ctx.get(tasks, 'id = :id', { id: details.packingTaskId }) : undefined;
  const concerned = (await livePackages(ctx, order.order.id)).filter(
    ({ row, hasLeft }) => row.status === 'sealed' && !hasLeft && details.packageIds?.includes(row.id),
  );
  assertNotPacker(personKey(ctx.actor, state.task), concerned, packing);
  if (!result.passed) {
    const asked = { order, packages: concerned, packing: packing ?? null };
    return { order, result: { ...result, told: await sendBack(ctx, urls, asked, String(result.note)) } };
  }
  await pass(ctx, concerned);
  if (packing?.openMarker) await goOn(ctx, urls, order, packing);
  return { order, result };
}

async function pass(ctx: CommandContext, concerned: readonly PackageState[]): Promise<void> {
  for (const { row } of concerned) {
    const set = { inspectedAt: ctx.now, inspectedBy: ctx.actor.name };
    await ctx.update(packages, set, 'id = :id', { id: row.id });
    auditPackage(ctx, row, 'inspect', { after: { passed: true, packedBy: row.packedBy, inspectedBy: ctx.actor.name } });
  }
}

async function sendBack(ctx: CommandContext, urls: TaskUrls, asked: Asked, note: string): Promise<Told> {
  const { order, packing } = asked;
  for (const one of asked.packages) {
    const { row } = one;
    const after = { passed: false, packedBy: row.packedBy, inspectedBy: ctx.actor.name };
    auditPackage(ctx, row, 'inspect', { after, note });
    // Nobody is packing any more, so the goods are packed anew.
    if (packing?.openMarker) await reopenPackage(ctx, order, one);
    else await discard(ctx, order, one, `The quality check found: ${note}`);
  }
  return tellRefused(ctx, urls, {
    order: order.order,
    packing,
    note,
    numbers: asked.packages.map(({ row }) => row.number),
  });
}

/** The packing ends if nothing of it was changed while it was looked at; else its person finishes it. */
async function goOn(ctx: CommandContext, urls: TaskUrls, order: OrderState, packing: TaskRow): Promise<void> {
  const { lines } = await readTask(ctx, packing.id);
  const here = await packagesHere(ctx, order.order.id);
  const isReady = outcomeOf(lines) !== undefined && here.every(({ row }) => row.inspectedAt !== null);
  if (isReady) await completeTask(ctx, urls, packing.id, {});
}

function assertNotPacker(checker: string, concerned: readonly PackageState[], packing: TaskRow | undefined): void {
  const packers = [...concerned.map(({ row }) => row.packerKey), packing && personOf(packing)];
  if (!packers.includes(checker)) return;
  throw new ConflictError(
    'CHECKER_IS_PACKER',
    'Whoever packed cannot check it too. Ask a manager to give the check to somebody else.',
    { facts: { assignWith: 'POST /api/v1/tasks/:id/assign' } },
  );
}

function noChecker(storeId: string): ConflictError {
  return new ConflictError(
    'NO_CHECKER',
    'Nobody but the packer could check this. Ask your manager for a second person; once the store has one, finish again.',
    { facts: { storeId, addWith: 'POST /api/v1/users' } },
  );
}

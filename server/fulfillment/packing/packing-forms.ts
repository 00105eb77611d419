import { z } from 'zod';
import { lockState, type OrderState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { workOnTasks } from '../rights';
import { readFields } from '../task-page/task-forms';
import { completeTask } from '../tasks/close-task';
import { assertOpen, lockOpenTask, lockTask, readTask, type TaskState } from '../tasks/find-tasks';
import { madeBefore, recordAction } from '../tasks/record-action';
import { assertNotStopped } from '../tasks/stop-work';
import type { Act } from '../tasks/task-conduct';
import { outcomeOf } from '../tasks/task-progress';
import { clientActionId } from '../tasks/tasks.schema';
import { nextTurn, openPackage } from './fill-package';
import { livePackages, type PackageState } from './find-packages';
import { CHECK_NAMES, type Checks, movePackage } from './package-rules';
import { packages } from './packages.models';
import { PACKAGE_NOTE_MAX, packageType, sideMm, weightGrams } from './packages.schema';
import { personKey } from './person-key';
import { reopenPackage, sealPackage, sumUnits } from './seal-package';
import { voidPackage } from './void-package';

const packageId = z.string().max(26);
const ticked = z.literal('yes').optional();

/** A number that may be left out: browsers send an empty text then. */
function figure(schema: z.ZodNumber) {
  return z
    .string()
    .trim()
    .default('')
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(schema.nullable());
}

const checkFields = Object.fromEntries(CHECK_NAMES.map((name) => [`check_${name}`, ticked]));

const sealForm = z.object({
  packageId,
  type: packageType,
  weightGrams: figure(weightGrams),
  lengthMm: figure(sideMm('The length')),
  widthMm: figure(sideMm('The width')),
  heightMm: figure(sideMm('The height')),
  ...checkFields,
  acceptDifference: ticked,
  note: z.string().trim().max(PACKAGE_NOTE_MAX, `The note has at most ${PACKAGE_NOTE_MAX} characters.`).default(''),
  /** This was the last one: the task is finished with it. */
  finish: ticked,
  clientActionId,
});
const packageForm = z.object({ packageId, clientActionId });
const newForm = z.object({ type: packageType, clientActionId });

interface AtWork {
  order: OrderState;
  task: TaskState;
  live: PackageState[];
}

/** The forms of the packing page, besides those that count. */
export const packingForms: Readonly<Record<string, (fields: unknown) => Act>> = {
  seal: (fields) => {
    const form = readFields(sealForm, fields);
    return async (ctx, id, urls) => {
      const isNew = await once(ctx, id, form.clientActionId, 'seal', (work) => sealByPerson(ctx, work, form));
      if (isNew && form.finish && (await isReady(ctx, id))) await completeTask(ctx, urls, id, {});
      return undefined;
    };
  },
  new_package: (fields) => {
    const { type, clientActionId: action } = readFields(newForm, fields);
    return act(action, 'new', async (ctx, { order, task, live }) => {
      const empty = live.find((one) => one.row.status === 'open' && sumUnits(one) === 0 && ofTask(one, task));
      if (!empty) return void openPackage(ctx, order.order, live, { taskId: task.task.id, type });
      await ctx.update(packages, { type, turn: nextTurn(live.map(({ row }) => row)) }, 'id = :id', {
        id: empty.row.id,
      });
    });
  },
  choose: (fields) => {
    const { packageId: id, clientActionId: action } = readFields(packageForm, fields);
    return act(action, 'choose', async (ctx, work) => {
      const { row } = packageOf(work, id);
      // Said of a sealed one it is refused, as sealing it would be.
      movePackage(row, 'seal');
      await ctx.update(packages, { turn: nextTurn(work.live.map((one) => one.row)) }, 'id = :id', { id });
    });
  },
  reopen: (fields) => {
    const { packageId: id, clientActionId: action } = readFields(packageForm, fields);
    return act(action, 'reopen', async (ctx, work) => {
      const state = packageOf(work, id);
      await reopenPackage(ctx, work.order, state);
      const set = { turn: nextTurn(work.live.map(({ row }) => row)), taskId: work.task.task.id };
      await ctx.update(packages, set, 'id = :id', { id });
    });
  },
  unpack: (fields) => {
    const { packageId: id, clientActionId: action } = readFields(packageForm, fields);
    return act(action, 'unpack', async (ctx, work) => {
      packageOf(work, id);
      await voidPackage(ctx, id, 'Unpacked by the packer.');
    });
  },
};

function act(action: string, code: string, run: (ctx: CommandContext, work: AtWork) => Promise<void>): Act {
  return async (ctx, id) => {
    await once(ctx, id, action, code, (work) => run(ctx, work));
    return undefined;
  };
}

/**
 * The order before its task, both ours; a button that is pressed twice does its work once, also when the task has
 * ended with it. Answers whether it was the first time.
 */
async function once(
  ctx: CommandContext,
  taskId: string,
  action: string,
  code: string,
  run: (work: AtWork) => Promise<void>,
): Promise<boolean> {
  const { task: seen } = await readTask(ctx, taskId);
  const order = await lockState(ctx, seen.orderId);
  const task = await lockTask(ctx, taskId, workOnTasks);
  if (await madeBefore(ctx, taskId, action)) return false;
  assertOpen(task.task);
  await assertNotStopped(ctx, task.task);
  await run({ order, task, live: await livePackages(ctx, seen.orderId) });
  const after = await lockOpenTask(ctx, taskId, workOnTasks);
  await recordAction(ctx, after, { kind: 'package', changes: [], code, clientActionId: action });
  return true;
}

async function sealByPerson(ctx: CommandContext, work: AtWork, form: z.output<typeof sealForm>): Promise<void> {
  const state = packageOf(work, form.packageId);
  const { type, weightGrams: grams, lengthMm, widthMm, heightMm, note } = form;
  const marks = form as Readonly<Record<string, unknown>>;
  const checks: Checks = Object.fromEntries(CHECK_NAMES.map((name) => [name, marks[`check_${name}`] === 'yes']));
  await sealPackage(ctx, work.order, state, {
    ...{ type, weightGrams: grams, lengthMm, widthMm, heightMm, checks },
    acceptDifference: form.acceptDifference === 'yes',
    note: note || null,
    packerKey: personKey(ctx.actor, work.task.task),
  });
}

async function isReady(ctx: CommandContext, taskId: string): Promise<boolean> {
  const { task, lines } = await readTask(ctx, taskId);
  const live = await livePackages(ctx, task.orderId);
  return outcomeOf(lines) !== undefined && live.every((one) => one.row.status === 'sealed' || sumUnits(one) === 0);
}

/** Throws 404 PACKAGE_NOT_FOUND, also for a package of another order. */
function packageOf({ live }: AtWork, id: string): PackageState {
  const state = live.find(({ row }) => row.id === id);
  if (state) return state;
  throw new NotFoundError('PACKAGE_NOT_FOUND', 'This order has no such package any more. Open the task again.');
}

function ofTask({ row }: PackageState, { task }: TaskState): boolean {
  return row.taskId === task.id;
}

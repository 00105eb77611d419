import { type OrderState } from '../../orders';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { cancelTask } from '../tasks/close-task';
import type { Finished, Finishing, TaskConduct } from '../tasks/task-conduct';
import type { TaskRow } from '../tasks/tasks.models';
import { countIntoPackages } from './fill-package';
import { type PackageState, packagesHere } from './find-packages';
import { openCheck } from './open-check';
import { packingForms } from './packing-forms';
import { packingPage } from './packing-page.view';
import { personKey } from './person-key';
import { askForCheck } from './quality-check';
import { sealPackage, sumUnits } from './seal-package';
import { discard } from './void-package';

/** Packing counts units into packages, and ends when all of them are sealed and, where the store wants it, looked at. */
export const packingConduct: TaskConduct = {
  counted: countIntoPackages,
  alreadyDone: packedWithoutTask,
  finish: finishPacking,
  cancel: async (ctx, { order, state, urls }) => {
    for (const one of await packagesHere(ctx, order.order.id)) {
      const isOpen = one.row.status === 'open' && one.row.taskId === state.task.id;
      if (isOpen) await discard(ctx, order, one, 'The packing was ended before it was sealed.');
    }
    const check = await openCheck(ctx, order.order.id);
    if (check) await cancelTask(ctx, urls, check.id, 'The packing was ended.');
  },
  page: packingPage,
  forms: packingForms,
  papers: ['packing-slip'],
};

/** Throws 409 PACKAGES_OPEN, NO_CHECKER, or what sealing refuses. */
async function finishPacking(ctx: CommandContext, { order, state, urls, result }: Finishing): Promise<Finished> {
  const { id: orderId, storeId } = order.order;
  const store = await storeSettings(ctx, storeId);
  for (const one of await packagesHere(ctx, orderId)) {
    if (one.row.status === 'open' && sumUnits(one) === 0) await discard(ctx, order, one, 'Nothing was packed into it.');
  }
  const open = (await packagesHere(ctx, orderId)).filter(({ row }) => row.status === 'open');
  // A program that finishes the task says that all is done; a person on the page says it of each package.
  if (open.length > 0 && (ctx.actor.kind === 'link' || store.packing === 'required')) throw packagesOpen(open);
  for (const one of open) await sealAsItIs(ctx, order, state.task, one);
  const here = await packagesHere(ctx, orderId);
  const unseen = here.filter(({ row }) => row.inspectedAt === null);
  if (store.qualityCheck === 'required' && unseen.length > 0) {
    await askForCheck(ctx, urls, { order, packages: unseen, packing: state.task });
    return { pending: true };
  }
  return { order, result: { ...result, packages: here.map(viewPacked) } };
}

/** A program packed all of it, and whoever must look at it has done so. */
async function packedWithoutTask(ctx: CommandContext, { order }: OrderState) {
  const here = await packagesHere(ctx, order.id);
  const { qualityCheck } = await storeSettings(ctx, order.storeId);
  const isReady = ({ row }: PackageState): boolean =>
    row.status === 'sealed' && (qualityCheck === 'none' || row.inspectedAt !== null);
  return here.length > 0 && here.every(isReady) ? { packages: here.map(viewPacked) } : undefined;
}

function sealAsItIs(ctx: CommandContext, order: OrderState, task: TaskRow, one: PackageState) {
  const { type, weightGrams, lengthMm, widthMm, heightMm, note } = one.row;
  const measures = { type, weightGrams, lengthMm, widthMm, heightMm };
  const packerKey = personKey(ctx.actor, task);
  return sealPackage(ctx, order, one, { ...measures, checks: null, acceptDifference: false, note, packerKey });
}

function viewPacked(state: PackageState) {
  const { number, type, weightGrams } = state.row;
  return { number, type, weightGrams, units: sumUnits(state) };
}

function packagesOpen(open: readonly PackageState[]): ConflictError {
  const numbers = open.map(({ row }) => row.number);
  return new ConflictError('PACKAGES_OPEN', `Package ${numbers.join(', ')} is not sealed yet. Seal it, then finish.`, {
    facts: { packages: numbers },
  });
}

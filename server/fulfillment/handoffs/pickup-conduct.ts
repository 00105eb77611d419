import { z } from 'zod';
import { lockState, type OrderRow, readState, words } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { newId } from '../../platform/ids';
import { ConflictError } from '../../platform/errors';
import { consignmentsOf, readConsignment } from '../../shipping';
import { assertCodFits, confirmCodAmount, reasonsCodOutdated } from '../consignments/match-bill';
import { readFields } from '../task-page/task-forms';
import { rightToFinish } from '../rights';
import { completeTask } from '../tasks/close-task';
import { lockOpenTask, readTask } from '../tasks/find-tasks';
import type { Act, PagePart, TaskConduct } from '../tasks/task-conduct';
import { clientActionId } from '../tasks/tasks.schema';
import { packagesShown } from './packages-shown';

const GONE = ['rejected', 'cancelled', 'returned'];
const DRIVER_MAX = 120;
const REFERENCE_MAX = 64;

const pickedUp = z.object({
  driver: words('The driver', DRIVER_MAX).default(''),
  reference: words('The reference', REFERENCE_MAX).default(''),
  note: words('The note', 1000).default(''),
  clientActionId,
});

/** The amount that was due when the page was made, so that whoever confirms it has seen it. */
const told = z.object({
  consignmentId: z.string().max(26),
  codAmountMinor: z
    .string()
    .regex(/^\d{1,15}$/, 'Open the task again: the amount is missing.')
    .transform(Number),
});

/** How the courier's pickup goes: the page says what leaves and with whom, its form that it left. */
export const pickupConduct: TaskConduct = {
  details: async (ctx, { order }) => ({ ...(await parcelOf(ctx, order)) }),
  finish: async (ctx, { order }) => {
    await assertCodFits(ctx, order);
    return {};
  },
  page: async (ctx, { task }) => pageOf(ctx, task.orderId),
  forms: { picked_up: pickedUpForm, cod_amount: codAmountForm },
  closed: ({ result }) =>
    result?.pickedUp
      ? `Picked up${result.driver ? ` by ${String(result.driver)}` : ''}. There is nothing more to do.`
      : undefined,
};

/** The order's parcel as the courier knows it; the newest booking that stands, else what the order says. */
async function parcelOf(ctx: ReadContext, { id, handover }: OrderRow) {
  const current = (await consignmentsOf(ctx, [id])).filter(({ status }) => !GONE.includes(status)).at(-1);
  return {
    consignmentId: current?.id ?? null,
    courier: current?.courier ?? handover.carrier ?? null,
    reference: current?.reference ?? null,
    trackingCode: current?.trackingCode ?? handover.trackingNumber ?? null,
  };
}

async function pageOf(ctx: ReadContext, orderId: string): Promise<PagePart> {
  const state = await readState(ctx, orderId);
  const { order } = state;
  const { courier, ...parcel } = await parcelOf(ctx, order);
  const address = order.shippingAddress;
  return {
    partial: 'task-pickup',
    style: 'task-hand-off',
    hidesLines: true,
    hidesFinish: true,
    ...parcel,
    courier: courier === null || courier === 'manual' ? null : `${courier.charAt(0).toUpperCase()}${courier.slice(1)}`,
    customerFirstName: order.customerName.trim().split(/\s+/)[0] ?? '',
    address: address
      ? [address.line1, address.line2, address.city, address.postalCode].filter(Boolean).join(', ')
      : null,
    packages: await packagesShown(ctx, orderId),
    outdated: await reasonsCodOutdated(ctx, state),
    pickedUpActionId: newId(),
  };
}

/** Somebody has changed the amount with the courier. Throws what `confirmCodAmount` refuses, as when the bill changed meanwhile. */
function codAmountForm(fields: unknown): Act {
  const { consignmentId, codAmountMinor } = readFields(told, fields);
  return async (ctx, taskId) => {
    const { task } = await readTask(ctx, taskId);
    await lockState(ctx, task.orderId);
    await lockOpenTask(ctx, taskId, rightToFinish(task.kind));
    if ((await readConsignment(ctx, consignmentId)).orderId !== task.orderId) {
      throw new ConflictError('CONSIGNMENT_OF_ANOTHER', 'That parcel is of another order. Open the task again.');
    }
    await confirmCodAmount(ctx, consignmentId, { codAmountMinor });
    return undefined;
  };
}

function pickedUpForm(fields: unknown): Act {
  const { driver, reference, note, clientActionId: action } = readFields(pickedUp, fields);
  return async (ctx, taskId, urls) => {
    const result = { pickedUp: true, driver: driver || null, reference: reference || null };
    await completeTask(ctx, urls, taskId, { allDone: true, note: note || undefined, clientActionId: action }, result);
    return undefined;
  };
}

import { isFinal, lockState, type OrderState } from '../../orders';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import { packOrders } from '../rights';
import type { TaskState } from '../tasks/find-tasks';
import { recordAction } from '../tasks/record-action';
import { assertNotStopped } from '../tasks/stop-work';
import { foundChange, type LineChange } from '../tasks/task-progress';
import { tasks } from '../tasks/tasks.models';
import { nextTurn, openPackage, saveUnits } from './fill-package';
import { livePackages, type PackageState } from './find-packages';
import { type Contents, nextNumber, unpackedUnits, type WeightCheck } from './package-rules';
import { packages } from './packages.models';
import type { PackageInput } from './packages.schema';
import { personKey } from './person-key';
import { assertHere, reopenPackage, sealPackage, type Sealing, sumUnits } from './seal-package';
import { countingTask } from './void-package';

export interface Put {
  order: OrderState;
  state: PackageState;
  isNew: boolean;
  changed: boolean;
  /** A person is packing the order; finishing their task asks for what the store wants. */
  isCounted: boolean;
  weight: WeightCheck;
}

/**
 * Says what one package of an order holds, weighs and measures; it is sealed then. The same again changes nothing.
 * While somebody packs the order, their task counts the units. Throws 409 ORDER_CLOSED, ORDER_ON_HOLD, NOTHING_TO_PACK, PACKAGE_LEFT,
 * CHECKS_OPEN or WEIGHT_DIFFERS, 422 LINE_UNKNOWN, QUANTITY_TOO_LARGE or PACKAGE_NUMBER_GAP.
 */
export async function putPackage(ctx: CommandContext, idOrNumber: string, input: PackageInput): Promise<Put> {
  const order = await lockState(ctx, idOrNumber);
  const { id: orderId, storeId, status, number: orderNumber } = order.order;
  authorise(ctx.actor, packOrders, storeId);
  if (isFinal(status)) {
    const message = `Order ${orderNumber} is ${status}; there is nothing left to pack.`;
    throw new ConflictError('ORDER_CLOSED', message, { facts: { status } });
  }
  await assertNotStopped(ctx, { kind: 'packing', orderId, orderNumber });
  const task = await packingTask(ctx, orderId);
  const live = await livePackages(ctx, orderId);
  const known = meantPackage(live, input.number);
  if (known) assertHere(known);
  const units = wantedUnits(order, live, known, input);
  const sealing = sealingOf(ctx, input);
  if (known && isSame(known, units, sealing)) {
    return {
      order,
      state: known,
      isNew: false,
      changed: false,
      isCounted: task !== undefined,
      weight: { result: 'not_weighed' },
    };
  }
  if (known?.row.status === 'sealed') await reopenPackage(ctx, order, known);
  const taskId = task?.task.id ?? null;
  const state = known ?? openPackage(ctx, order.order, live, { taskId, type: input.type, number: input.number });
  await setUnits(ctx, state, units, { task, turn: nextTurn(live.map(({ row }) => row)) });
  const weight = await sealPackage(ctx, order, state, sealing);
  return { order, state, isNew: !known, changed: true, isCounted: task !== undefined, weight };
}

async function packingTask(ctx: CommandContext, orderId: string): Promise<TaskState | undefined> {
  const open = await ctx.get(tasks, `order_id = :orderId AND kind = 'packing' AND open_marker = 1`, { orderId });
  return countingTask(ctx, open?.id ?? null);
}

/** The package of that number, or else the first that is still here; undefined for a new one. */
function meantPackage(live: readonly PackageState[], number: number | undefined): PackageState | undefined {
  if (number === undefined) return live.find(({ hasLeft }) => !hasLeft);
  const next = nextNumber(live.map(({ row }) => row));
  if (number > next) {
    const message = `The next package of this order is number ${next}.`;
    throw new ValidationError('PACKAGE_NUMBER_GAP', message, {
      errors: [{ path: 'number', code: 'PACKAGE_NUMBER_GAP', message: `Send at most ${next}.` }],
    });
  }
  return live.find(({ row }) => row.number === number);
}

function wantedUnits(
  { order, lines }: OrderState,
  live: readonly PackageState[],
  known: PackageState | undefined,
  { items }: PackageInput,
): Contents {
  const others = live.filter((one) => !one.hasLeft && one !== known);
  const room = unpackedUnits(lines, others);
  if (!items) {
    if (known && sumUnits(known) > 0) return new Map(known.units);
    if (room.size > 0) return room;
    const message = `Order ${order.number} has nothing prepared that is not packed. Finish its picking first.`;
    throw new ConflictError('NOTHING_TO_PACK', message, { facts: { orderId: order.id } });
  }
  const errors = items.flatMap(({ id, quantity }, n): FieldError[] => {
    const line = lines.find((one) => one.id === id);
    if (!line) {
      const message = `The order has no line "${id}". Use the id of one of its lines.`;
      return [{ path: `items[${n}].id`, code: 'LINE_UNKNOWN', message }];
    }
    const most = room.get(id) ?? 0;
    if (quantity <= most) return [];
    const message = `${most} of ${line.sku} are prepared and in no other package, not ${quantity}.`;
    return [{ path: `items[${n}].quantity`, code: 'QUANTITY_TOO_LARGE', message, quantity: most }];
  });
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  return new Map(items.map(({ id, quantity }) => [id, quantity]));
}

function sealingOf(ctx: CommandContext, input: PackageInput): Sealing {
  const { type, dimensions, checks, acceptDifference, note } = input;
  return {
    type,
    weightGrams: input.weightGrams ?? null,
    lengthMm: dimensions?.lengthMm ?? null,
    widthMm: dimensions?.widthMm ?? null,
    heightMm: dimensions?.heightMm ?? null,
    checks: checks ?? null,
    acceptDifference,
    note: note ?? null,
    carrier: input.carrier ?? null,
    trackingNumber: input.trackingNumber ?? null,
    packerKey: personKey(ctx.actor),
  };
}

function isSame({ row, units }: PackageState, wanted: Contents, sealing: Sealing): boolean {
  const { acceptDifference: _accept, packerKey: _packer, ...said } = sealing;
  const fields = Object.entries(said) as [keyof typeof said, unknown][];
  const sameUnits = units.size === wanted.size && [...wanted].every(([id, quantity]) => units.get(id) === quantity);
  const isAsSaid = ([name, value]: [keyof typeof said, unknown]): boolean =>
    JSON.stringify(row[name]) === JSON.stringify(value);
  return row.status === 'sealed' && sameUnits && fields.every(isAsSaid);
}

/** Puts exactly these units into an open package; a task that counts the order's packing counts along. */
async function setUnits(
  ctx: CommandContext,
  state: PackageState,
  units: Contents,
  { task, turn }: { task: TaskState | undefined; turn: number },
): Promise<void> {
  const { row } = state;
  const isOfTask = task !== undefined && row.taskId === task.task.id;
  const changes = (task?.lines ?? []).flatMap((line): LineChange[] => {
    const difference = (units.get(line.lineId) ?? 0) - (state.units.get(line.lineId) ?? 0);
    const more = Math.min(difference, line.quantity - line.doneQuantity);
    const fewer = isOfTask ? Math.min(-difference, line.doneQuantity) : 0;
    const found = more > 0 ? foundChange(line, more) : undefined;
    if (found) return [{ ...found, packageId: row.id }];
    if (fewer <= 0) return [];
    const none = { shortChange: 0, shortReason: null, note: null };
    return [{ lineId: line.id, doneChange: -fewer, packageId: row.id, ...none }];
  });
  if (task && changes.length > 0) {
    const set = { taskId: task.task.id, turn };
    await ctx.update(packages, set, 'id = :id', { id: row.id });
    Object.assign(row, set);
    await recordAction(ctx, task, { kind: 'tick', changes });
  }
  await saveUnits(ctx, state, units);
  state.units = units;
}

import { type OrderRow, readState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import type { TaskState } from '../tasks/find-tasks';
import type { LineChange } from '../tasks/task-progress';
import { livePackages, type PackageState } from './find-packages';
import {
  type Contents,
  currentPackage,
  distribute,
  type Fillable,
  nextNumber,
  type PackageType,
} from './package-rules';
import { packageLines, type PackageRow, packages } from './packages.models';

export interface NewPackage {
  taskId: string | null;
  type: PackageType;
  /** Missing: the lowest that is free. */
  number?: number;
}

/** Opens a package, which is then the one that takes what is counted. `live` are the order's packages so far. */
export function openPackage(
  ctx: CommandContext,
  order: Pick<OrderRow, 'id' | 'storeId' | 'version'>,
  live: readonly PackageState[],
  { taskId, type, number }: NewPackage,
): PackageState {
  const rows = live.map(({ row }) => row);
  const row: PackageRow = {
    id: ctx.newId(),
    storeId: order.storeId,
    orderId: order.id,
    taskId,
    number: number ?? nextNumber(rows),
    type,
    status: 'open',
    liveMarker: 1,
    orderVersion: order.version,
    turn: nextTurn(rows),
    weightGrams: null,
    lengthMm: null,
    widthMm: null,
    heightMm: null,
    expectedGrams: null,
    weightAccepted: false,
    checks: null,
    note: null,
    carrier: null,
    trackingNumber: null,
    createdAt: ctx.now,
    packedAt: null,
    packedBy: null,
    packerKey: null,
    inspectedAt: null,
    inspectedBy: null,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  };
  ctx.insert(packages, row);
  return { row, units: new Map(), hasLeft: false };
}

export function nextTurn(rows: readonly PackageRow[]): number {
  return Math.max(0, ...rows.map(({ turn }) => turn)) + 1;
}

/** What a packing task counts goes into its open package; the first count opens a box by itself. */
export async function countIntoPackages(
  ctx: CommandContext,
  { task, lines }: TaskState,
  changes: readonly LineChange[],
): Promise<LineChange[]> {
  if (changes.every(({ doneChange }) => doneChange === 0)) return [...changes];
  const live = await livePackages(ctx, task.orderId);
  const ofTask = live.filter(({ row }) => row.taskId === task.id);
  const adds = changes.some(({ doneChange }) => doneChange > 0);
  if (adds && !currentPackage(ofTask.map(({ row }) => row))) {
    const { order } = await readState(ctx, task.orderId);
    ofTask.push(openPackage(ctx, order, live, { taskId: task.id, type: 'box' }));
  }
  const fillable = ofTask.map((one): Fillable => ({ ...one.row, units: new Map(one.units) }));
  // Packages hold units of the order's lines, the task's changes name its own.
  const orderLine = new Map(lines.map(({ id, lineId }) => [id, lineId]));
  const taskLine = new Map(lines.map(({ id, lineId }) => [lineId, id]));
  const counted = distribute(
    fillable,
    changes.map((change) => ({ ...change, lineId: orderLine.get(change.lineId) ?? '' })),
  );
  for (const [n, { units }] of fillable.entries()) await saveUnits(ctx, ofTask[n], units);
  return counted.map((change) => ({ ...change, lineId: taskLine.get(change.lineId) ?? '' }));
}

/** Writes what is in a package where that differs from what was. */
export async function saveUnits(
  ctx: CommandContext,
  { row, units: before }: PackageState,
  units: Contents,
): Promise<void> {
  const known = await ctx.find(packageLines, 'package_id = :id', { id: row.id });
  for (const lineId of new Set([...before.keys(), ...units.keys()])) {
    const quantity = units.get(lineId) ?? 0;
    const line = known.find((one) => one.lineId === lineId);
    if (line && line.quantity !== quantity) await ctx.update(packageLines, { quantity }, 'id = :id', { id: line.id });
    if (!line && quantity > 0) ctx.insert(packageLines, { id: ctx.newId(), packageId: row.id, lineId, quantity });
  }
}

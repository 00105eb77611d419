import { lastLeftAt, type OrderState, shippableQuantity } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { ConflictError, ValidationError } from '../../platform/errors';
import { livePackages, type PackageState, packagesOf } from '../packing/find-packages';
import { type LabelRow, labels } from './labels.models';

/** What gets a label of its own: a sealed package, or where there is none all that leaves together. */
export interface Parcel {
  key: string;
  packageId: string | null;
  packageNumber: number | null;
}

/** The order's parcels that are here, in their order; always at least one. */
export async function parcelsHere(ctx: ReadContext, orderId: string): Promise<Parcel[]> {
  const sealed = (await livePackages(ctx, orderId)).filter(({ row, hasLeft }) => row.status === 'sealed' && !hasLeft);
  if (sealed.length > 0) return sealed.map(ofPackage);
  return [{ key: await partKey(ctx, orderId), packageId: null, packageNumber: null }];
}

function ofPackage({ row }: PackageState): Parcel {
  return { key: `package:${row.id}`, packageId: row.id, packageNumber: row.number };
}

/** Each part of an order that leaves makes room for the label of the next. */
async function partKey(ctx: ReadContext, orderId: string): Promise<string> {
  return `part:${(await lastLeftAt(ctx, [orderId])).get(orderId) ?? 0}`;
}

/** Throws 422 PACKAGE_UNKNOWN, 409 PACKAGE_OPEN, PACKAGE_VOID or PACKAGE_LEFT. */
export async function parcelOfPackage(ctx: ReadContext, orderId: string, packageId: string): Promise<Parcel> {
  const state = (await packagesOf(ctx, [orderId])).find(({ row }) => row.id === packageId);
  if (!state) {
    const message = 'The order has no such package. Use an id of its "packages".';
    const errors = [{ path: 'packageId', code: 'PACKAGE_UNKNOWN', message }];
    throw new ValidationError('PACKAGE_UNKNOWN', message, { errors });
  }
  const { row, hasLeft } = state;
  const facts = { number: row.number, status: row.status };
  if (hasLeft) {
    throw new ConflictError('PACKAGE_LEFT', `Package ${row.number} has left the house without a label.`, { facts });
  }
  if (row.status === 'sealed') return ofPackage(state);
  const [code, why] =
    row.status === 'open' ? ['PACKAGE_OPEN', 'is not sealed yet. Seal it first'] : ['PACKAGE_VOID', 'is void'];
  throw new ConflictError(code, `Package ${row.number} ${why}.`, { facts });
}

/** Something is in the house, or in hand, that a new label would be for. */
export function isSomethingHere({ order, lines }: OrderState): boolean {
  if (order.status === 'processing' || order.status === 'confirmed') return true;
  return lines.some((line) => shippableQuantity(line) > 0);
}

export function activeLabels(ctx: ReadContext, orderId: string): Promise<LabelRow[]> {
  return ctx.find(labels, 'order_id = :orderId AND active_marker = 1 ORDER BY id', { orderId });
}

/** Whether the parcel that a label is stuck to is still here. */
export async function isLabelHere(ctx: ReadContext, label: LabelRow): Promise<boolean> {
  if (label.packageId === null) return label.parcel === (await partKey(ctx, label.orderId));
  const state = (await packagesOf(ctx, [label.orderId])).find(({ row }) => row.id === label.packageId);
  return state !== undefined && !state.hasLeft;
}

/** Which of how many parcels a label is for, and what it weighs, as far as that is known. */
export interface LabelledParcel {
  position: number;
  total: number;
  weightGrams: number | null;
}

export async function labelledParcel(ctx: ReadContext, label: LabelRow): Promise<LabelledParcel | undefined> {
  if (label.packageId === null) return undefined;
  const live = await livePackages(ctx, label.orderId);
  const own = live.find(({ row }) => row.id === label.packageId);
  if (!own) return undefined;
  // Those that leave, or left, together.
  const group = live.filter(({ row, hasLeft }) => row.status === 'sealed' && hasLeft === own.hasLeft);
  return { position: group.indexOf(own) + 1, total: group.length, weightGrams: own.row.weightGrams };
}

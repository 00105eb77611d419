import { productsWithIds } from '../../inventory';
import { emitForOrder, type OrderState, recordPacked } from '../../orders';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { livePackages, packagesHere, type PackageState } from './find-packages';
import {
  type Checks,
  compareWeight,
  movePackage,
  openChecks,
  PACKAGE_CHECKS,
  type PackageType,
  sumOf,
  unpackedUnits,
  type WeightCheck,
} from './package-rules';
import { type PackageRow, packages } from './packages.models';

/** What whoever packed says of a package. */
export interface Sealing {
  type: PackageType;
  weightGrams: number | null;
  lengthMm: number | null;
  widthMm: number | null;
  heightMm: number | null;
  /** Null when a program does not say. */
  checks: Checks | null;
  /** The weight is right though it differs. */
  acceptDifference: boolean;
  note: string | null;
  carrier?: string | null;
  trackingNumber?: string | null;
  /** Who packed it; see `personKey`. */
  packerKey: string;
}

/**
 * Closes a package: its units are packed from now on. The order must be ours. Throws 409 PACKAGE_SEALED, PACKAGE_VOID,
 * PACKAGE_EMPTY, UNITS_NOT_HERE, CHECKS_OPEN (each missing one named) or WEIGHT_DIFFERS.
 */
export async function sealPackage(
  ctx: CommandContext,
  order: OrderState,
  state: PackageState,
  { acceptDifference, packerKey, ...said }: Sealing,
): Promise<WeightCheck> {
  const { row, units } = state;
  const status = movePackage(row, 'seal');
  if (sumUnits(state) === 0) {
    const message = `Package ${row.number} is empty. Put something into it, or make it void.`;
    throw new ConflictError('PACKAGE_EMPTY', message, { facts: { number: row.number } });
  }
  await assertUnitsHere(ctx, order, state);
  assertChecked(row, said.checks);
  const weight = await weigh(ctx, order, state, said.weightGrams);
  if (weight.result === 'differs' && !(acceptDifference && said.note))
    throw weightDiffers(row, said.weightGrams, weight);
  const set: Partial<PackageRow> = {
    ...said,
    status,
    expectedGrams: 'expectedGrams' in weight ? weight.expectedGrams : null,
    weightAccepted: weight.result === 'differs',
    packedAt: ctx.now,
    packedBy: ctx.actor.name,
    packerKey,
    inspectedAt: null,
    inspectedBy: null,
  };
  await ctx.update(packages, set, 'id = :id', { id: row.id });
  await countPacked(ctx, order);
  const orderVersion = order.order.version;
  await ctx.update(packages, { orderVersion }, 'id = :id', { id: row.id });
  Object.assign(row, set, { orderVersion });
  auditPackage(ctx, row, 'seal', { after: { ...facts(row), units: Object.fromEntries(units) }, note: said.note });
  const { id, number, type, weightGrams } = row;
  emitForOrder(ctx, order.order, 'package.sealed', { package: { id, number, type, weightGrams } });
  return weight;
}

/** Opens a sealed package again, so that it can be changed; its units are packed no more. Throws 409 PACKAGE_LEFT. */
export async function reopenPackage(ctx: CommandContext, order: OrderState, state: PackageState): Promise<void> {
  assertHere(state);
  const { row } = state;
  const set = { status: movePackage(row, 'reopen'), inspectedAt: null, inspectedBy: null };
  await ctx.update(packages, set, 'id = :id', { id: row.id });
  Object.assign(row, set);
  await countPacked(ctx, order);
  auditPackage(ctx, row, 'reopen', { before: { status: 'sealed' }, after: { status: 'open' } });
}

/** Brings the order's lines to what its sealed packages hold. */
export async function countPacked(ctx: CommandContext, order: OrderState): Promise<void> {
  const live = await livePackages(ctx, order.order.id);
  await recordPacked(ctx, order, sumOf(live.filter(({ row }) => row.status === 'sealed')));
}

/** Throws 409 PACKAGE_LEFT. */
export function assertHere({ row, hasLeft }: PackageState): void {
  if (!hasLeft) return;
  throw new ConflictError(
    'PACKAGE_LEFT',
    `Package ${row.number} has left the house. If it comes back, report the failed delivery or the return of the order.`,
    { facts: { number: row.number } },
  );
}

export function sumUnits({ units }: Pick<PackageState, 'units'>): number {
  return [...units.values()].reduce((sum, quantity) => sum + quantity, 0);
}

export function auditPackage(
  ctx: CommandContext,
  { id, number, storeId, orderId }: PackageRow,
  verb: string,
  values: { before?: Record<string, unknown>; after?: Record<string, unknown>; note?: string | null },
): void {
  const note = values.note ?? undefined;
  const after = { number, ...values.after };
  ctx.audit({
    ...values,
    after,
    note,
    action: `package.${verb}`,
    subjectType: 'package',
    subjectId: id,
    storeId,
    orderId,
  });
}

/** An order may have left, or another package may have been sealed, since the units were counted into this one. */
async function assertUnitsHere(ctx: CommandContext, { order, lines }: OrderState, { row, units }: PackageState) {
  const others = (await packagesHere(ctx, order.id)).filter((one) => one.row.status === 'sealed');
  const room = unpackedUnits(lines, others);
  const gone = lines.filter(({ id }) => (units.get(id) ?? 0) > (room.get(id) ?? 0));
  if (gone.length === 0) return;
  const names = gone.map(({ id, sku }) => `${units.get(id)} × ${sku} (${room.get(id) ?? 0} to pack)`).join(', ');
  throw new ConflictError(
    'UNITS_NOT_HERE',
    `Package ${row.number} has more in it than there is to pack: ${names}. Take everything out; if the order has left, a manager can end this task.`,
    { facts: { number: row.number, lines: gone.map(({ id, sku }) => ({ id, sku, toPack: room.get(id) ?? 0 })) } },
  );
}

function facts({ type, weightGrams, expectedGrams, weightAccepted, checks }: PackageRow): Record<string, unknown> {
  return { type, weightGrams, expectedGrams, weightAccepted, checks };
}

function assertChecked({ number }: PackageRow, checks: Checks | null): void {
  const missing = checks ? openChecks(checks) : [];
  if (missing.length === 0) return;
  const labels = missing.map((name) => PACKAGE_CHECKS[name]);
  throw new ConflictError('CHECKS_OPEN', `Package ${number} is not checked yet: ${labels.join(', ')}.`, {
    facts: { number, missing },
    errors: missing.map((name) => ({
      path: `checks.${name}`,
      code: 'CHECKS_OPEN',
      message: `${PACKAGE_CHECKS[name]}: look at it and tick it.`,
    })),
  });
}

async function weigh(
  ctx: CommandContext,
  { order, lines }: OrderState,
  { units }: PackageState,
  weightGrams: number | null,
): Promise<WeightCheck> {
  const packed = lines.filter(({ id }) => (units.get(id) ?? 0) > 0);
  const products = await productsWithIds(
    ctx,
    packed.map(({ productId }) => productId),
  );
  const items = packed.map(({ id, sku, productId }) => ({
    sku,
    quantity: units.get(id) ?? 0,
    weightGrams: products.get(productId)?.weightGrams ?? 0,
  }));
  return compareWeight(weightGrams, items, (await storeSettings(ctx, order.storeId)).weightTolerancePercent);
}

function weightDiffers(
  { number }: PackageRow,
  weightGrams: number | null,
  weight: Extract<WeightCheck, { expectedGrams: number }>,
): ConflictError {
  const { expectedGrams, differencePercent } = weight;
  return new ConflictError(
    'WEIGHT_DIFFERS',
    `Package ${number} weighs ${weightGrams} g and its items ${expectedGrams} g, ${differencePercent} % apart. Look what is in it and weigh it again, or accept the difference and say why in the note.`,
    { facts: { number, weightGrams, expectedGrams, differencePercent, acceptWith: ['acceptDifference', 'note'] } },
  );
}

import { lastLeftAt } from '../../orders';
import type { ReadContext } from '../../platform/context';
import type { Contents } from './package-rules';
import { packageLines, type PackageRow, packages } from './packages.models';

export interface PackageState {
  row: PackageRow;
  units: Contents;
  /** With the courier or the customer; what is gone keeps its package. */
  hasLeft: boolean;
}

/** Packages of orders by number, the void ones last. */
export async function packagesOf(ctx: ReadContext, orderIds: readonly string[]): Promise<PackageState[]> {
  const rows = await ctx.find(
    packages,
    'order_id IN (:orderIds) ORDER BY order_id, CASE WHEN live_marker = 1 THEN 0 ELSE 1 END, number, id',
    { orderIds },
  );
  return withUnits(ctx, rows);
}

/** Those of one order that are not void. */
export async function livePackages(ctx: ReadContext, orderId: string): Promise<PackageState[]> {
  return withUnits(
    ctx,
    await ctx.find(packages, 'order_id = :orderId AND live_marker = 1 ORDER BY number', { orderId }),
  );
}

/** Those of one order that are not void and have not left. */
export async function packagesHere(ctx: ReadContext, orderId: string): Promise<PackageState[]> {
  return (await livePackages(ctx, orderId)).filter(({ hasLeft }) => !hasLeft);
}

async function withUnits(ctx: ReadContext, rows: readonly PackageRow[]): Promise<PackageState[]> {
  if (rows.length === 0) return [];
  const lines = await ctx.find(packageLines, 'package_id IN (:ids) ORDER BY id', { ids: rows.map(({ id }) => id) });
  const left = await lastLeftAt(ctx, [...new Set(rows.map(({ orderId }) => orderId))]);
  const units = new Map(rows.map(({ id }): [string, Contents] => [id, new Map()]));
  for (const { packageId, lineId, quantity } of lines) if (quantity > 0) units.get(packageId)?.set(lineId, quantity);
  return rows.map((row) => ({
    row,
    units: units.get(row.id) ?? new Map<string, number>(),
    hasLeft: row.status === 'sealed' && row.orderVersion < (left.get(row.orderId) ?? 0),
  }));
}

import type { ReadContext } from '../../platform/context';
import { type PackageState, packagesOf } from './find-packages';

export interface PackedLine {
  id: string;
  sku: string;
  name: string;
}

/** A package as the API shows it. */
export function viewPackage({ row, units, hasLeft }: PackageState, lines: ReadonlyMap<string, PackedLine>) {
  const { liveMarker: _live, turn: _turn, orderVersion: _version, packerKey: _packer, storeId: _store, ...rest } = row;
  const { lengthMm, widthMm, heightMm, ...facts } = rest;
  const items = [...units].map(([lineId, quantity]) => ({
    lineId,
    sku: lines.get(lineId)?.sku ?? '',
    name: lines.get(lineId)?.name ?? '',
    quantity,
  }));
  const hasSize = lengthMm !== null || widthMm !== null || heightMm !== null;
  return { ...facts, dimensions: hasSize ? { lengthMm, widthMm, heightMm } : null, hasLeft, items };
}

/** The section `packages` of GET /orders/:id, the void ones last. */
export async function packagesOfOrders(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const found = await packagesOf(ctx, orderIds);
  const lines = await packedLines(ctx, found);
  const byOrder = new Map<string, unknown[]>();
  for (const state of found) {
    const { orderId } = state.row;
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), viewPackage(state, lines)]);
  }
  return byOrder;
}

export async function packedLines(ctx: ReadContext, found: readonly PackageState[]): Promise<Map<string, PackedLine>> {
  const ids = [...new Set(found.flatMap(({ units }) => [...units.keys()]))];
  if (ids.length === 0) return new Map();
  const rows = await ctx.select<PackedLine>('SELECT id, sku, name FROM order_lines WHERE id IN (:ids)', { ids });
  return new Map(rows.map((row) => [row.id, row]));
}

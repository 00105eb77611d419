import type { OrderRow, OrderState } from '../../orders';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import { packagesHere } from './find-packages';
import { unpackedUnits } from './package-rules';

interface Reason {
  guard: 'prepared';
  code: string;
  message: string;
  [fact: string]: unknown;
}

/** Goods at the counter, at the kerb or with a courier were asked for before; what a manager opens again is asked anew. */
const ASKED_IN: readonly OrderRow['status'][] = ['processing', 'fulfilled', 'partially_fulfilled'];

/**
 * Where the store packs before goods leave, every prepared unit that is here is in a sealed package; where it wants a
 * second look, somebody has taken it.
 */
export async function reasonsNotPacked(ctx: ReadContext, { order, lines }: OrderState): Promise<Reason[]> {
  if (!ASKED_IN.includes(order.status)) return [];
  const store = await storeSettings(ctx, order.storeId);
  if (store.packing === 'optional' && store.qualityCheck === 'none') return [];
  const here = await packagesHere(ctx, order.id);
  const sealed = here.filter(({ row }) => row.status === 'sealed');
  const unpacked = unpackedUnits(lines, sealed);
  if (store.packing === 'required' && unpacked.size > 0) {
    const open = lines.filter(({ id }) => unpacked.has(id));
    return [
      {
        guard: 'prepared',
        code: 'LINES_NOT_PACKED',
        message: `Not everything is packed: ${open.map(({ id, sku }) => `${unpacked.get(id)} × ${sku}`).join(', ')}. Pack it first.`,
        lines: open.map(({ id, sku, preparedQuantity, packedQuantity }) => ({
          id,
          sku,
          preparedQuantity,
          packedQuantity,
          unpackedQuantity: unpacked.get(id),
        })),
      },
    ];
  }
  const unseen = sealed.filter(({ row }) => row.inspectedAt === null);
  if (store.qualityCheck === 'none' || unseen.length === 0) return [];
  const numbers = unseen.map(({ row }) => row.number);
  return [
    {
      guard: 'prepared',
      code: 'QUALITY_CHECK_OPEN',
      message: `Somebody other than the packer has to look at package ${numbers.join(', ')} first: finish the quality check.`,
      packages: numbers,
    },
  ];
}

import { activeLabel, labelledParcel, type LabelledParcel, type LabelRow, packagesHere } from '../fulfillment';
import { productsWithIds } from '../inventory';
import { openQuantity, type OrderLineRow, type OrderRow, orderSections, readState } from '../orders';
import { storeSettings, type StoreRow } from '../people';
import { authorise, permission } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { type ConsignmentRow, consignmentsOf } from '../shipping';

/** Papers name customers, so those who only read figures get none. */
export const readDocuments = permission('document.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
]);

/** Money that came or went, as far as a paper shows it: no ids and no numbers of the payer. */
export interface Transfer {
  method: string;
  amountMinor: number;
  at: string;
}

/** Everything the papers of one order are made of. */
export interface OrderFacts {
  order: OrderRow;
  lines: OrderLineRow[];
  store: StoreRow;
  /** Something that is still to be sent, or was, breaks easily. */
  fragile: boolean;
  label: LabelRow | undefined;
  /** The package that the label is for. */
  parcel: LabelledParcel | undefined;
  /** What is in each package that is here; empty where the order has none. */
  packages: PackedUnits[];
  /** The parcel at the courier, when one is booked. */
  consignment: ConsignmentRow | undefined;
  received: Transfer[];
  refunded: Transfer[];
}

export interface PackedUnits {
  number: number;
  /** Units by order line. */
  units: ReadonlyMap<string, number>;
}

/** `labelId` says which label is meant where the order has several. Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function readFacts(ctx: ReadContext, idOrNumber: string, labelId?: string): Promise<OrderFacts> {
  const { order, lines } = await readState(ctx, idOrNumber);
  authorise(ctx.actor, readDocuments, order.storeId);
  const kept = lines.filter((line) => openQuantity(line) > 0);
  const products = await productsWithIds(
    ctx,
    kept.map(({ productId }) => productId),
  );
  const label = await activeLabel(ctx, order.id, labelId);
  const packed = (await packagesHere(ctx, order.id)).filter(({ units }) => units.size > 0);
  return {
    order,
    lines,
    store: await storeSettings(ctx, order.storeId),
    fragile: [...products.values()].some((product) => product.fragile),
    label,
    parcel: label && (await labelledParcel(ctx, label)),
    packages: packed.map(({ row, units }) => ({ number: row.number, units })),
    consignment: (await consignmentsOf(ctx, [order.id])).filter(({ openMarker }) => openMarker !== null).at(-1),
    ...(await transfersOf(ctx, order.id)),
  };
}

/** A row of the sections `payments` and `refunds`. */
interface SectionRow {
  method: string | null;
  status: string;
  amountMinor: number;
  decidedAt?: string | null;
  executedAt?: string | null;
}

async function transfersOf(ctx: ReadContext, orderId: string): Promise<Pick<OrderFacts, 'received' | 'refunded'>> {
  const sections = await orderSections.read(ctx, [orderId]);
  const transfers = (section: string, status: string): Transfer[] =>
    ((sections.get(section)?.get(orderId) ?? []) as SectionRow[])
      .filter((row) => row.status === status)
      .map((row) => ({
        method: row.method ?? '',
        amountMinor: row.amountMinor,
        at: row.decidedAt ?? row.executedAt ?? ctx.now,
      }));
  return { received: transfers('payments', 'recorded'), refunded: transfers('refunds', 'settled') };
}

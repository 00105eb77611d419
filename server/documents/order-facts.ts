import { activeLabel, type LabelRow } from '../fulfillment';
import { productsWithIds } from '../inventory';
import { openQuantity, type OrderLineRow, type OrderRow, orderSections, readState } from '../orders';
import { storeSettings, type StoreRow } from '../people';
import { authorise, permission } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';

/** Papers name customers, so those who only read figures get none. */
export const readDocuments = permission('document.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
]);

/** A payment as far as a paper shows it: no ids and no numbers of the payer. */
export interface ReceivedPayment {
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
  received: ReceivedPayment[];
}

/** Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function readFacts(ctx: ReadContext, idOrNumber: string): Promise<OrderFacts> {
  const { order, lines } = await readState(ctx, idOrNumber);
  authorise(ctx.actor, readDocuments, order.storeId);
  const kept = lines.filter((line) => openQuantity(line) > 0);
  const products = await productsWithIds(
    ctx,
    kept.map(({ productId }) => productId),
  );
  return {
    order,
    lines,
    store: await storeSettings(ctx, order.storeId),
    fragile: [...products.values()].some((product) => product.fragile),
    label: await activeLabel(ctx, order.id),
    received: await receivedFor(ctx, order.id),
  };
}

interface PaymentSection {
  method: string;
  status: string;
  amountMinor: number;
  submittedAt: string;
  decidedAt: string | null;
}

async function receivedFor(ctx: ReadContext, orderId: string): Promise<ReceivedPayment[]> {
  const sections = await orderSections.read(ctx, [orderId]);
  const payments = (sections.get('payments')?.get(orderId) ?? []) as PaymentSection[];
  return payments
    .filter(({ status }) => status === 'recorded')
    .map(({ method, amountMinor, submittedAt, decidedAt }) => ({ method, amountMinor, at: decidedAt ?? submittedAt }));
}

import { type ProductRow, productsWithIds } from '../inventory';
import { storeSettings, type StoreRow } from '../people';
import type { ReadContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { type Asking, quoteIfZoned, type QuoteView } from '../shipping';
import { openQuantity } from './order-lines';
import { shippingKeptMinor } from './order-reversal';
import type { OrderState } from './order-state';
import { orderTotals } from './order-totals';
import type { OrderLineRow } from './orders.models';
import type { PlaceOrderInput } from './orders.schema';

const ASKING: Asking = {
  placeField: 'shippingAddress',
  weightField: 'lines',
  instead: 'Give shippingMinor with the order',
};

/** What an order pays for delivery, and the quote that it was taken from. */
export interface Delivery {
  shippingMinor: number;
  quote?: QuoteView;
}

/**
 * What an order pays for delivery: what the request says, else the zone's quote for what its products weigh. Nothing
 * where the goods are fetched, and in a store without zones. A product without a weight counts as none. Throws what
 * `quoteShipping` throws.
 */
export async function deliveryOf(
  ctx: ReadContext,
  input: PlaceOrderInput,
  { store, products, lines }: { store: StoreRow; products: ReadonlyMap<string, ProductRow>; lines: OrderLineRow[] },
): Promise<Delivery> {
  if (input.shippingMinor !== undefined) return { shippingMinor: input.shippingMinor };
  const { shippingAddress: place, fulfillmentMethod, paymentMethod, taxMinor } = input;
  if (fulfillmentMethod !== 'delivery' || !place) return { shippingMinor: 0 };
  const goods = orderTotals(lines, { shippingMinor: 0, taxMinor });
  const quote = await quoteIfZoned(
    ctx,
    store,
    {
      place,
      parcels: [parcelOf(lines.map(({ sku, quantity }) => ({ product: products.get(sku), quantity })))],
      cod: paymentMethod === 'cod' ? { goodsMinor: goods.totalMinor } : { totalMinor: 0 },
    },
    ASKING,
  );
  return { shippingMinor: quote?.totalMinor ?? 0, quote };
}

/** Before anybody has packed, all goods are one parcel. */
function parcelOf(goods: readonly { product?: ProductRow; quantity: number }[]) {
  return {
    weightGrams: goods.reduce((sum, { product, quantity }) => sum + quantity * (product?.weightGrams ?? 0), 0),
    fragile: goods.some(({ product, quantity }) => quantity > 0 && product?.fragile === true),
  };
}

/** What delivery to an order's address costs beside what was charged, or why nobody knows. */
export type DeliveryNews =
  | (Pick<QuoteView, 'zone' | 'totalMinor' | 'lines'> & { chargedMinor: number; differenceMinor: number })
  | { code: string; message: string; chargedMinor: number };

/**
 * The quote for the address that an order has now. What was charged stays, since the customer agreed to it; whoever
 * changed the address sees what it costs instead. Undefined where the zones charge nothing.
 */
export async function quoteAgain(ctx: ReadContext, { order, lines }: OrderState): Promise<DeliveryNews | undefined> {
  const { shippingAddress: place, storeId, paymentMethod, receivableMinor } = order;
  if (order.fulfillmentMethod !== 'delivery' || !place) return undefined;
  const products = await productsWithIds(ctx, [...new Set(lines.map(({ productId }) => productId))]);
  const goods = lines.map((line) => ({ product: products.get(line.productId), quantity: openQuantity(line) }));
  const chargedMinor = shippingKeptMinor(order, lines);
  const cod = { totalMinor: paymentMethod === 'cod' ? Math.max(0, receivableMinor) : 0 };
  try {
    const wanted = { place, parcels: [parcelOf(goods)], cod };
    const quote = await quoteIfZoned(ctx, await storeSettings(ctx, storeId), wanted, { placeField: 'shippingAddress' });
    if (!quote) return undefined;
    const { zone, totalMinor, lines: why } = quote;
    return { zone, totalMinor, lines: why, chargedMinor, differenceMinor: chargedMinor - totalMinor };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return { code: error.code, message: error.message, chargedMinor };
  }
}

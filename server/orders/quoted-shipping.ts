import type { ProductRow } from '../inventory';
import type { StoreRow } from '../people';
import type { ReadContext } from '../platform/context';
import { type Asking, quoteIfZoned, type QuoteView } from '../shipping';
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
      parcels: [parcelOf(lines, products)],
      cod: paymentMethod === 'cod' ? { goodsMinor: goods.totalMinor } : { totalMinor: 0 },
    },
    ASKING,
  );
  return { shippingMinor: quote?.totalMinor ?? 0, quote };
}

/** Before anybody has packed, all goods are one parcel. */
function parcelOf(lines: readonly OrderLineRow[], products: ReadonlyMap<string, ProductRow>) {
  return {
    weightGrams: lines.reduce((sum, { sku, quantity }) => sum + quantity * (products.get(sku)?.weightGrams ?? 0), 0),
    fragile: lines.some(({ sku }) => products.get(sku)?.fragile === true),
  };
}

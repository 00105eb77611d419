import { productsWithIds } from '../../inventory';
import { lastMoveOf, openQuantity, type OrderState, readState } from '../../orders';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import { type ConsignmentRow, consignmentsOf, quoteShipping, type QuoteView } from '../../shipping';
import { ARRIVED } from '../consignments/parcel-parts';
import { livePackages } from '../packing/find-packages';
import type { ShippingCostView } from './shipping-cost.schema';
import { type OrderWeight, weighOrder } from './weighing';

/**
 * What bringing an order costs by the zones of today, why, and what was charged for it. Moves no money. Throws 404
 * ORDER_NOT_FOUND, 409 ADDRESS_NOT_SERVICEABLE or PARCEL_TOO_HEAVY.
 */
export async function shippingCostOf(ctx: ReadContext, idOrNumber: string): Promise<ShippingCostView> {
  const state = await readState(ctx, idOrNumber);
  const { order, lines } = state;
  const [packages, products, parcels] = await Promise.all([
    livePackages(ctx, order.id),
    productsWithIds(ctx, [...new Set(lines.map(({ productId }) => productId))]),
    consignmentsOf(ctx, [order.id]),
  ]);
  const weight = weighOrder(lines, packages, products);
  const isFragile = lines.some((line) => openQuantity(line) > 0 && products.get(line.productId)?.fragile === true);
  const quote = await quoteOf(ctx, state, { weight, fragile: isFragile, codMinor: collectedMinor(state, parcels) });
  return {
    orderId: order.id,
    number: order.number,
    fulfillmentMethod: order.fulfillmentMethod,
    ...quote,
    weightSource: weight.source,
    weights: weight.parts,
    warnings: weight.unweighed.map(({ sku, name, quantity }) => ({
      code: 'PRODUCT_WEIGHT_MISSING',
      message: `${quantity} × ${name} count as 0 g. Give the weight with PATCH /api/v1/products/sku:${sku}, or weigh the package.`,
      ...{ sku, quantity },
    })),
    chargedMinor: order.shippingMinor,
    differenceMinor: order.shippingMinor - quote.totalMinor,
  };
}

type Facts = { weight: OrderWeight; fragile: boolean; codMinor: number };

async function quoteOf(ctx: ReadContext, state: OrderState, facts: Facts): Promise<QuoteView> {
  const { order } = state;
  const { weight, fragile, codMinor } = facts;
  const place = order.shippingAddress;
  if (order.fulfillmentMethod !== 'delivery' || !place) {
    return freeOf(order.currency, facts, { kind: 'picked_up', label: 'Picked up by the customer' });
  }
  if (weight.source === 'nothing') {
    return freeOf(order.currency, facts, { kind: 'nothing_to_send', label: 'Nothing is left to send' });
  }
  const store = await storeSettings(ctx, order.storeId);
  const leavesAt = await leftAt(ctx, state);
  const parcel = { place, weightGrams: weight.grams, fragile, cod: { totalMinor: codMinor }, leavesAt };
  const weightField = weight.source === 'products' ? 'lines' : 'packages';
  const quote = await quoteShipping(ctx, store, parcel, { placeField: 'shippingAddress', weightField });
  return isThere(state) ? { ...quote, estimatedDelivery: null } : quote;
}

/** When the last of an order left; undefined while goods of it are here. */
async function leftAt(ctx: ReadContext, { order, lines }: OrderState): Promise<string | undefined> {
  if (lines.some((line) => line.shippedQuantity < openQuantity(line))) return undefined;
  return (await lastMoveOf(ctx, order.id, 'ship'))?.at;
}

/** With the customer, or given back; nobody waits for it any more. */
function isThere({ lines }: OrderState): boolean {
  return lines.every((line) => line.deliveredQuantity + line.returnedQuantity >= openQuantity(line));
}

function freeOf(
  currency: string,
  { weight, fragile }: Facts,
  line: Pick<QuoteView['lines'][number], 'kind' | 'label'>,
): QuoteView {
  return {
    totalMinor: 0,
    currency,
    ...{ zone: null, zoneId: null },
    weightGrams: weight.grams,
    codMinor: 0,
    fragile,
    lines: [{ ...line, amountMinor: 0 }],
    ...{ transitDays: null, estimatedDelivery: null },
  };
}

/**
 * What riders collect of an order that is paid at the door: what is still due, which its parcels take together, and
 * what they have collected already.
 */
function collectedMinor({ order }: OrderState, parcels: readonly ConsignmentRow[]): number {
  if (order.paymentMethod !== 'cod') return 0;
  const taken = parcels.filter(({ status, newsOpen }) => ARRIVED.includes(status) && !newsOpen);
  return Math.max(0, order.receivableMinor) + taken.reduce((sum, { codAmountMinor }) => sum + codAmountMinor, 0);
}

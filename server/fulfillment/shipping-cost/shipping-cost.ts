import { flowsOfOrder } from '../../accounting';
import { productsWithIds } from '../../inventory';
import { lastMoveOf, openQuantity, type OrderState, readState, shippingKeptMinor } from '../../orders';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import { quoteShipping, type QuoteView } from '../../shipping';
import { livePackages } from '../packing/find-packages';
import { dueAtTheDoorMinor } from './due-at-the-door';
import type { ShippingCostView } from './shipping-cost.schema';
import { type OrderWeight, weighOrder } from './weighing';

/**
 * What bringing an order costs by the zones of today, why, and what was charged for it. Moves no money. Throws 404
 * ORDER_NOT_FOUND, 409 ADDRESS_NOT_SERVICEABLE or PARCEL_TOO_HEAVY.
 */
export async function shippingCostOf(ctx: ReadContext, idOrNumber: string): Promise<ShippingCostView> {
  const state = await readState(ctx, idOrNumber);
  const { order, lines } = state;
  const [packages, products, flows] = await Promise.all([
    livePackages(ctx, order.id),
    productsWithIds(ctx, [...new Set(lines.map(({ productId }) => productId))]),
    flowsOfOrder(ctx, order.id),
  ]);
  const weight = weighOrder(lines, packages, products);
  const quote = await quoteOf(ctx, state, { weight, codMinor: dueAtTheDoorMinor(order, flows) });
  const chargedMinor = shippingKeptMinor(order, lines);
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
    chargedMinor,
    differenceMinor: chargedMinor - quote.totalMinor,
  };
}

type Facts = { weight: OrderWeight; codMinor: number };

async function quoteOf(ctx: ReadContext, state: OrderState, facts: Facts): Promise<QuoteView> {
  const { order } = state;
  const { weight, codMinor } = facts;
  const place = order.shippingAddress;
  if (order.fulfillmentMethod !== 'delivery' || !place) {
    return freeOf(order.currency, facts, { kind: 'picked_up', label: 'Picked up by the customer' });
  }
  if (weight.source === 'nothing') {
    return freeOf(order.currency, facts, { kind: 'nothing_to_send', label: 'Nothing is left to send' });
  }
  const store = await storeSettings(ctx, order.storeId);
  const leavesAt = await leftAt(ctx, state);
  const wanted = { place, parcels: weight.parcels, cod: { totalMinor: codMinor }, leavesAt };
  const weightField = weight.source === 'products' ? 'lines' : 'packages';
  const quote = await quoteShipping(ctx, store, wanted, { placeField: 'shippingAddress', weightField });
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
  { weight: { parcels } }: Facts,
  line: Pick<QuoteView['lines'][number], 'kind' | 'label'>,
): QuoteView {
  return {
    totalMinor: 0,
    currency,
    ...{ zone: null, zoneId: null },
    weightGrams: parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0),
    codMinor: 0,
    fragile: parcels.some(({ fragile }) => fragile),
    lines: [{ ...line, amountMinor: 0 }],
    ...{ transitDays: null, estimatedDelivery: null },
  };
}

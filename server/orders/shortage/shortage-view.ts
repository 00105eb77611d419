import {
  findSubstitutes,
  reservations,
  type ReservationRow,
  reservationsOf,
  type SubstituteProduct,
} from '../../inventory';
import type { ReadContext } from '../../platform/context';
import { sourceOf } from '../order-goods';
import { type OrderState, readState } from '../order-state';
import type { OrderLineRow } from '../orders.models';
import { draftSubstitute } from './answers';
import { missingLines, type MissingLine } from './missing-units';
import { resolutionsOfOrder } from './resolutions';
import { type MoneyPlan, planRefund, planSubstitution } from './shortage-money';
import type { ResolutionRow } from './shortage.models';
import { PRICE_POLICIES, SUBSTITUTES_SHOWN } from './shortage.schema';

/** What is missing of an order, and what each answer would come to; made by what the answers themselves are made by. */
export async function viewShortage(ctx: ReadContext, idOrNumber: string) {
  const state = await readState(ctx, idOrNumber);
  const { order, lines } = state;
  const held = await reservationsOf(ctx, sourceOf(order));
  const resolutions = await resolutionsOfOrder(ctx, order.id);
  const missing = await missingLines(ctx, state, held, resolutions);
  const skus = missing.map(({ line }) => line.sku);
  const { storeId } = order;
  const substitutes = await findSubstitutes(ctx, { storeId, skus, max: SUBSTITUTES_SHOWN });
  const shown = missing.map(async (one) => ({
    ...linePart(one),
    backorder: await queueOf(ctx, one.line, held, resolutions),
    substitutes: (substitutes.get(one.line.sku) ?? []).map((product) => substitutePart(state, one, product)),
    refund: moneyPart(planRefund(order, lines, new Map([[one.line.id, one.missingQuantity]]))),
  }));
  const all = new Map(missing.map(({ line, missingQuantity }) => [line.id, missingQuantity]));
  return {
    orderId: order.id,
    number: order.number,
    status: order.status,
    currency: order.currency,
    missingUnits: [...all.values()].reduce((sum, units) => sum + units, 0),
    lines: await Promise.all(shown),
    refundAll: moneyPart(planRefund(order, lines, all)),
  };
}

export type ShortageView = Awaited<ReturnType<typeof viewShortage>>;

function linePart({ line, shortQuantity, backorderedQuantity, missingQuantity }: MissingLine) {
  const { id, sku, name, unitPriceMinor, quantity } = line;
  return { id, sku, name, unitPriceMinor, quantity, missingQuantity, shortQuantity, backorderedQuantity };
}

function substitutePart(
  state: OrderState,
  { line, missingQuantity: quantity }: MissingLine,
  product: SubstituteProduct,
) {
  const { sku, name, available, priceMinor } = product;
  const policies = PRICE_POLICIES.map((pricePolicy) => {
    const wanted = { id: '', line, product: { id: '', sku, name, priceMinor }, quantity, pricePolicy };
    const substitute = draftSubstitute(state, wanted);
    const money = planSubstitution(state.order, state.lines, { line, substitute });
    return { pricePolicy, unitPriceMinor: substitute.unitPriceMinor, ...moneyPart(money) };
  });
  return { sku, name, available, priceMinor, isEnough: available >= quantity, policies };
}

function moneyPart({ differenceMinor, owedBackMinor, taxMinor, shippingMinor }: MoneyPlan) {
  return { differenceMinor, owedBackMinor, taxMinor, shippingMinor };
}

/** Goods that come in go to those who asked first, at the place where they asked. */
async function queueOf(
  ctx: ReadContext,
  line: OrderLineRow,
  held: readonly ReservationRow[],
  resolutions: readonly ResolutionRow[],
) {
  const own = held.find(({ lineId }) => lineId === line.id);
  const where = 'product_id = :productId AND location_id = :locationId AND backordered > 0 AND id < :id';
  const [ahead] = own
    ? await ctx.select<{ sources: number; units: number | null }>(
        `SELECT COUNT(*) AS sources, SUM(backordered) AS units FROM ${reservations.name} WHERE ${where}`,
        { ...own },
      )
    : [];
  const last = resolutions.filter(({ lineId, resolution }) => lineId === line.id && resolution === 'backorder').at(-1);
  return {
    position: Number(ahead?.sources ?? 0) + 1,
    unitsAhead: Number(ahead?.units ?? 0),
    expectedAt: last?.expectedAt ?? null,
  };
}

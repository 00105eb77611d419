import { type ProductRow, ruledProducts } from '../../inventory';
import type { ReadContext } from '../../platform/context';
import type { GuardReason } from '../guards';
import { moveRule, type OrderMove } from '../order-moves';
import type { OrderState } from '../order-state';
import type { OrderLineRow, OrderRow } from '../orders.models';
import { type ComplianceCheckRow, complianceChecks } from './compliance.models';
import {
  complianceReasons,
  type ComplianceFacts,
  type ComplianceNeeds,
  highestAge,
  linesHere,
  linesLeaving,
  needsOf,
} from './compliance-rules';
import { boughtBefore, hasContact } from './purchases';

/** At these the customer of a counter or a kerb stands before us. */
const FACE_TO_FACE: readonly OrderMove[] = ['ship', 'reattempt', 'deliver', 'complete'];

/**
 * The products with rules that a move is about; one statement, and none when the move asks nothing or nothing leaves
 * by it. Read together with the holds, it costs no round trip of its own.
 */
export async function productsInQuestion(ctx: ReadContext, state: OrderState, move: OrderMove): Promise<ProductRow[]> {
  return moveRule(move).guards.includes('compliance') ? ruledAmong(ctx, linesLeaving(state, move)) : [];
}

/** Why the goods may not go this way now; nothing more is read where no product has a rule. */
export async function reasonsToStop(
  ctx: ReadContext,
  state: OrderState,
  move: OrderMove,
  known?: readonly ProductRow[],
): Promise<GuardReason[]> {
  const products = known ?? (await productsInQuestion(ctx, state, move));
  if (products.length === 0) return [];
  return complianceReasons(await factsOf(ctx, state, products, FACE_TO_FACE.includes(move)));
}

/** What must still be cleared before the order's goods are the customer's; for those who prepare or hand them over. */
export async function complianceNeeds(ctx: ReadContext, state: OrderState): Promise<ComplianceNeeds> {
  const products = await ruledAmong(ctx, linesHere(state.lines));
  if (products.length === 0) return { minimumAge: null, permission: [], limits: [] };
  return needsOf(await factsOf(ctx, state, products, true));
}

/** The age that goods still to be handed over ask for, checked or not: whoever brings them looks again. */
export async function ageOfGoods(ctx: ReadContext, state: OrderState): Promise<number | null> {
  return highestAge(await ruledAmong(ctx, linesHere(state.lines)));
}

/** Products with a rule among those of the lines, and what is known about the customer. */
export async function factsOf(
  ctx: ReadContext,
  { order, lines }: OrderState,
  products: readonly ProductRow[],
  isHandOver: boolean,
): Promise<ComplianceFacts> {
  const [checks, bought] = await Promise.all([checksOf(ctx, order.id), boughtBefore(ctx, order, products)]);
  const isFaceToFace = isHandOver && isFetched(order);
  return { products, lines, checks, bought, isKnown: hasContact(order), isFaceToFace };
}

/** The customer comes for it; a parcel's customer is seen by the courier only. */
export function isFetched({ fulfillmentMethod }: OrderRow): boolean {
  return fulfillmentMethod !== 'delivery';
}

export function checksOf(ctx: ReadContext, orderId: string): Promise<ComplianceCheckRow[]> {
  return ctx.find(complianceChecks, 'order_id = :orderId ORDER BY id', { orderId });
}

export async function ruledAmong(ctx: ReadContext, lines: readonly OrderLineRow[]): Promise<ProductRow[]> {
  return ruledProducts(ctx, [...new Set(lines.map(({ productId }) => productId))]);
}

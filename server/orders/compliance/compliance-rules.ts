import type { ProductRow } from '../../inventory';
import type { GuardReason } from '../guards';
import { openQuantity, shippableQuantity, unpreparedQuantity } from '../order-lines';
import type { OrderMove } from '../order-moves';
import type { OrderState } from '../order-state';
import type { OrderLineRow } from '../orders.models';
import type { ComplianceCheckRow } from './compliance.models';

/** Pure rules: what stands between goods that not everybody may buy and the customer. */

/** Units of one product in the customer's earlier orders. */
export interface Bought {
  units: number;
  /** Numbers of those orders. */
  orders: string[];
}

export interface LimitNeed {
  sku: string;
  limit: number;
  days: number;
  /** Units in earlier orders of the same customer within these days. */
  bought: number;
  /** Units in this order. */
  ordered: number;
  orders: string[];
}

export interface ComplianceFacts {
  /** The products of the goods in question that have a rule. */
  products: readonly ProductRow[];
  lines: readonly OrderLineRow[];
  checks: readonly ComplianceCheckRow[];
  bought: ReadonlyMap<string, Bought>;
  /** Whether phone or e-mail is known, so that earlier orders can be found. */
  isKnown: boolean;
  /** Whether the customer stands before us now: then somebody must have seen a document. */
  isFaceToFace: boolean;
}

export interface ComplianceNeeds {
  /** The age that is still to be checked; null when it has been, or no goods ask for it. */
  minimumAge: number | null;
  /** Restricted products without a permission. */
  permission: string[];
  /** Limits that are exceeded and not permitted. */
  limits: LimitNeed[];
}

/** Goods that this move lets go, or declares ready to go. What has left was judged then. */
export function linesLeaving({ order, lines }: OrderState, move: OrderMove): OrderLineRow[] {
  const wholeOrder = order.status === 'processing' && move !== 'partially_fulfill';
  if (wholeOrder) return linesHere(lines);
  const unpicked = order.status === 'confirmed';
  return lines.filter((line) => shippableQuantity(line) + (unpicked ? unpreparedQuantity(line) : 0) > 0);
}

/** Lines of which something is still to be handed over. */
export function linesHere(lines: readonly OrderLineRow[]): OrderLineRow[] {
  return lines.filter((line) => openQuantity(line) > line.shippedQuantity);
}

/** What of a line the customer has bought and not given back. */
export function boughtQuantity(line: OrderLineRow): number {
  return Math.max(0, openQuantity(line) - line.returnedQuantity);
}

export function needsOf(facts: ComplianceFacts): ComplianceNeeds {
  const permitted = new Set(facts.checks.flatMap(({ covers }) => covers));
  const restricted = facts.products.filter(({ restricted, sku }) => restricted && !permitted.has(restrictedRule(sku)));
  return {
    minimumAge: ageNeeded(facts),
    permission: restricted.map(({ sku }) => sku),
    limits: limitsExceeded(facts).filter(({ sku }) => !permitted.has(limitRule(sku))),
  };
}

/** The oldest age that any of the products asks for; null when none does. */
export function highestAge(products: readonly ProductRow[]): number | null {
  return Math.max(0, ...products.map(({ minimumAge }) => minimumAge ?? 0)) || null;
}

function ageNeeded({ products, checks, isFaceToFace }: ComplianceFacts): number | null {
  const wanted = highestAge(products);
  if (wanted === null) return null;
  const asked = checks.filter(({ kind }) => kind === 'age');
  // What was found out last counts: a document that says otherwise undoes what was said before.
  const sinceRefusal = asked.slice(asked.findLastIndex(({ verdict }) => verdict === 'refused') + 1);
  const isChecked = sinceRefusal.some(
    ({ minimumAge, documentKind }) => (minimumAge ?? 0) >= wanted && !(isFaceToFace && documentKind === 'phone'),
  );
  return isChecked ? null : wanted;
}

function limitsExceeded({ products, lines, bought }: ComplianceFacts): LimitNeed[] {
  return products.flatMap(({ id, sku, purchaseLimitQuantity: limit, purchaseLimitDays: days }) => {
    if (limit === null || days === null) return [];
    const before = bought.get(id) ?? { units: 0, orders: [] };
    const ordered = lines
      .filter(({ productId }) => productId === id)
      .reduce((sum, line) => sum + boughtQuantity(line), 0);
    const need = { sku, limit, days, bought: before.units, ordered, orders: before.orders };
    return before.units + ordered > limit ? [need] : [];
  });
}

export const restrictedRule = (sku: string): string => `restricted:${sku}`;
export const limitRule = (sku: string): string => `purchase_limit:${sku}`;

/** The needs as reasons against a move, each with its way out. */
export function complianceReasons(facts: ComplianceFacts): GuardReason[] {
  const { minimumAge, permission, limits } = needsOf(facts);
  const reasons = limits.map((need) => limitReason(need, facts.isKnown));
  if (permission.length > 0) reasons.push(permissionReason(permission));
  if (minimumAge !== null) reasons.push(ageReason(minimumAge, facts));
  return reasons;
}

const OR_OVERRIDE = 'or a store manager sets the rule aside with a reason';

function limitReason(need: LimitNeed, isKnown: boolean): GuardReason {
  const { sku, limit, days, bought, ordered, orders } = need;
  const before = isKnown
    ? `${bought} bought before${orders.length > 0 ? ` (${orders.join(', ')})` : ''}`
    : 'without phone and e-mail only this order counts';
  return {
    guard: 'compliance',
    code: 'PURCHASE_LIMIT',
    message: `A customer may buy ${limit} of ${sku} in ${days} days; this order has ${ordered}, ${before}. Take off what is too much, record a permission, ${OR_OVERRIDE}.`,
    rule: limitRule(sku),
    ...need,
    customerKnown: isKnown,
  };
}

function permissionReason(skus: string[]): GuardReason {
  return {
    guard: 'compliance',
    code: 'PERMISSION_REQUIRED',
    message: `${skus.join(', ')} may only be sold with a permission. A store manager has it recorded, ${OR_OVERRIDE}.`,
    rule: 'restricted',
    skus,
    recordWith: 'compliance_checks, kind permission',
  };
}

function ageReason(minimumAge: number, { products, checks, isFaceToFace }: ComplianceFacts): GuardReason {
  const skus = products.filter((product) => (product.minimumAge ?? 0) > 0).map(({ sku }) => sku);
  const said = isFaceToFace && checks.some(({ documentKind }) => documentKind === 'phone');
  const how = said ? 'So far the age was only said; look at a document' : 'Check the age';
  return {
    guard: 'compliance',
    code: 'AGE_CHECK_REQUIRED',
    message: `${skus.join(', ')} may only go to customers of ${minimumAge} or older. ${how} and record it, ${OR_OVERRIDE}.`,
    rule: 'age',
    minimumAge,
    skus,
    recordWith: 'compliance_checks, kind age',
    refused: checks.some(({ kind, verdict }) => kind === 'age' && verdict === 'refused'),
  };
}

import { type ProductRow, release, reservationsOf, reserve, backorder } from '../../inventory';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError, Refusal, ValidationError } from '../../platform/errors';
import { AMOUNT_MINOR_MAX } from '../../platform/money';
import { sourceOf } from '../order-goods';
import { NO_COUNTS } from '../order-lines';
import { postForOrder } from '../order-money';
import type { OrderState } from '../order-state';
import { type OrderLineRow, orderLines } from '../orders.models';
import { type OpenUnits, openUnitsOf } from './missing-units';
import { substitutePrice } from './price-policy';
import { planRefund, planSubstitution, worthOf } from './shortage-money';
import type { ResolutionRow } from './shortage.models';
import type { Consent, PricePolicy, Resolution } from './shortage.schema';

const OVERRIDE = permission('order.override', ['store_manager']);
const CHARGE_MORE = permission('order.substitute_higher', ['store_manager']);

/** One answer to units of one line. `path` says where in the request it stands. */
export interface Answer {
  line: OrderLineRow;
  path: (field: string) => string;
  resolution: Resolution;
  /** Missing: all that the answer can be given for. */
  quantity?: number;
  /** Of a backorder: units that wait already are among `quantity`. */
  countsWaiting?: boolean;
  expectedAt?: string;
  product?: ProductRow;
  pricePolicy?: PricePolicy;
  consent?: Consent;
  override?: { reason: string };
}

/** What came of one answer; `postings`, goods and lines are done, the row is still to be written. */
export type Given = Pick<ResolutionRow, 'lineId' | 'resolution' | 'quantity' | 'differenceMinor' | 'owedBackMinor'> &
  Partial<ResolutionRow>;

type GiveAnswer = (ctx: CommandContext, state: OrderState, answer: Answer) => Promise<Given>;

/** What each answer does to goods and money. The order is changed in memory and saved by the caller. */
export const giveAnswer: Readonly<Record<Resolution, GiveAnswer>> = {
  substitute: substituteUnits,
  refund: takeOffTheBill,
  backorder: letWait,
};

/** Units give up their promise and wait for goods, first come, first served; nothing changes on the bill. */
async function letWait(ctx: CommandContext, state: OrderState, answer: Answer): Promise<Given> {
  const { line, countsWaiting, expectedAt = null } = answer;
  const units = await readOpenUnits(ctx, state, line);
  const waiting = units.open - Math.min(units.open, units.promised);
  const isAll = answer.quantity === undefined || countsWaiting === true;
  const quantity = unitsFor(answer, isAll ? units.promised + waiting : units.promised, 'wait for goods');
  const giveUp = isAll ? Math.max(0, quantity - waiting) : quantity;
  if (giveUp > 0) await backorder(ctx, sourceOf(state.order), [{ lineId: line.id, quantity: giveUp }]);
  line.backorderedQuantity += giveUp;
  return { lineId: line.id, resolution: 'backorder', quantity, expectedAt, differenceMinor: 0, owedBackMinor: 0 };
}

/** Units are given up and taken off the bill; what was paid for them is owed back. */
async function takeOffTheBill(ctx: CommandContext, state: OrderState, answer: Answer): Promise<Given> {
  const { order, lines } = state;
  const { line } = answer;
  const { open } = await readOpenUnits(ctx, state, line);
  const quantity = unitsFor(answer, open, 'be taken off the bill');
  const { postings, differenceMinor, owedBackMinor } = planRefund(order, lines, new Map([[line.id, quantity]]));
  await giveUp(ctx, state, line, quantity);
  line.cancelledQuantity += quantity;
  await postForOrder(ctx, order, { event: 'short_shipped', postings });
  return { lineId: line.id, resolution: 'refund', quantity, differenceMinor, owedBackMinor };
}

/**
 * Another product takes the place of units, as a line of its own. Throws 422 SUBSTITUTE_SAME, CONSENT_REQUIRED or
 * AMOUNT_TOO_LARGE, 409 PRODUCT_WITHDRAWN, CONSENT_TOO_SMALL or STOCK_INSUFFICIENT, 403 ROLE_NOT_ALLOWED.
 */
async function substituteUnits(ctx: CommandContext, state: OrderState, answer: Answer): Promise<Given> {
  const { order, lines } = state;
  const { line, product, pricePolicy = 'lower', path } = answer;
  if (!product) throw new RangeError('A substitution needs its product.');
  assertOther(line, product, path);
  const { open } = await readOpenUnits(ctx, state, line);
  const quantity = unitsFor(answer, open, 'be replaced');
  const substitute = draftSubstitute(state, { id: ctx.newId(), line, product, quantity, pricePolicy });
  if (substitute.totalMinor > AMOUNT_MINOR_MAX) {
    const message = `${quantity} × ${substitute.unitPriceMinor} is more than an order can be worth.`;
    throw new ValidationError('AMOUNT_TOO_LARGE', message, {
      errors: [{ path: path('quantity'), code: 'AMOUNT_TOO_LARGE', message }],
    });
  }
  const { postings, differenceMinor, owedBackMinor } = planSubstitution(order, lines, { line, substitute });
  const consent = assertConsent(ctx, state, answer, differenceMinor);
  ctx.insert(orderLines, substitute);
  await promise(ctx, state, substitute, path);
  await giveUp(ctx, state, line, quantity);
  line.substitutedQuantity += quantity;
  lines.push(substitute);
  await postForOrder(ctx, order, { event: 'substituted', postings });
  const money = { differenceMinor, owedBackMinor };
  return {
    lineId: line.id,
    resolution: 'substitute',
    quantity,
    substituteLineId: substitute.id,
    pricePolicy,
    consent,
    ...money,
  };
}

export function draftSubstitute(
  { order, lines }: OrderState,
  wanted: { id: string; line: OrderLineRow; product: ProductPrice; quantity: number; pricePolicy: PricePolicy },
): OrderLineRow {
  const { id, line, product, quantity, pricePolicy } = wanted;
  const worthMinor = worthOf(order, lines, line, quantity);
  const replaced = { quantity, unitPriceMinor: line.unitPriceMinor, worthMinor };
  return {
    id,
    orderId: order.id,
    position: Math.max(...lines.map(({ position }) => position)) + 1,
    productId: product.id,
    sku: product.sku,
    name: product.name,
    quantity,
    ...substitutePrice(pricePolicy, replaced, product.priceMinor),
    parentLineId: line.id,
    ...NO_COUNTS,
  };
}

export type ProductPrice = Pick<ProductRow, 'id' | 'sku' | 'name' | 'priceMinor'>;

async function readOpenUnits(ctx: CommandContext, { order }: OrderState, line: OrderLineRow): Promise<OpenUnits> {
  return openUnitsOf(line, await reservationsOf(ctx, sourceOf(order)));
}

/** Throws 409 NOTHING_OPEN, 422 QUANTITY_TOO_LARGE. */
function unitsFor({ line, quantity, path }: Answer, most: number, what: string): number {
  if (most === 0) {
    const message = `Nothing of ${line.sku} can ${what}: all of it is prepared, handed over or answered for.`;
    throw new ConflictError('NOTHING_OPEN', message, {
      errors: [{ path: path('id'), code: 'NOTHING_OPEN', message }],
      facts: { lineId: line.id, sku: line.sku },
    });
  }
  if (quantity !== undefined && quantity > most) {
    const message = `Only ${most} of ${line.sku} can ${what}, not ${quantity}; the rest is prepared, handed over or answered for.`;
    throw new ValidationError('QUANTITY_TOO_LARGE', message, {
      errors: [{ path: path('quantity'), code: 'QUANTITY_TOO_LARGE', message, available: most }],
    });
  }
  return quantity ?? most;
}

function assertOther(line: OrderLineRow, product: ProductRow, path: Answer['path']): void {
  if (product.id === line.productId) {
    const message = `${product.sku} is what is missing. Name another product, or let the line wait.`;
    throw new ValidationError('SUBSTITUTE_SAME', message, {
      errors: [{ path: path('sku'), code: 'SUBSTITUTE_SAME', message }],
    });
  }
  if (product.active) return;
  const message = `${product.sku} is no longer sold. Name another product.`;
  throw new ConflictError('PRODUCT_WITHDRAWN', message, {
    errors: [{ path: path('sku'), code: 'PRODUCT_WITHDRAWN', message }],
  });
}

/** The customer agreed, or a manager answers for it; to a higher price only the customer can agree. */
function assertConsent(
  ctx: CommandContext,
  { order }: OrderState,
  { consent, override, path }: Answer,
  differenceMinor: number,
): ResolutionRow['consent'] {
  if (differenceMinor > 0) authorise(ctx.actor, CHARGE_MORE, order.storeId);
  if (differenceMinor > (consent?.upToMinor ?? 0)) {
    const message = `The substitute costs the customer ${differenceMinor} ${order.currency} (minor units) more. Ask, and give consent.upToMinor; or keep the old price.`;
    throw new ConflictError('CONSENT_TOO_SMALL', message, {
      errors: [{ path: path('consent.upToMinor'), code: 'CONSENT_TOO_SMALL', message, differenceMinor }],
      facts: { differenceMinor },
    });
  }
  if (consent) return consent;
  if (override) {
    authorise(ctx.actor, OVERRIDE, order.storeId);
    return { overriddenBecause: override.reason };
  }
  const message = 'The customer has not agreed to a substitute. Give consent, or let a manager override with a reason.';
  throw new ValidationError('CONSENT_REQUIRED', message, {
    errors: [{ path: path('consent'), code: 'CONSENT_REQUIRED', message }],
  });
}

/** The substitute is promised at once; what is not there cannot take a place. */
async function promise(
  ctx: CommandContext,
  { order }: OrderState,
  { id: lineId, productId, sku, quantity }: OrderLineRow,
  path: Answer['path'],
): Promise<void> {
  try {
    await reserve(ctx, sourceOf(order), [{ lineId, productId, sku, quantity }]);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'STOCK_INSUFFICIENT') throw error;
    const errors = error.errors?.map((one) => ({ ...one, path: path('quantity') }));
    throw new ConflictError(error.code, error.message, { errors, facts: error.facts });
  }
}

/** Gives back the promise of units; those that only wait go first. */
async function giveUp(ctx: CommandContext, { order }: OrderState, line: OrderLineRow, quantity: number): Promise<void> {
  const [done] = await release(ctx, sourceOf(order), [{ lineId: line.id, quantity }], { isMissing: true });
  line.backorderedQuantity -= done?.backordered ?? 0;
}

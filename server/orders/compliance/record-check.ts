import { businessDay } from '../../accounting';
import { storeSettings } from '../../people';
import { authorise, mayUse, permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError, ForbiddenError, ValidationError } from '../../platform/errors';
import { emitForOrder } from '../move-order';
import type { OrderStatus } from '../order-moves';
import { lockState, type OrderState } from '../order-state';
import type { OrderRow } from '../orders.models';
import { ageOn, isBirthDate } from './age';
import { tellOnce } from './alert';
import { ageOfGoods, checksOf, complianceNeeds, isFetched } from './compliance-guard';
import { limitRule, restrictedRule } from './compliance-rules';
import { type ComplianceCheckRow, complianceChecks } from './compliance.models';
import type { AgeCheckInput, PermissionInput } from './compliance.schema';

/** Whoever sees a customer, or speaks with one. */
export const checkAges = permission('order.check_age', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
]);
export const permitSales = permission('order.permit', ['store_manager']);

/** From here on the next thing that happens is that the customer comes. */
const WAITS_FOR_CUSTOMER: readonly OrderStatus[] = ['ready_for_pickup', 'awaiting_handoff'];

/**
 * Writes down that a customer is old enough for this order's goods; the date of birth itself is not kept. Refuses with
 * 409 AGE_TOO_LOW (which is written down all the same), AGE_CHECK_NOT_NEEDED or DOCUMENT_NEEDED, 422 AGE_ASKED_TOO_LOW
 * or BIRTH_DATE_INVALID, 403 ROLE_NOT_ALLOWED for all but a manager once somebody was found too young.
 */
export async function recordAgeCheck(
  ctx: CommandContext,
  idOrNumber: string,
  input: AgeCheckInput,
): Promise<ComplianceCheckRow> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, checkAges, order.storeId);
  const minimumAge = await ageAsked(ctx, state, input);
  assertDocument(ctx, order, input);
  const row = checkRow(ctx, order.id, { kind: 'age', minimumAge, documentKind: input.documentKind, note: input.note });
  if (!(await isOfAge(ctx, order, minimumAge, input))) {
    const message = `The customer is younger than ${minimumAge}. Do not hand the goods over; cancel the order, or ask a store manager.`;
    throw new ConflictError('AGE_TOO_LOW', message, {
      facts: { minimumAge, orderStatus: order.status },
      aftermath: (after) => keepRefused(after, order, row, message),
    });
  }
  await assertNobodyTooYoung(ctx, order);
  keep(ctx, order, row);
  return row;
}

/** Writes down what allows the sale. Throws 403 ROLE_NOT_ALLOWED, 409 PERMISSION_NOT_NEEDED. */
export async function recordPermission(
  ctx: CommandContext,
  idOrNumber: string,
  { document, note }: PermissionInput,
): Promise<ComplianceCheckRow> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, permitSales, order.storeId);
  const { permission: restricted, limits } = await complianceNeeds(ctx, state);
  const covers = [...restricted.map(restrictedRule), ...limits.map(({ sku }) => limitRule(sku))];
  if (covers.length === 0) {
    const message =
      'Nothing of this order that is still here needs a permission. GET /orders/:id shows what is missing.';
    throw new ConflictError('PERMISSION_NOT_NEEDED', message, { facts: { orderStatus: order.status } });
  }
  const row = checkRow(ctx, order.id, { kind: 'permission', document, note, covers });
  keep(ctx, order, row);
  return row;
}

/** The years to check: never fewer than the goods ask for. */
async function ageAsked(ctx: CommandContext, state: OrderState, input: AgeCheckInput): Promise<number> {
  const needed = await ageOfGoods(ctx, state);
  if (needed === null) {
    const message = 'Nothing of this order that is still here asks for an age.';
    throw new ConflictError('AGE_CHECK_NOT_NEEDED', message, { facts: { orderStatus: state.order.status } });
  }
  const asked = input.minimumAge ?? needed;
  if (asked >= needed) return asked;
  const message = `The goods of this order are for customers of ${needed} or older. Check for that age.`;
  throw new ValidationError('AGE_ASKED_TOO_LOW', message, {
    errors: [{ path: 'minimumAge', code: 'AGE_ASKED_TOO_LOW', message: `At least ${needed}.` }],
    facts: { minimumAge: needed },
  });
}

/** What a customer says on the phone lets an order be prepared or sent; at a counter a document is looked at. */
function assertDocument(ctx: CommandContext, order: OrderRow, { documentKind }: AgeCheckInput): void {
  if (documentKind === 'phone') {
    if (!isFetched(order) || !WAITS_FOR_CUSTOMER.includes(order.status)) return;
    const message = 'The customer fetches these goods: look at a document instead of asking.';
    throw new ConflictError('DOCUMENT_NEEDED', message, {
      errors: [{ path: 'documentKind', code: 'DOCUMENT_NEEDED', message: 'Choose the document you have looked at.' }],
    });
  }
  if (ctx.actor.role !== 'customer_service') return;
  throw new ForbiddenError(
    'ROLE_NOT_ALLOWED',
    'Customer service sees no documents; record what the customer said with documentKind "phone".',
    { facts: { permission: checkAges.name, role: ctx.actor.role, documentKind } },
  );
}

/** By the calendar of the store. Throws 422 BIRTH_DATE_INVALID. */
async function isOfAge(
  ctx: CommandContext,
  { storeId }: OrderRow,
  minimumAge: number,
  { birthDate, confirmed }: AgeCheckInput,
): Promise<boolean> {
  if (birthDate === undefined) return confirmed === true;
  const { timezone } = await storeSettings(ctx, storeId);
  const today = businessDay(ctx.now, { timezone, dayEndsAt: '00:00' });
  if (isBirthDate(birthDate, today)) return ageOn(today, birthDate) >= minimumAge;
  const message = 'Nobody alive was born on that day. Read the date of birth again.';
  throw new ValidationError('BIRTH_DATE_INVALID', message, {
    errors: [{ path: 'birthDate', code: 'BIRTH_DATE_INVALID', message }],
  });
}

/** Trying until it passes is not for those who hand the goods over. */
async function assertNobodyTooYoung(ctx: CommandContext, { id }: OrderRow): Promise<void> {
  const refused = (await checksOf(ctx, id)).some(({ verdict }) => verdict === 'refused');
  if (!refused || mayUse(ctx.actor, permitSales)) return;
  throw new ForbiddenError(
    'ROLE_NOT_ALLOWED',
    'Somebody was found too young for this order. Ask a store manager to check again.',
    { facts: { permission: permitSales.name, role: ctx.actor.role, allowedRoles: ['admin', ...permitSales.roles] } },
  );
}

function checkRow(
  ctx: CommandContext,
  orderId: string,
  found: Pick<ComplianceCheckRow, 'kind'> & Partial<ComplianceCheckRow>,
): ComplianceCheckRow {
  return {
    id: ctx.newId(),
    orderId,
    verdict: 'passed',
    minimumAge: null,
    documentKind: null,
    document: null,
    covers: [],
    actorName: ctx.actor.name,
    actorRole: ctx.actor.role,
    at: ctx.now,
    ...found,
    note: found.note ?? '',
  };
}

/** The check is written down each time, the managers hear of it once. */
async function keepRefused(
  ctx: CommandContext,
  order: OrderRow,
  row: ComplianceCheckRow,
  message: string,
): Promise<void> {
  keep(ctx, order, { ...row, verdict: 'refused' });
  const { id: checkId, minimumAge, documentKind } = row;
  const news = { rule: 'age_refused', code: 'AGE_TOO_LOW', message, checkId, minimumAge, documentKind };
  await tellOnce(ctx, order.id, [news]);
}

function keep(ctx: CommandContext, order: OrderRow, row: ComplianceCheckRow): void {
  ctx.insert(complianceChecks, row);
  const { id: checkId, kind, verdict, minimumAge, documentKind, covers, note } = row;
  ctx.audit({
    action: 'compliance.check',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { checkId, kind, verdict, minimumAge, documentKind, covers },
    note,
  });
  emitForOrder(ctx, order, 'compliance.checked', { checkId, kind, verdict, minimumAge, documentKind, covers });
}

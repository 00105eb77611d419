import {
  complianceNeeds,
  lockState,
  moveOrder,
  orderMoves,
  type OrderRow,
  type OrderState,
  recordAgeCheck,
} from '../../orders';
import { authorise, mayUse, permission, type Permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { formatMoney } from '../../platform/money';
import { confirmHandOffs, overrideHandOffs } from '../rights';
import { completeTask } from '../tasks/close-task';
import type { TaskUrls } from '../tasks/task-links';
import type { AgeDocument } from './age-documents';
import { closeHandOff } from './close-hand-off';
import { lockHandOff, readHandOff } from './find-hand-offs';
import { isCodeOf } from './hand-off-code';
import { assertHandOffMove, handOffMethods } from './hand-off-moves';
import { type HandOffRow, handOffs, handOffSignatures } from './hand-offs.models';
import { type ConfirmedWith, type GivenProof, judgeProof, type Proof, WRONG_TRIES_MAX } from './proof';
import { readSignature } from './signature';

export interface Confirming {
  code?: string;
  signedBy?: string;
  /** PNG in base64, or as a data address. */
  signature?: string;
  /** Of an age check: what was looked at. */
  documentKind?: AgeDocument;
  note?: string;
  clientActionId?: string;
}

export interface Confirmation {
  handOff: HandOffRow;
  order: OrderRow;
  /** False when it was confirmed before, and when the code was wrong: then only the try was counted. */
  changed: boolean;
  isWrongCode: boolean;
}

export interface Counter {
  urls: TaskUrls;
  /** Codes are made of it. */
  secret: string;
}

/**
 * The goods are in the hands of whoever they are for: the order moves and the task is done, in one go. A wrong code is
 * counted and answered, not refused, so that the count is kept; whoever asked makes a refusal of it.
 * Throws 404 HANDOFF_NOT_FOUND, 409 HANDOFF_CLOSED, ORDER_NOT_WAITING, MONEY_NOT_SETTLED, what `judgeProof` and the
 * order's move refuse, 422 SIGNATURE_NOT_PNG or SIGNATURE_TOO_LARGE.
 */
export async function confirmHandOff(
  ctx: CommandContext,
  { urls, secret }: Counter,
  id: string,
  given: Confirming,
): Promise<Confirmation> {
  const { orderId } = await readHandOff(ctx, id);
  const state = await lockState(ctx, orderId);
  const { order } = state;
  authorise(ctx.actor, confirmHandOffs, order.storeId);
  const handOff = await lockHandOff(ctx, id);
  // Said before anything is counted or signed: whoever may not let these goods go uses up no try either.
  authorise(ctx.actor, confirmOf(handOff), order.storeId);
  const unchanged = { handOff, order, changed: false, isWrongCode: false };
  if (handOff.status === 'confirmed') return unchanged;
  if (given.clientActionId && given.clientActionId === handOff.lastActionId) return unchanged;
  assertHandOffMove(handOff.status, 'confirm');
  assertWaiting(order, handOff);
  assertPaid(order, handOff);
  const png = given.signature && given.signedBy ? readSignature(given.signature) : undefined;
  const verdict = judgeProof(proofOf(handOff, order), {
    codeIsRight: given.code === undefined ? undefined : isCodeOf(id, given.code, secret),
    signedBy: given.signedBy,
    note: given.note,
    isManager: mayUse(ctx.actor, overrideHandOffs),
  } satisfies GivenProof);
  if (verdict === 'wrong_code') return { ...(await countWrongCode(ctx, handOff, given)), order };
  await checkAge(ctx, state, given);
  if (png) ctx.insert(handOffSignatures, { id: ctx.newId(), handOffId: id, pngBase64: png, at: ctx.now });
  return handOver(ctx, urls, { handOff, order, given, verdict });
}

/** Confirming is making the order's move, so it takes the roles of that move: at the counter the till's too. */
function confirmOf({ method }: HandOffRow): Permission {
  const { roles } = orderMoves[handOffMethods[method].confirms];
  return permission(confirmHandOffs.name, roles);
}

/** What a hand-off takes as proof now. */
export function proofOf({ confirmBy, wrongTries }: HandOffRow, { customerEmail }: OrderRow): Proof {
  return { confirmBy, wrongTries, customerHasMail: customerEmail !== null };
}

/** What the customer still owes before the goods may leave; 0 when they may. */
export function dueBefore(order: OrderRow, { method }: HandOffRow): number {
  return handOffMethods[method].leavesUnpaid ? 0 : order.receivableMinor;
}

async function handOver(
  ctx: CommandContext,
  urls: TaskUrls,
  {
    handOff,
    order,
    given,
    verdict,
  }: Pick<Confirmation, 'handOff' | 'order'> & { given: Confirming; verdict: ConfirmedWith },
): Promise<Confirmation> {
  const { signedBy, note } = given;
  const move = handOffMethods[handOff.method].confirms;
  const { state } = await moveOrder(ctx, order.id, { move });
  const end = { move: 'confirm' as const, confirmedWith: verdict, signedBy, note };
  const closed = await closeHandOff(ctx, state.order, handOff, end);
  await finishTask(ctx, urls, closed);
  return { handOff: closed, order: state.order, changed: true, isWrongCode: false };
}

/** The task of a confirmed hand-off is done. */
export async function finishTask(ctx: CommandContext, urls: TaskUrls, handOff: HandOffRow): Promise<void> {
  const { id: handOffId, confirmedWith, confirmedBy, note } = handOff;
  const result = { handOffId, handedOver: true, confirmedWith, confirmedBy };
  await completeTask(ctx, urls, handOff.taskId, { allDone: true, note: note ?? undefined }, result);
}

/** What may only go to grown-ups goes to nobody whose document was not seen; the order's move says so when it was not. */
async function checkAge(ctx: CommandContext, state: OrderState, { documentKind }: Confirming): Promise<void> {
  if (!documentKind) return;
  const { minimumAge } = await complianceNeeds(ctx, state);
  if (minimumAge === null) return;
  await recordAgeCheck(ctx, state.order.id, { minimumAge, confirmed: true, documentKind });
}

function assertWaiting({ number, status }: OrderRow, { method }: HandOffRow): void {
  if (status === handOffMethods[method].waitsIn) return;
  throw new ConflictError(
    'ORDER_NOT_WAITING',
    `Order ${number} is ${status} and does not wait to be handed over. Keep the goods here and ask a manager.`,
    { facts: { orderStatus: status } },
  );
}

function assertPaid(order: OrderRow, handOff: HandOffRow): void {
  const due = dueBefore(order, handOff);
  if (due === 0) return;
  throw new ConflictError(
    'MONEY_NOT_SETTLED',
    `${formatMoney(due, order.currency)} of order ${order.number} are still to be paid. The cashier takes the payment first; then hand the goods over.`,
    { facts: { balanceDueMinor: due, currency: order.currency, pay: `/api/v1/orders/${order.id}/payments` } },
  );
}

async function countWrongCode(ctx: CommandContext, handOff: HandOffRow, { clientActionId }: Confirming) {
  const wrongTries = handOff.wrongTries + 1;
  const set = { wrongTries, lastActionId: clientActionId ?? null };
  await ctx.update(handOffs, set, 'id = :id', { id: handOff.id });
  const { id, storeId, orderId } = handOff;
  const after = { wrongTries, triesLeft: WRONG_TRIES_MAX - wrongTries };
  ctx.audit({ action: 'handoff.wrong_code', subjectType: 'handoff', subjectId: id, storeId, orderId, after });
  return { handOff: { ...handOff, ...set }, changed: false, isWrongCode: true };
}

/** How a wrong code is told. */
export function wrongCode({ wrongTries }: Pick<HandOffRow, 'wrongTries'>): ConflictError {
  const triesLeft = Math.max(0, WRONG_TRIES_MAX - wrongTries);
  const way =
    triesLeft > 0
      ? `${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left; ask the customer to read it from the message again.`
      : 'It is not taken any more: have the customer sign, or ask a store manager.';
  return new ConflictError('HANDOFF_CODE_WRONG', `That is not the code of this order. ${way}`, {
    facts: { wrongTries, triesLeft },
  });
}

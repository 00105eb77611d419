import { emitForOrder, type OrderRow } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { type HandOffMove, handOffMoves } from './hand-off-moves';
import { type HandOffRow, handOffs } from './hand-offs.models';
import type { ConfirmedWith } from './proof';

export interface HandOffEnd {
  move: HandOffMove;
  /** Who handed the goods over, or ended it; the one who asks unless said. */
  by?: string;
  confirmedWith?: ConfirmedWith;
  signedBy?: string;
  note?: string;
}

/** Writes down how an open hand-off ended and tells the pipelines; its task and its order are the caller's business. */
export async function closeHandOff(
  ctx: CommandContext,
  order: OrderRow,
  handOff: HandOffRow,
  { move, by = ctx.actor.name, confirmedWith, signedBy, note }: HandOffEnd,
): Promise<HandOffRow> {
  const { to, event } = handOffMoves[move];
  const set = {
    status: to,
    openMarker: null,
    confirmedWith: confirmedWith ?? null,
    confirmedBy: move === 'confirm' ? by : null,
    signedBy: signedBy ?? null,
    note: note ?? handOff.note,
    closedAt: ctx.now,
  };
  await ctx.update(handOffs, set, 'id = :id', { id: handOff.id });
  const { id, storeId, orderId, method } = handOff;
  ctx.audit({
    action: `handoff.${move}`,
    subjectType: 'handoff',
    subjectId: id,
    storeId,
    orderId,
    before: { status: handOff.status },
    after: { status: to, confirmedWith: set.confirmedWith, signedBy: set.signedBy },
    note,
  });
  emitForOrder(ctx, order, event, { handOffId: id, method, confirmedWith: set.confirmedWith });
  return { ...handOff, ...set };
}

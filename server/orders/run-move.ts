import type { CommandContext } from '../platform/context';
import { Reply } from '../platform/http/route';
import { moveOrder } from './move-order';
import { type OrderMove, moveRule, readStatus } from './order-moves';
import { orderCommands } from './order-extensions';
import { viewOrder } from './order-view';
import type { StatusInput } from './orders.schema';

/**
 * Makes a move by the command of the slice that owns it, if there is one; else as the table says. Answers the order
 * and whether it changed.
 */
export async function runMove(ctx: CommandContext, idOrNumber: string, input: StatusInput): Promise<Reply> {
  const owned = ownedMove(input);
  const command = owned && orderCommands.of(owned);
  if (command) return command(ctx, idOrNumber, input);
  const { changed, state } = await moveOrder(ctx, idOrNumber, input);
  return new Reply(200, { ...viewOrder(state, ctx), changed });
}

/** The owned move that is meant; a status means the one that leads to it, wherever the order stands. */
function ownedMove({ move, status }: StatusInput): OrderMove | undefined {
  if (move !== undefined) return move as OrderMove;
  const wanted = status === undefined ? undefined : readStatus(status);
  return orderCommands.moves().find((name) => moveRule(name).to === wanted);
}

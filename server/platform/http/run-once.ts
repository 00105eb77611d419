import type { Caller } from '../database/reader';
import type { UnitOfWork } from '../database/unit-of-work';
import type { Workroom } from '../workroom';
import { claimKey, keepAnswer } from './idempotency';
import { Reply } from './route';

export interface Once {
  /** Missing for a preview, which keeps nothing. */
  key?: string;
  hash: string;
  /** Fields of the answer that are never kept. */
  shownOnce?: readonly string[];
}

/** Runs one command in one transaction, at most once for its key; a repeat gets the first answer. */
export async function runOnce(
  workroom: Workroom,
  caller: Caller,
  { key, hash, shownOnce }: Once,
  work: (ctx: UnitOfWork) => Promise<Reply>,
): Promise<{ reply: Reply; effects: UnitOfWork['effects'] }> {
  const { result, effects } = await workroom.command(
    caller,
    async (ctx) => {
      const first = key ? await claimKey(ctx, key, hash) : undefined;
      if (first) return new Reply(first.status, first.body, { 'Idempotency-Replayed': 'true' });
      const reply = await work(ctx);
      for (const observe of workroom.registry.commandObservers) await observe(ctx, ctx.orderId);
      if (key) keepAnswer(ctx, key, reply, shownOnce);
      return reply;
    },
    { dryRun: key === undefined },
  );
  return { reply: result, effects };
}

import { emitForOrder, readState } from '../orders';
import type { CommandContext, JobContext } from '../platform/context';
import { maskedEmail } from '../platform/masking';
import type { DeliveredEvent } from '../platform/registry';
import { failedSentence } from './list-messages';
import { type MessageMove, messageMoves } from './message-states';
import { messages, type MessageRow } from './notifications.models';

/** Gives somebody of the store the work of telling the customer in another way. */
export type GiveManualMessage = (ctx: CommandContext, task: { orderId: string; instructions: string }) => Promise<void>;

/** What platform's mail tells of each mail. */
interface MailFacts {
  mailId: string;
  template: string;
  recipient: string;
  error?: string;
}

/** The mail has left: so has its message. */
export function onMailSent(job: JobContext, event: DeliveredEvent): Promise<void> {
  return job.transaction(async (ctx) => {
    await settle(ctx, event.data as unknown as MailFacts, messageMoves.send);
  });
}

/** The mail will never leave. The customer who waits for it becomes a person's business. */
export function onMailFailed(job: JobContext, event: DeliveredEvent, giveTask: GiveManualMessage): Promise<void> {
  return job.transaction(async (ctx) => {
    const mail = event.data as unknown as MailFacts;
    const known = await ctx.get(messages, 'mail_id = :mailId', { mailId: mail.mailId });
    if (!known) return tellOfMail(ctx, event, mail);
    const row = await settle(ctx, mail, messageMoves.fail);
    if (row?.orderId) await giveTask(ctx, { orderId: row.orderId, instructions: failedSentence(row) });
  });
}

/** Moves the message once, however often its mail's fate is told; answers nothing when it was moved before. */
async function settle(ctx: CommandContext, mail: MailFacts, move: MessageMove): Promise<MessageRow | undefined> {
  const row = await ctx.get(messages, 'mail_id = :mailId', { mailId: mail.mailId });
  if (!row) return undefined;
  const set = { status: move.to, [move.mark]: ctx.now, error: mail.error ?? null };
  const moved = await ctx.update(messages, set, 'id = :id AND status IN (:from)', { id: row.id, from: move.from });
  if (moved === 0) return undefined;
  const settled = { ...row, ...set };
  await tell(ctx, move.event, settled);
  return settled;
}

async function tell(ctx: CommandContext, topic: string, row: MessageRow): Promise<void> {
  const { id: messageId, message, orderId, audience, recipient, error } = row;
  const data = { messageId, message, orderId, audience, recipient: maskedEmail(recipient), error };
  if (orderId) return emitForOrder(ctx, (await readState(ctx, orderId)).order, topic, data);
  ctx.emit({ topic, storeId: row.storeId, data });
}

/** A mail that is no message of ours, such as a task's: whoever listens for what did not arrive hears of it too. */
function tellOfMail(ctx: CommandContext, { storeId, orderId }: DeliveredEvent, mail: MailFacts): void {
  const message = mail.template.split('/').at(-1);
  const data = { messageId: null, message, orderId: orderId ?? null, audience: 'staff', ...mail };
  ctx.emit({ topic: messageMoves.fail.event, storeId, orderId, data });
}

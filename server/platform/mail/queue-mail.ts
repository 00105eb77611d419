import type { CommandContext } from '../context';
import { maskedEmail } from '../masking';
import type { MailAttachment } from './attachments';
import type { LateWords } from './late-words';
import { mails } from './mail.models';

export const SEND_JOB = 'mail.send';

export interface Mail {
  /** Chosen by whoever must know the mail before it is queued; made here otherwise. */
  id?: string;
  /** Folder below templates/ with subject.hbs, html.hbs and text.hbs, such as `emails/task-assigned`. */
  template: string;
  /** One address. */
  to: string;
  data: Record<string, unknown>;
  attachments?: readonly MailAttachment[];
  lateWords?: LateWords;
  storeId: string;
  orderId?: string;
  /** One mail for ever per key; a second one is left out. At most 191 printable ASCII characters. */
  dedupeKey?: string;
}

export interface QueuedMail extends Record<string, unknown> {
  mailId: string;
  data: Record<string, unknown>;
  attachments?: readonly MailAttachment[];
  lateWords?: LateWords;
}

/** Leaves a mail in the outbox; it leaves after the commit. Answers its id, or nothing when the key was used before. */
export async function queueMail(ctx: CommandContext, mail: Mail): Promise<string | undefined> {
  const { template, to, storeId, orderId, dedupeKey } = mail;
  if (dedupeKey && (await ctx.get(mails, 'dedupe_key = :dedupeKey', { dedupeKey }))) return undefined;
  const mailId = mail.id ?? ctx.newId();
  ctx.insert(mails, {
    id: mailId,
    storeId,
    orderId: orderId ?? null,
    template,
    recipient: to,
    dedupeKey: dedupeKey ?? null,
    queuedAt: ctx.now,
    sentAt: null,
    failedAt: null,
    lastError: null,
  });
  const { data, attachments, lateWords } = mail;
  ctx.enqueue(SEND_JOB, { mailId, data, attachments, lateWords } satisfies QueuedMail, { storeId });
  ctx.effect('messages', { template, to: maskedEmail(to) });
  return mailId;
}

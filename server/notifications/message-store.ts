import { createHash } from 'node:crypto';
import type { CommandContext, ReadContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { type LateWords, type MailAttachment, queueMail } from '../platform/mail';
import { maskedEmail } from '../platform/masking';
import { messages, type MessageRow } from './notifications.models';

/** Every message is carried by mail. */
const CHANNEL = 'email';

/** What makes two requests ask for the same message; compared as a whole. */
export type NaturalKey = readonly (string | null)[];

export interface NewMessage {
  storeId: string;
  orderId: string | null;
  audience: MessageRow['audience'];
  message: string;
  recipient: string;
  naturalKey: NaturalKey;
  note: string | null;
  /** Folder below templates/, and what fills it. */
  template: string;
  data: Record<string, unknown>;
  attachments?: readonly MailAttachment[];
  lateWords?: LateWords;
}

export interface Sending {
  row: MessageRow;
  /** False when the message was there before. */
  isNew: boolean;
}

export function findMessage(ctx: ReadContext, key: NaturalKey): Promise<MessageRow | undefined> {
  return ctx.get(messages, 'natural_key = :naturalKey', { naturalKey: hashOf(key) });
}

/** Queues a message and its mail, unless the same message was queued before: then that one is the answer. */
export async function sendOnce(ctx: CommandContext, wanted: NewMessage): Promise<Sending> {
  const known = await findMessage(ctx, wanted.naturalKey);
  if (known) return { row: known, isNew: false };
  const { naturalKey, template, data, attachments, lateWords, ...given } = wanted;
  const row: MessageRow = {
    ...given,
    id: ctx.newId(),
    naturalKey: hashOf(naturalKey),
    mailId: ctx.newId(),
    status: 'queued',
    requestedBy: ctx.actor.name,
    queuedAt: ctx.now,
    sentAt: null,
    failedAt: null,
    error: null,
  };
  const first = await insertOrFind(ctx, row);
  if (first) return { row: first, isNew: false };
  const { storeId, orderId, recipient } = row;
  const mail = { id: row.mailId, template, to: recipient, data, attachments, lateWords };
  await queueMail(ctx, { ...mail, storeId, orderId: orderId ?? undefined });
  ctx.audit({
    action: 'message.send',
    subjectType: 'message',
    subjectId: row.id,
    storeId,
    orderId: orderId ?? undefined,
    after: { message: row.message, recipient: maskedEmail(recipient) },
    note: row.note ?? undefined,
  });
  return { row, isNew: true };
}

/** Another request may be asking for the same at this moment; the unique key says which of the two was first. */
async function insertOrFind(ctx: CommandContext, row: MessageRow): Promise<MessageRow | undefined> {
  await ctx.flush();
  try {
    ctx.insert(messages, row);
    await ctx.flush();
    return undefined;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const { naturalKey } = row;
    // Only a locking read sees what was committed after this command began.
    const [first] = await ctx.lock(messages, 'natural_key = :naturalKey', { naturalKey });
    if (first) return first;
    throw error;
  }
}

/** A message as people and programs see it: never the whole address. */
export function viewMessage(row: MessageRow, ctx: ReadContext): Record<string, unknown> {
  const { recipient, naturalKey: _naturalKey, mailId: _mailId, note, ...rest } = row;
  return {
    ...rest,
    channel: CHANNEL,
    recipient: maskedEmail(recipient),
    note: ctx.actor.role === 'reporting' ? null : note,
  };
}

function hashOf(key: NaturalKey): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

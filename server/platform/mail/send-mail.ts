import { createTransport } from 'nodemailer';
import type { CommandContext, JobContext } from '../context';
import { maskedEmail } from '../masking';
import { PermanentFailure } from '../outbox';
import type { JobHandler, JobOptions } from '../registry';
import { render } from '../render';
import { makeAttachments } from './attachments';
import { makeLateWords } from './late-words';
import { mails, type MailRow } from './mail.models';
import type { QueuedMail } from './queue-mail';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const CONNECTION_TIMEOUT_MS = 10 * SECOND_MS;
const SOCKET_TIMEOUT_MS = 30 * SECOND_MS;
const ERROR_LENGTH_MAX = 500;
/** SMTP: from here on the server says that trying again is useless. */
const FIRST_PERMANENT_CODE = 500;

/** Quick at first, for a mail server that restarts; then for about a day, for one that somebody must mend. */
export const SEND_OPTIONS: JobOptions = {
  backoffMs: [5 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS],
  attempts: 30,
  onDead: giveUp,
};

export interface Sender {
  /** Where mail is handed over. */
  smtpUrl: string;
  /** `Name <address>`. */
  from: string;
}

/** Sends one queued mail. Sent twice only if we are killed between the server's yes and our mark, under one Message-ID. */
export function sendJob({ smtpUrl, from }: Sender): JobHandler {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  });
  return async (job, payload, { attempt }) => {
    const { mailId, attachments = [], ...queued } = payload as QueuedMail;
    const mail = await job.read.get(mails, 'id = :mailId', { mailId });
    if (!mail || mail.sentAt) return;
    const data = { ...queued.data, ...(await makeLateWords(job, queued.lateWords)) };
    const content = {
      subject: render(`${mail.template}/subject`, data).trim(),
      html: render(`${mail.template}/html`, data),
      text: render(`${mail.template}/text`, data),
    };
    try {
      await transport.sendMail({
        ...content,
        attachments: await makeAttachments(job, attachments, attempt),
        from,
        to: { name: '', address: mail.recipient },
        messageId: `<${mail.id}@${domainOf(from)}>`,
        // Out-of-office programs don't answer mail that says so (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      const text = errorText(error, mail);
      await note(job, mail, text);
      throw isPermanent(error) ? new PermanentFailure(text) : new Error(text);
    }
    await markSent(job, mail);
  };
}

/** Told in the same transaction as the mark, and only once. */
async function markSent(job: JobContext, mail: MailRow): Promise<void> {
  await job.transaction(async (ctx) => {
    const set = { sentAt: ctx.now, failedAt: null, lastError: null };
    if ((await ctx.update(mails, set, 'id = :id AND sent_at IS NULL', { id: mail.id })) > 0)
      tell(ctx, 'mail.sent', mail);
  });
}

/** A mail that could not leave becomes an event, so that a person sees it. */
async function giveUp(job: JobContext, payload: Record<string, unknown>): Promise<void> {
  const { mailId } = payload as QueuedMail;
  await job.transaction(async (ctx) => {
    const mail = await ctx.get(mails, 'id = :mailId', { mailId });
    if (!mail || mail.sentAt || mail.failedAt) return;
    await ctx.update(mails, { failedAt: ctx.now }, 'id = :mailId', { mailId });
    tell(ctx, 'mail.failed', mail, { error: mail.lastError ?? 'The mail could not be made.' });
  });
}

/** For the slices that sent the mail; what the world is told of it is theirs to say. */
function tell(ctx: CommandContext, topic: string, mail: MailRow, more: Record<string, unknown> = {}): void {
  const { id: mailId, template, dedupeKey, storeId, orderId } = mail;
  const data = { mailId, template, recipient: maskedEmail(mail.recipient), dedupeKey, ...more };
  ctx.emit({ topic, storeId, orderId: orderId ?? undefined, data });
}

async function note(job: JobContext, mail: MailRow, lastError: string): Promise<void> {
  await job.transaction((ctx) => ctx.update(mails, { lastError }, 'id = :id', { id: mail.id }));
}

function isPermanent(error: unknown): boolean {
  return ((error as { responseCode?: number }).responseCode ?? 0) >= FIRST_PERMANENT_CODE;
}

/** Mail servers like to repeat the address they refuse; logs and events get it masked. */
function errorText(error: unknown, { recipient }: MailRow): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(recipient, maskedEmail(recipient)).slice(0, ERROR_LENGTH_MAX);
}

function domainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
}

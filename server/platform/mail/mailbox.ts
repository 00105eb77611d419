import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { Config } from '../config';
import { newId } from '../ids';
import type { Logger } from '../logger';

const MAIL_SIZE_MAX_BYTES = 10 * 1024 * 1024;
/** Older mails are deleted beyond this number. */
const MAILS_KEPT = 2000;
const SUFFIX = '.eml';

export interface MailSummary {
  id: string;
  subject: string;
  from: string;
  to: string;
  /** ISO 8601. */
  date: string;
  messageId: string;
  /** Every address the mail links to, in the order they appear. */
  links: string[];
}

export interface CaughtMail extends MailSummary {
  html: string;
  text: string;
  headers: { name: string; value: string }[];
}

/** A mail server for demonstrations: takes every mail, delivers none, and keeps each as a file. */
export class Mailbox {
  /** Newest last. */
  private readonly summaries = new Map<string, MailSummary>();
  private readonly server: SMTPServer;

  private constructor(
    private readonly folder: string,
    private readonly logger: Logger,
  ) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MAIL_SIZE_MAX_BYTES,
      onData: (stream, _session, done) => {
        this.take(stream).then(() => done(), done);
      },
    });
    // A client that breaks off must not end the service.
    this.server.on('error', (error) => this.logger.warn({ err: error }, 'mailbox.connection_failed'));
  }

  /** Listens on a free port of this machine only. */
  static async open(config: Pick<Config, 'dataFolder'>, logger: Logger): Promise<Mailbox> {
    const folder = resolve(config.dataFolder, 'mailbox');
    await mkdir(folder, { recursive: true });
    const mailbox = new Mailbox(folder, logger);
    await mailbox.readFolder();
    await new Promise<void>((ready, fail) => {
      mailbox.server.server.once('error', fail);
      mailbox.server.listen(0, '127.0.0.1', ready);
    });
    return mailbox;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Newest first; `recipient` is any part of the address, whatever its case. */
  list(recipient = ''): MailSummary[] {
    const wanted = recipient.trim().toLowerCase();
    return [...this.summaries.values()].reverse().filter(({ to }) => to.toLowerCase().includes(wanted));
  }

  async read(id: string): Promise<CaughtMail | undefined> {
    const summary = this.summaries.get(id);
    if (!summary) return undefined;
    const mail = await parse(await readFile(this.fileOf(id)));
    return {
      ...summary,
      html: mail.html || '',
      text: mail.text ?? '',
      headers: mail.headerLines.map(({ key, line }) => ({
        name: line.slice(0, key.length),
        value: line.slice(key.length + 1).trim(),
      })),
    };
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }

  private async readFolder(): Promise<void> {
    const ids = (await readdir(this.folder))
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length));
    for (const id of ids.sort()) this.summaries.set(id, summaryOf(id, await parse(await readFile(this.fileOf(id)))));
    await this.dropOldest();
  }

  private async take(stream: SMTPServerDataStream): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) throw Object.assign(new Error('The mail is too large.'), { responseCode: 552 });
    const raw = Buffer.concat(chunks);
    const id = newId();
    const file = this.fileOf(id);
    await writeFile(`${file}.part`, raw);
    await rename(`${file}.part`, file);
    this.summaries.set(id, summaryOf(id, await parse(raw)));
    await this.dropOldest();
  }

  private async dropOldest(): Promise<void> {
    for (const id of this.summaries.keys()) {
      if (this.summaries.size <= MAILS_KEPT) return;
      this.summaries.delete(id);
      await rm(this.fileOf(id), { force: true });
    }
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}${SUFFIX}`);
  }
}

function parse(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw, { skipTextToHtml: true });
}

function summaryOf(id: string, mail: ParsedMail): MailSummary {
  const to = (Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : []).map(({ text }) => text).join(', ');
  return {
    id,
    subject: mail.subject ?? '',
    from: mail.from?.text ?? '',
    to,
    date: (mail.date ?? new Date(0)).toISOString(),
    messageId: mail.messageId ?? '',
    links: linksIn(mail.html || '', mail.text ?? ''),
  };
}

/** Links of the HTML part and addresses in the text part, each once. */
export function linksIn(html: string, text: string): string[] {
  const inHtml = [...html.matchAll(/\bhref\s*=\s*["'](https?:[^"']+)["']/gi)].map((match) => unescapeHtml(match[1]));
  const inText = [...text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map(([address]) => address.replace(/[.,;:!?]+$/, ''));
  return [...new Set([...inHtml, ...inText])];
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&#x3D;': '=', '&#61;': '=', '&quot;': '"', '&#x27;': "'" };

function unescapeHtml(value: string): string {
  return value.replace(/&(amp|#x3D|#61|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}

import type { Logger } from '../logger';
import type { Registry } from '../registry';
import { stylesRouter } from '../render';
import { Mailbox } from './mailbox';
import { mailboxPages } from './mailbox-pages';
import { SEND_JOB } from './queue-mail';
import { SEND_OPTIONS, sendJob } from './send-mail';

export { type MailAttachment, mailAttachments, type MakeAttachment } from './attachments';
export { lateWords, type LateWords } from './late-words';
export { Mailbox } from './mailbox';
export { type Mail, queueMail } from './queue-mail';

/** Hangs up the sending job and, in the demo, the pages of the mailbox that catches everything. */
export function installMail(registry: Registry, { mailbox, logger }: { mailbox?: Mailbox; logger: Logger }): void {
  const { config } = registry;
  const smtpUrl = mailbox?.smtpUrl ?? config.smtpUrl;
  registry.job(SEND_JOB, sendJob({ smtpUrl, from: config.mailFrom }), SEND_OPTIONS);
  registry.addPages('/styles', stylesRouter());
  if (mailbox) registry.addPages('/', mailboxPages(mailbox));
  logger.debug({ demo: Boolean(mailbox) }, 'mail.ready');
}

import { ValidationError } from '../platform/errors';
import type { CommandContext } from '../platform/context';
import type { MailAttachment } from '../platform/mail';

/** What a message to management says; `key` makes it the same message again, such as `report:2026-11-20`. */
export interface Content {
  key: string;
  /** Folder below templates/. */
  template: string;
  data: Record<string, unknown>;
  /** Files that go along; `mailAttachments` holds their makers. */
  attachments?: readonly MailAttachment[];
}

export type MessageContent = (ctx: CommandContext, about: { storeId: string; date?: string }) => Promise<Content>;

/** A notice has its words from the request, all others from whoever knows the figures. */
export const NOTICE = 'notice';

const contents = new Map<string, MessageContent>();

/** Higher slices add what they know at boot, each under a name of its own, so that adding twice changes nothing. */
export const managementMessages = {
  add(kind: string, content: MessageContent): void {
    contents.set(kind, content);
  },
  names(): string[] {
    return [NOTICE, ...contents.keys()];
  },
  /** Throws 422 MESSAGE_UNKNOWN. */
  contentOf(kind: string): MessageContent {
    const content = contents.get(kind);
    if (content) return content;
    const message = `The message is one of ${this.names().join(', ')}.`;
    throw new ValidationError('MESSAGE_UNKNOWN', `There is no message "${kind}" to management. ${message}`, {
      errors: [{ path: 'message', code: 'MESSAGE_UNKNOWN', message }],
      facts: { messages: this.names() },
    });
  },
};

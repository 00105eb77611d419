export const MESSAGE_STATUSES = ['queued', 'sent', 'failed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export interface MessageMove {
  from: readonly MessageStatus[];
  to: MessageStatus;
  event: string;
  /** When the mail went this way, in the message's row. */
  mark: 'sentAt' | 'failedAt';
}

/** What the mail's fate does to its message. Both ends are final: sending again makes another message. */
export const messageMoves = {
  send: { from: ['queued'], to: 'sent', event: 'message.sent', mark: 'sentAt' },
  fail: { from: ['queued'], to: 'failed', event: 'message.failed', mark: 'failedAt' },
} as const satisfies Record<string, MessageMove>;

import { createHmac, timingSafeEqual } from 'node:crypto';

/** 128 bits of the signature. */
const SIGNATURE_HEX_LENGTH = 32;

/** What a task's link says: which task, and which of its links. Assigning the task anew makes the next link. */
export interface TaskLink {
  taskId: string;
  linkNumber: number;
}

/** Makes the address of a task's page. */
export interface TaskUrls {
  urlOf(task: { id: string; linkNumber: number }): string;
}

export function taskUrls({ publicUrl, secret }: { publicUrl: string; secret: string }): TaskUrls {
  return { urlOf: ({ id, linkNumber }) => `${publicUrl}/t/${makeTaskToken({ taskId: id, linkNumber }, secret)}` };
}

/** What a link is to; a signature for one is none for the other. */
export type LinkPurpose = 'task-link' | 'wave-link';

/**
 * The token in a task's link. Base64url of letters, digits and dots has neither dashes nor underscores, so mail
 * programs don't cut it and forms read it back as it is.
 */
export function makeTaskToken(link: TaskLink, secret: string, purpose: LinkPurpose = 'task-link'): string {
  return Buffer.from(`${link.taskId}.${link.linkNumber}.${signatureOf(link, secret, purpose)}`).toString('base64url');
}

/** The link a token stands for; undefined when it is not one of ours or was altered. */
export function readTaskToken(token: string, secret: string, purpose: LinkPurpose = 'task-link'): TaskLink | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  // Decoding forgives stray characters; an altered token is refused all the same.
  if (Buffer.from(text).toString('base64url') !== token) return undefined;
  const match = /^([0-9A-Z]{26})\.(\d{1,9})\.([0-9a-f]{32})$/.exec(text);
  if (!match) return undefined;
  const link = { taskId: match[1], linkNumber: Number(match[2]) };
  return isEqual(match[3], signatureOf(link, secret, purpose)) ? link : undefined;
}

function signatureOf({ taskId, linkNumber }: TaskLink, secret: string, purpose: LinkPurpose): string {
  const signed = createHmac('sha256', secret).update(`${purpose}:${taskId}:${linkNumber}`).digest('hex');
  return signed.slice(0, SIGNATURE_HEX_LENGTH);
}

/** Takes the same time wherever the two differ. */
function isEqual(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

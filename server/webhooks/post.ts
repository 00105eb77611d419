import { Webhook } from 'standardwebhooks';
import { readReceiver } from '../platform/http/receiver';

const TIMEOUT_MS = 10_000;

export interface Outcome {
  delivered: boolean;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  error: string | null;
}

export interface SignedPost {
  url: string;
  secret: string;
  /** The webhook-id. */
  id: string;
  /** Moment of this attempt; receivers refuse what is minutes old. */
  now: string;
  payload: Record<string, unknown>;
}

/** POSTs one signed message as Standard Webhooks says. Never throws; only 2xx counts as delivered. */
export async function post({ url, secret, id, now, payload }: SignedPost): Promise<Outcome> {
  const body = JSON.stringify(payload);
  const time = new Date(now);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Orderloom-Webhooks',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, time, body),
      },
    });
    const { accepted, status, isBooting } = await readReceiver(response);
    if (isBooting) return { delivered: false, status, error: `HTTP ${status}: n8n is still starting.` };
    return { delivered: accepted, status, error: accepted ? null : sentenceOf(status) };
  } catch (error) {
    return { delivered: false, status: null, error: reasonOf(error) };
  }
}

function sentenceOf(status: number): string {
  if (status === 404 || status === 410) {
    return `HTTP ${status}: nobody listens at this address. n8n answers so while it starts or when the workflow is not published.`;
  }
  if (status >= 300 && status < 400) return `HTTP ${status}: redirects are not followed. Register the final address.`;
  return `HTTP ${status}`;
}

/** fetch says only "fetch failed"; its cause knows why. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `No answer within ${TIMEOUT_MS / 1000} seconds.`;
  return cause?.code ?? cause?.message ?? message;
}

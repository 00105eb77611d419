const READ_CHARACTERS_MAX = 4_096;
/** What n8n says instead of handling a call while it boots. */
const BOOTING = /n8n is starting up/i;

export interface ReceiverAnswer {
  status: number;
  /** The receiver took it: 2xx from what we called, not from a program that is still starting. */
  accepted: boolean;
  /** n8n answers while it boots, first 200 with a request for patience, then 404 as a page; neither reached a workflow. */
  isBooting: boolean;
  /** How its answer begins. */
  text: string;
}

/** Reads what a receiver of ours answered, n8n's way of starting included. */
export async function readReceiver(response: Response): Promise<ReceiverAnswer> {
  const { ok, status } = response;
  const isPage = (response.headers.get('content-type') ?? '').includes('text/html');
  const text = await firstCharacters(response);
  const isBooting = BOOTING.test(text) || (status === 404 && isPage);
  return { status, accepted: ok && !isBooting, isBooting, text };
}

/** The beginning of a body; the rest is let go, whoever sends it and however long it is. */
async function firstCharacters(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < READ_CHARACTERS_MAX) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

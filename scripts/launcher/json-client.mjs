/** A request that was answered with an error; `status` and `body` are the answer's. */
export class RequestFailed extends Error {
  constructor(method, url, status, body) {
    const reason = body?.detail ?? body?.message ?? JSON.stringify(body);
    super(`${method} ${url} was answered with ${status}: ${reason}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * Sends a request with a JSON body, and answers the response with its parsed body.
 * @throws {RequestFailed} if the status is 400 or more
 */
export async function requestJson(method, url, { headers = {}, body, timeoutMs = 30_000 } = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const content = parse(text);
  if (!response.ok) throw new RequestFailed(method, url, response.status, content);
  return { headers: response.headers, content };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  body: any;
}

/**
 * A caller as cheap as Node has one, because it shares the machine with what it measures: connections stay open, one
 * for each client.
 */
export class HttpClient {
  private readonly agent: Agent;
  private keys = 0;
  /** Keys and numbers of one client never meet those of another run against the same database. */
  private readonly run = `${process.pid}-${Date.now().toString(36)}`;

  constructor(
    private readonly url: string,
    private readonly apiKey: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers: Record<string, string | number> = {
      authorization: `Bearer ${this.apiKey}`,
      'content-length': Buffer.byteLength(text),
    };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET') headers['idempotency-key'] = `bench-${this.run}-${(this.keys += 1)}`;
    return new Promise((done, fail) => {
      const sent = request(`${this.url}/api/v1${path}`, { method, headers, agent: this.agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('end', () => {
          const answer = Buffer.concat(parts).toString('utf8');
          done({ status: response.statusCode ?? 0, body: answer ? JSON.parse(answer) : undefined });
        });
      });
      sent.on('error', fail);
      sent.end(text);
    });
  }
}

/** The answer's body when it has the status wanted; otherwise an error that shows what came instead. */
export function expect(answer: Answer, status: number): any {
  if (answer.status === status) return answer.body;
  throw new Error(`Wanted ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}

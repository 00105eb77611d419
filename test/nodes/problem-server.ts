import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What to answer: a status with a JSON body, or nothing at all, as a service that has died. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'hang up';

/** A service that says what a test wants, one reply after the other; the last one is repeated. */
export class ProblemServer {
  readonly seen: Seen[] = [];
  private replies: Reply[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<ProblemServer> {
    const problems = new ProblemServer();
    await new Promise<void>((done) => problems.server.listen(0, done));
    return problems;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  willSay(...replies: Reply[]): void {
    this.seen.length = 0;
    this.replies = replies;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
    if (reply === undefined || reply === 'hang up') return void request.socket.destroy();
    const { status, body: said, headers } = reply;
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response
      .writeHead(status, { 'content-type': type, ...headers })
      .end(typeof said === 'string' ? said : JSON.stringify(said ?? {}));
  }
}

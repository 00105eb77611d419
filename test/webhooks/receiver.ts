import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: Record<string, string>;
  body: string;
  json: { id: string; type: string; timestamp: string; data: Record<string, unknown> };
}

/** A real HTTP server that receives webhooks; it may be down, refuse or redirect, and comes back on the same port. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers next; the last one stays. */
  answers: number[] = [200];
  headers: Record<string, string> = {};
  private server?: Server;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhook/orders`;
  }

  async open(): Promise<this> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.keep(request.headers, Buffer.concat(chunks).toString('utf8'));
        const status = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
        response.writeHead(status ?? 200, this.headers).end('{"message":"thanks"}');
      });
    });
    await new Promise<void>((ready) => this.server?.listen(this.port, '127.0.0.1', ready));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => (this.server?.listening ? this.server.close(closed) : closed(undefined)));
  }

  private keep(headers: IncomingHttpHeaders, body: string): void {
    this.received.push({
      headers: headers as Record<string, string>,
      body,
      json: JSON.parse(body) as Received['json'],
    });
  }
}

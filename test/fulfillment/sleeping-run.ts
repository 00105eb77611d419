import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for a paused n8n: keeps what is posted to it and answers as it was told, then with 200. */
export class SleepingRun {
  readonly calls: { path: string; body: Record<string, unknown> }[] = [];
  private readonly answers: { status: number; text: string }[] = [];
  /** What it says of its health. */
  readiness = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SleepingRun> {
    const server = createServer();
    const run = new SleepingRun(server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => {
        if (request.url === '/healthz/readiness') {
          response.statusCode = run.readiness;
          response.end();
          return;
        }
        run.calls.push({ path: request.url ?? '', body: JSON.parse(text) as Record<string, unknown> });
        const { status, text: said } = run.answers.shift() ?? { status: 200, text: '' };
        response.statusCode = status;
        response.end(said);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return run;
  }

  /** The next calls are answered so. */
  answer(...statuses: number[]): void {
    this.answers.push(...statuses.map((status) => ({ status, text: '' })));
  }

  /** The next call finds a run that has ended, in n8n's words. */
  answerEnded(executionId: string): void {
    const message = `The execution "${executionId} has finished already.`;
    this.answers.push({ status: 409, text: JSON.stringify({ code: 409, message }) });
  }

  /** As n8n gives it, signature and all. */
  resumeUrl(executionId: string): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/webhook-waiting/${executionId}?signature=a%2Bb%3D&x=1`;
  }

  callsFor(executionId: string): { path: string; body: Record<string, unknown> }[] {
    return this.calls.filter(({ path }) => path.startsWith(`/webhook-waiting/${executionId}?`));
  }

  stop(): Promise<void> {
    return new Promise((done) => this.server.close(() => done()));
  }
}

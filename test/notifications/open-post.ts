import { MovableClock } from '../../server/platform/clock';
import { startTestApp, type TestApp } from '../support/app';
import { emptyDatabase } from '../support/databases';
import { MailServer } from '../support/mail-server';
import { stockProduct } from '../support/shop';

export interface Post {
  app: TestApp;
  clock: MovableClock;
  server: MailServer;
  /** Everything with this topic that happened, oldest first. */
  told(topic: string): Record<string, any>[];
  /** Mails whose subject says so. */
  mails(subject: string): { to: string; text: string; html: string }[];
  close(): Promise<void>;
}

/** A store with goods, a clock that tests move, and a mail server that takes all but `gone-…` addresses. */
export async function openPost(kind: 'sqlite' | 'mysql'): Promise<Post> {
  const database = await emptyDatabase(kind);
  const clock = new MovableClock();
  const server = new MailServer((address) =>
    address.startsWith('gone') ? { code: 550, message: `<${address}> No such mailbox` } : undefined,
  );
  await server.open();
  const app = await startTestApp({ databaseUrl: database.url, clock, env: { SMTP_URL: server.url } });
  await stockProduct(app, {}, 1000);
  const events: { topic: string; data: Record<string, unknown> }[] = [];
  app.service.workroom.registry.on('message.*', 'test.messages', (_job, { topic, data }) => {
    events.push({ topic, data });
    return Promise.resolve();
  });
  return {
    app,
    clock,
    server,
    told: (topic) => events.filter((event) => event.topic === topic).map(({ data }) => data),
    mails: (subject) =>
      server.received
        .filter((mail) => mail.subject?.includes(subject))
        .map((mail) => ({
          to: [mail.to]
            .flat()
            .map((to) => to?.text ?? '')
            .join(', '),
          text: mail.text ?? '',
          html: mail.html || '',
        })),
    close: async () => {
      await app.close();
      await server.close();
      await database.drop();
    },
  };
}

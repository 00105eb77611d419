import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '../../server/platform/clock';
import { installMail, type Mail, queueMail } from '../../server/platform/mail';
import { mails } from '../../server/platform/mail/mail.models';
import { outbox } from '../../server/platform/outbox/outbox.models';
import { Relay } from '../../server/platform/outbox';
import type { DeliveredEvent } from '../../server/platform/registry';
import { MailServer } from '../support/mail-server';
import { openRoom, type Room, silent } from './open-workroom';

const TEMPLATES = mkdtempSync(join(tmpdir(), 'orderloom-templates-'));
jest.mock('../../server/platform/paths', () => ({
  get templatesFolder() {
    return TEMPLATES;
  },
}));

beforeAll(() => {
  for (const folder of ['partials', 'styles', 'emails/greeting'])
    mkdirSync(join(TEMPLATES, folder), { recursive: true });
  writeFileSync(join(TEMPLATES, 'emails/greeting/subject.hbs'), 'Hello {{name}}\n');
  writeFileSync(join(TEMPLATES, 'emails/greeting/html.hbs'), '<p>Hello {{name}}</p>');
  writeFileSync(join(TEMPLATES, 'emails/greeting/text.hbs'), 'Hello {{name}}');
});

afterAll(() => rmSync(TEMPLATES, { recursive: true, force: true }));

const greeting: Mail = {
  template: 'emails/greeting',
  to: 'a@example.com',
  data: { name: 'Tea & Co <x>' },
  storeId: 'main',
};

let room: Room;
let relay: Relay;
let clock: MovableClock;
let post: MailServer;
let failed: DeliveredEvent[];

async function open(server: MailServer): Promise<void> {
  post = server;
  await post.open();
  clock = new MovableClock();
  const settings = { SMTP_URL: post.url, MAIL_FROM: 'Shop <shop@example.com>' };
  room = await openRoom({ clock, settings });
  installMail(room.registry, { logger: silent });
  failed = [];
  room.registry.on('mail.failed', 'test.failed', (_job, event) => Promise.resolve(void failed.push(event)));
  relay = new Relay(room.workroom, silent);
}

afterEach(async () => {
  await relay.stop();
  await room.close();
  await post.close();
});

const queue = (mail: Mail) => room.workroom.jobContext('test').transaction((ctx) => queueMail(ctx, mail));
const read = () => room.workroom.jobContext('test').read;

it('sends a mail in HTML and text that says it was sent by a program', async () => {
  await open(new MailServer());
  const id = await queue(greeting);
  await relay.idle();
  expect(post.received).toHaveLength(1);
  const [mail] = post.received;
  expect(mail.subject).toBe('Hello Tea & Co <x>');
  expect(mail.html).toContain('<p>Hello Tea &amp; Co &lt;x&gt;</p>');
  expect(mail.text?.trim()).toBe('Hello Tea & Co <x>');
  expect(mail.messageId).toBe(`<${id}@example.com>`);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(await read().get(mails, 'id = :id', { id })).toMatchObject({ sentAt: clock.now() });
});

it('delivers one mail when the mail server was down for a while', async () => {
  await open(new MailServer());
  await post.close();
  const id = await queue(greeting);
  await relay.idle();
  clock.advance(5000);
  await relay.idle();
  expect((await read().find(outbox, `name = 'mail.send'`))[0]).toMatchObject({ status: 'pending', attempts: 2 });
  await post.open();
  clock.advance(60_000);
  await relay.idle();
  clock.advance(3_600_000);
  await relay.idle();
  expect(post.received.map(({ messageId }) => messageId)).toEqual([`<${id}@example.com>`]);
});

it('sends the same Message-ID again when the mark was lost', async () => {
  await open(new MailServer());
  await queue(greeting);
  await relay.idle();
  await room.workroom.jobContext('test').transaction(async (ctx) => {
    await ctx.execute('UPDATE mails SET sent_at = NULL');
    await ctx.execute(`UPDATE outbox SET status = 'pending', done_at = NULL`);
  });
  await relay.idle();
  expect(post.received).toHaveLength(2);
  expect(new Set(post.received.map(({ messageId }) => messageId)).size).toBe(1);
});

it('sends one mail per key, however often it is asked for', async () => {
  await open(new MailServer());
  const first = await queue({ ...greeting, dedupeKey: 'order 1 shipped' });
  expect(first).toBeDefined();
  expect(await queue({ ...greeting, dedupeKey: 'order 1 shipped' })).toBeUndefined();
  await relay.idle();
  expect(post.received).toHaveLength(1);
});

it('tells once that a recipient was refused, and does not insist', async () => {
  await open(new MailServer(() => ({ code: 550, message: 'No such mailbox' })));
  const id = await queue({ ...greeting, orderId: 'ORDER' });
  for (let round = 0; round < 3; round += 1) {
    await relay.idle();
    clock.advance(3_600_000);
  }
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({
    storeId: 'main',
    orderId: 'ORDER',
    data: { mailId: id, recipient: 'a…@example.com' },
  });
  expect(JSON.stringify(failed[0])).not.toContain('a@example.com');
});

it('sends nothing when the command is undone', async () => {
  await open(new MailServer());
  const command = room.workroom.jobContext('test').transaction(async (ctx) => {
    await queueMail(ctx, greeting);
    throw new Error('out of stock');
  });
  await expect(command).rejects.toThrow('out of stock');
  await relay.idle();
  expect(post.received).toHaveLength(0);
});

it('tells the slice that sent it once that a mail has left', async () => {
  await open(new MailServer());
  const sent: DeliveredEvent[] = [];
  room.registry.on('mail.sent', 'test.sent', (_job, event) => Promise.resolve(void sent.push(event)));
  const id = await queue({ ...greeting, orderId: 'ORDER' });
  await relay.idle();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ orderId: 'ORDER', data: { mailId: id, recipient: 'a…@example.com' } });
});

it('hides the address where the mail server repeats it', async () => {
  await open(new MailServer((address) => ({ code: 550, message: `<${address}> is unknown here` })));
  await queue(greeting);
  await relay.idle();
  expect(failed[0]?.data.error).toContain('<a…@example.com> is unknown here');
});

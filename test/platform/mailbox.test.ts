import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { Mailbox } from '../../server/platform/mail';
import { mailboxPages } from '../../server/platform/mail/mailbox-pages';
import { type MailSummary } from '../../server/platform/mail/mailbox';
import { stylesRouter } from '../../server/platform/render';
import { silent } from './open-workroom';

let folder: string;
let mailbox: Mailbox;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-mailbox-'));
  mailbox = await Mailbox.open({ dataFolder: folder }, silent);
  const app = express();
  app.use('/styles', stylesRouter());
  app.use('/', mailboxPages(mailbox));
  server = app.listen(0);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await mailbox.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

async function send(to: string, subject: string): Promise<void> {
  const html = `<p>Please <a href="http://localhost:3000/t/abc?x=1&amp;y=2">open the task</a></p><script>alert(1)</script>`;
  const text = 'Please open http://localhost:3000/t/abc?x=1&y=2.';
  await createTransport({ url: mailbox.smtpUrl }).sendMail({
    from: 'Shop <shop@example.com>',
    to,
    subject,
    html,
    text,
  });
}

const get = (path: string) => fetch(url + path);
const list = async (query = '') =>
  ((await (await get(`/mailbox.json${query}`)).json()) as { items: MailSummary[] }).items;

it('catches every mail, newest first, and keeps each as a file', async () => {
  await send('one@example.com', 'First');
  await send('two@example.com', 'Second');
  const items = await list();
  expect(items.map(({ subject, to }) => [subject, to])).toEqual([
    ['Second', 'two@example.com'],
    ['First', 'one@example.com'],
  ]);
  expect(items[0].messageId).toMatch(/^<.+@.+>$/);
  expect(items[0].links).toEqual(['http://localhost:3000/t/abc?x=1&y=2']);
  expect(readdirSync(join(folder, 'mailbox'))).toHaveLength(2);
});

it('finds mails by any part of the recipient', async () => {
  await send('picker@example.com', 'Pick');
  await send('boss@example.com', 'Approve');
  expect((await list('?to=PICK')).map(({ subject }) => subject)).toEqual(['Pick']);
  const page = await (await get('/mailbox?to=boss')).text();
  expect(page).toContain('Approve');
  expect(page).not.toContain('>Pick<');
});

it('shows a mail without letting it run anything, and opens its links outside the frame', async () => {
  await send('picker@example.com', 'Pick <b>this</b>');
  const [{ id }] = await list();
  const page = await (await get(`/mailbox/${id}`)).text();
  expect(page).toContain('Pick &lt;b&gt;this&lt;/b&gt;');
  expect(page).toContain(`src="/mailbox/${id}/html"`);
  expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
  const frame = await get(`/mailbox/${id}/html`);
  expect(frame.headers.get('content-security-policy')).toContain(
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'",
  );
  expect(await frame.text()).toContain('<base target="_blank">');
});

it('shows the text and the headers on tabs of their own', async () => {
  await send('picker@example.com', 'Pick');
  const [{ id }] = await list();
  expect(await (await get(`/mailbox/${id}?view=text`)).text()).toContain('Please open http://localhost:3000/t/abc');
  expect(await (await get(`/mailbox/${id}?view=headers`)).text()).toMatch(/<strong>MIME-Version:<\/strong> 1\.0/);
  const mail = (await (await get(`/mailbox/${id}.json`)).json()) as Record<string, unknown>;
  expect(mail).toMatchObject({
    id,
    subject: 'Pick',
    to: 'picker@example.com',
    html: expect.stringContaining('open the task'),
  });
});

it('names its times as UTC, and serves what shows them on the reader’s clock', async () => {
  await send('picker@example.com', 'Pick');
  const [{ id, date }] = await list();
  for (const path of ['/mailbox', `/mailbox/${id}`]) {
    const page = await (await get(path)).text();
    expect(page).toMatch(new RegExp(`<time datetime="${date}">\\d+ \\w+ \\d{4}, \\d\\d:\\d\\d UTC</time>`));
    expect(page).toContain('<script src="/mailbox/local-times.mjs" type="module"></script>');
  }
  const script = await get('/mailbox/local-times.mjs');
  expect([script.status, script.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
});

it('says what to do when it is empty, and that a mail is unknown', async () => {
  expect(await (await get('/mailbox')).text()).toContain('No mail yet.');
  expect(await (await get('/mailbox?to=nobody')).text()).toContain('No mail to “nobody” yet.');
  expect((await get('/mailbox/01UNKNOWN')).status).toBeGreaterThanOrEqual(400);
});

it('has its style sheet served beside it', async () => {
  const style = await get('/styles/page.css');
  expect(style.status).toBe(200);
  expect(style.headers.get('content-type')).toContain('text/css');
});

it('still knows its mails after a restart', async () => {
  await send('one@example.com', 'First');
  await mailbox.close();
  mailbox = await Mailbox.open({ dataFolder: folder }, silent);
  expect(mailbox.list().map(({ subject }) => subject)).toEqual(['First']);
});

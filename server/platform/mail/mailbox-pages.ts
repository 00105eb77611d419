import { type Request, type Response, Router } from 'express';
import { join } from 'node:path';
import { NotFoundError } from '../errors';
import { templatesFolder } from '../paths';
import { date, render } from '../render';
import type { CaughtMail, Mailbox } from './mailbox';

const LIST_MAX = 200;
/** The mail's own HTML: no scripts, no requests, and links open outside the frame as ordinary pages. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
const LOCAL_TIMES = 'local-times.mjs';
const TABS = ['html', 'text', 'headers'] as const;
type Tab = (typeof TABS)[number];

/** The caught mails for people (/mailbox) and for programs (/mailbox.json). Demo only, so no log-in. */
export function mailboxPages(mailbox: Mailbox): Router {
  const router = Router();
  const scripts = join(templatesFolder, 'console', 'scripts');
  router.get('/mailbox.json', (request, response) => {
    response.json({ items: mailbox.list(recipientIn(request)).slice(0, LIST_MAX) });
  });
  // The mailbox knows no store; its reader's own clock is the next best, and UTC says so where no script runs.
  router.get('/mailbox/local-times.mjs', (_request, response) => response.sendFile(LOCAL_TIMES, { root: scripts }));
  router.get('/mailbox/:id.json', async (request, response) => {
    response.json(await found(mailbox, request));
  });
  router.get('/mailbox/:id/html', async (request, response) => {
    const { html } = await found(mailbox, request);
    response.set('Content-Security-Policy', MAIL_POLICY).type('html').send(`<base target="_blank">${html}`);
  });
  router.get('/mailbox/:id', async (request, response) => showMail(await found(mailbox, request), request, response));
  router.get('/mailbox', (request, response) => showList(mailbox, request, response));
  return router;
}

function showList(mailbox: Mailbox, request: Request, response: Response): void {
  const recipient = recipientIn(request);
  const mails = mailbox.list(recipient);
  const shown = mails.slice(0, LIST_MAX).map((mail) => ({ ...mail, ...timesOf(mail) }));
  response.type('html').send(render('console/mailbox', { recipient, mails: shown, count: mails.length }));
}

function showMail(mail: CaughtMail, request: Request, response: Response): void {
  const asked = TABS.find((tab) => tab === request.query.view);
  const tab: Tab = asked ?? (mail.html ? 'html' : 'text');
  const tabs = TABS.map((name) => ({ name, label: name === 'html' ? 'Mail' : name, current: name === tab }));
  response.type('html').send(render('console/mailbox-mail', { ...mail, ...timesOf(mail), tab, tabs }));
}

async function found(mailbox: Mailbox, request: Request): Promise<CaughtMail> {
  const mail = await mailbox.read(String(request.params.id));
  if (mail) return mail;
  throw new NotFoundError('MAIL_NOT_FOUND', 'This mail is not in the mailbox. It keeps the newest ones only.');
}

function recipientIn(request: Request): string {
  return typeof request.query.to === 'string' ? request.query.to : '';
}

/** For the browser, and as it is read without scripts. */
function timesOf({ date: sentAt }: { date: string }): { sentAt: string; when: string } {
  return { sentAt, when: `${date(sentAt, 'utc')} UTC` };
}

import { managementMessages } from '../../server/notifications';
import { mailAttachments } from '../../server/platform/mail';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectStatus } from '../support/shop';
import { openPost, type Post } from './open-post';

describe.each(DATABASES)('A message to management, on %s', (kind) => {
  let post: Post;
  let app: TestApp;

  beforeAll(async () => {
    post = await openPost(kind);
    app = post.app;
    mailAttachments.add('test_paper', (_job, { date }) =>
      date === '2026-11-17'
        ? Promise.reject(new Error('no browser'))
        : Promise.resolve(Buffer.from(`Paper of ${date}`)),
    );
    managementMessages.add('test_figures', (ctx, { storeId, date = ctx.now.slice(0, 10) }) =>
      Promise.resolve({
        attachments: [{ maker: 'test_paper', filename: `figures-${date}.pdf`, about: { date } }],
        key: `test_figures:${date}`,
        template: 'emails/notice',
        data: { storeName: storeId, subject: `Figures of ${date}`, text: 'All is well.', sender: 'the report' },
      }),
    );
  });
  afterAll(() => post.close());

  let notices = 0;
  const notice = (more: Record<string, unknown> = {}) => ({
    message: 'notice',
    subject: `Notice ${(notices += 1)}`,
    text: 'The courier comes at five.',
    ...more,
  });
  const notify = (body: Record<string, unknown>, options = {}) => app.post('/notifications/management', body, options);

  it('to nobody is refused with the way out, and nothing is kept', async () => {
    const refused = expectStatus(await notify(notice()), 409).body;
    expect(refused).toMatchObject({ code: 'NO_RECIPIENTS', roles: ['admin', 'store_manager'] });
    expect(refused.detail).toContain('POST /api/v1/users');
    expect((await app.get('/notifications')).body.items).toEqual([]);
  });

  it('goes to managers and admins, each once per reference', async () => {
    for (const [name, role] of [
      ['Maya', 'store_manager'],
      ['Arif', 'admin'],
      ['Cashier', 'cashier'],
    ] as const) {
      const email = `${name.toLowerCase()}@shop.example.com`;
      expectStatus(await app.post('/users', { name, role, email }), 201);
    }
    const body = notice({ reference: 'evt_1', text: 'লাইন এক\n<b>দুই</b>' });
    const first = expectStatus(await notify(body), 201).body;
    expect(first).toMatchObject({
      message: 'notice',
      recipients: ['a…@shop.example.com', 'm…@shop.example.com'],
      status: 'queued',
      changed: true,
    });
    await app.settled();
    const again = expectStatus(await notify(body), 200).body;
    expect(again).toMatchObject({ id: first.id, status: 'sent', changed: false });
    const mails = post.mails(String(body.subject));
    expect(mails.map(({ to }) => to).sort()).toEqual(['arif@shop.example.com', 'maya@shop.example.com']);
    expect(mails[0]?.text).toContain('লাইন এক\n<b>দুই</b>');
    expect(mails[0]?.html).toContain('&lt;b&gt;দুই&lt;/b&gt;');
    expect(post.told('message.sent')).toHaveLength(2);
  });

  it('without a reference is a new notice each time, and a retry of one is not', async () => {
    const body = notice();
    await notify(body, { key: `notice-${kind}` });
    await notify(body, { key: `notice-${kind}` });
    await notify(body);
    await app.settled();
    expect(post.mails(String(body.subject))).toHaveLength(4);
  });

  it('goes to a role or to addresses of people who work there, and to nobody else', async () => {
    const byRole = notice({ role: 'cashier' });
    expect((await notify(byRole)).body.recipients).toEqual(['c…@shop.example.com']);
    const byAddress = notice({ to: 'Maya@shop.example.com' });
    expect((await notify(byAddress)).body.recipients).toEqual(['m…@shop.example.com']);
    expect(await notify(notice({ to: ['stranger@example.com'] }))).toMatchObject({
      status: 409,
      body: { code: 'NO_RECIPIENTS', errors: [{ path: 'to[0]', code: 'RECIPIENT_UNKNOWN' }] },
    });
    expect(await notify(notice({ to: ['maya@shop.example.com', 'stranger@example.com'] }))).toMatchObject({
      status: 422,
      body: { code: 'RECIPIENT_UNKNOWN', errors: [{ path: 'to[1]' }] },
    });
    expect((await notify(notice({ role: 'reporting' }))).body.code).toBe('NO_RECIPIENTS');
  });

  it('names a person twice and tells them once', async () => {
    const body = notice({ to: ['maya@shop.example.com', 'maya@shop.example.com'] });
    expect((await notify(body)).body.recipients).toHaveLength(1);
    await app.settled();
    expect(post.mails(String(body.subject))).toHaveLength(1);
  });

  it('of figures goes out once per store, day and recipient, also when twenty ask at once', async () => {
    const body = { message: 'test_figures', date: '2026-11-19' };
    const asked = await Promise.all(Array.from({ length: 20 }, () => notify(body)));
    expect(asked.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    await app.settled();
    expect(post.mails('Figures of 2026-11-19')).toHaveLength(2);
    expectStatus(await notify({ message: 'test_figures', date: '2026-11-18' }), 201);
  });

  it('brings its paper along, and comes without it when it cannot be made', async () => {
    const files = (subject: string) =>
      post.server.received
        .filter((mail) => mail.subject?.includes(subject))
        .map(({ attachments }) => attachments.map(({ filename, content }) => [filename, content.toString()]));
    await notify({ message: 'test_figures', date: '2026-11-16' });
    await notify({ message: 'test_figures', date: '2026-11-17' });
    await app.settled();
    const paper = [['figures-2026-11-16.pdf', 'Paper of 2026-11-16']];
    expect(files('Figures of 2026-11-16')).toEqual([paper, paper]);
    expect(files('Figures of 2026-11-17')).toEqual([]);
    for (let round = 0; round < 3; round += 1) {
      post.clock.advance(60_000);
      await app.settled();
    }
    expect(files('Figures of 2026-11-17')).toEqual([[], []]);
  });

  it('reaches who joined since, and those alone', async () => {
    expectStatus(
      await app.post('/users', { name: 'Nila', role: 'store_manager', email: 'nila@shop.example.com' }),
      201,
    );
    const told = expectStatus(await notify({ message: 'test_figures', date: '2026-11-19' }), 201).body;
    expect(told).toMatchObject({ changed: true, recipients: { length: 3 } });
    await app.settled();
    expect(post.mails('Figures of 2026-11-19')).toHaveLength(3);
  });

  it('that cannot arrive is told to whoever listens', async () => {
    expectStatus(await app.post('/users', { name: 'Gone', role: 'reporting', email: 'gone@shop.example.com' }), 201);
    await notify(notice({ role: 'reporting', reference: 'lost' }));
    await app.settled();
    expect(post.told('message.failed')).toMatchObject([
      { message: 'notice', orderId: null, audience: 'management', recipient: 'g…@shop.example.com' },
    ]);
    expect((await app.get('/notifications?status=failed')).body.items).toMatchObject([{ message: 'notice' }]);
  });

  it('is sent by managers, not by the desk', async () => {
    for (const role of ['customer_service', 'reporting', 'cashier']) {
      expect((await notify(notice(), { apiKey: await app.keyFor(role) })).body.code).toBe('ROLE_NOT_ALLOWED');
    }
    expectStatus(await notify(notice(), { apiKey: await app.keyFor('store_manager', ['main']) }), 201);
  });

  it.each([
    ['a message nobody makes', { message: 'gossip' }, 'MESSAGE_UNKNOWN', 'message'],
    ['a notice without words', { message: 'notice' }, 'VALIDATION_FAILED', 'subject'],
    ['a subject of two lines', notice({ subject: 'a\nb' }), 'VALIDATION_FAILED', 'subject'],
    ['a notice about a day', notice({ date: '2026-11-20' }), 'VALIDATION_FAILED', 'date'],
    ['a day that is none', { message: 'test_figures', date: '2026-02-30' }, 'VALIDATION_FAILED', 'date'],
    ['figures with words', { message: 'test_figures', text: 'hi' }, 'VALIDATION_FAILED', 'text'],
    ['a role nobody has', notice({ role: 'king' }), 'VALIDATION_FAILED', 'role'],
    ['a role and addresses', notice({ role: 'admin', to: 'a@example.com' }), 'VALIDATION_FAILED', 'to'],
    ['half an address', notice({ to: 'maya@' }), 'VALIDATION_FAILED', 'to'],
  ])('refuses %s', async (_title, body, code, field) => {
    const before = (await app.get('/notifications')).body.items.length;
    const answer = await notify(body);
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(answer.body.errors[0].path).toMatch(new RegExp(`^${field}`));
    expect((await app.get('/notifications')).body.items).toHaveLength(before);
  });
});

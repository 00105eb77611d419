import { openPost, type Post } from '../notifications/open-post';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { cod, send, summaryOf } from './open-shop';

const TODAY = '2026-11-20';
const AFTER_MIDNIGHT = '2026-11-20T18:20:00.000Z';

describe.each(DATABASES)('The report of a day, on %s', (kind) => {
  let post: Post;

  beforeAll(async () => {
    post = await openPost(kind);
    const people = { name: 'Mina', role: 'store_manager', email: 'mina@shop.example.com', storeIds: ['main'] };
    expectStatus(await post.app.post('/users', people), 201);
  });
  afterEach(() => expectIntegrity(post.app));
  afterAll(() => post.close());

  const report = (more: Record<string, unknown> = {}) =>
    post.app.post('/notifications/management', { message: 'report', ...more });

  it('cannot be sent before the day is over, nor while its last commands may still be under way', async () => {
    const { app, clock } = post;
    await cod(app, 1);
    const early = expectStatus(await report({ date: TODAY }), 409).body;
    expect(early).toMatchObject({
      code: 'DAY_NOT_OVER',
      lastDay: '2026-11-19',
      closableAt: '2026-11-20T18:15:00.000Z',
    });
    expect(early.detail).toContain('from 2026-11-20T18:15:00.000Z on');
    clock.set('2026-11-20T18:05:00.000Z');
    expectStatus(await report(), 409);
    expect((await report({ date: '2026-11-22' })).body).toMatchObject({
      code: 'DATE_IN_FUTURE',
      errors: [{ path: 'date' }],
    });
    expect((await summaryOf(app, TODAY)).final).toBe(false);
    await app.settled();
    expect(post.mails('revenue')).toEqual([]);
    clock.set('2026-11-20T09:00:00.000Z');
  });

  it('leaves once, says the figures with their currency, and closes the day', async () => {
    const { app, clock } = post;
    const order = await cod(app, 2);
    await send(app, order);
    await move(app, order.id, 'deliver');
    const held = await cod(app, 1, { number: 'H-1' });
    await app.post(`/orders/${held.id}/holds`, { reason: 'address', note: 'Road <7> & "Lane"' });
    clock.set(AFTER_MIDNIGHT);
    const sent = expectStatus(await report(), 201);
    expect(sent.body).toMatchObject({ message: 'report', changed: true });
    expect((await report({ date: TODAY })).body.changed).toBe(false);
    await app.settled();
    const mails = post.mails('Friday 20 November 2026: BDT 2,000.00 revenue, 3 orders');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toContain('mina@shop.example.com');
    for (const said of [
      'Gross profit: BDT 400.00',
      'Cash on delivery with couriers: BDT 1,000.00',
      'Needs a person (1)',
    ]) {
      expect(mails[0]?.text).toContain(said);
    }
    expect(mails[0]?.text).toContain('Order H-1 is on hold (address): Road <7> & "Lane"');
    expect(mails[0]?.html).toContain('Road &lt;7&gt; &amp;');
    expect(mails[0]?.html).toContain('BDT 2,000.00');
    expect((await summaryOf(app, TODAY)).final).toBe(true);
  });

  it('is never made untrue: what is told of the day later stands in the next report', async () => {
    const { app, clock } = post;
    const reported = await summaryOf(app, TODAY);
    await cod(app, 3, { number: 'LATE-1', placedAt: '2026-11-20T08:00:00Z' });
    expect(await summaryOf(app, TODAY)).toEqual(reported);
    clock.set('2026-11-21T18:20:00.000Z');
    expectStatus(await report({ date: '2026-11-21' }), 201);
    await app.settled();
    const [mail] = post.mails('Saturday 21 November 2026');
    expect(mail?.text).toContain('2026-11-20, placed: 1 fact, revenue BDT 1,500.00 (LATE-1)');
  });

  it('can be tried without being sent and without closing the day', async () => {
    const { app, clock } = post;
    clock.set('2026-11-22T18:20:00.000Z');
    const seen = expectStatus(await app.post('/notifications/management?dryRun=true', { message: 'report' }), 201);
    expect(seen.body.effects.messages).toMatchObject([{ template: 'emails/report-daily' }]);
    expect((await summaryOf(app, '2026-11-22')).final).toBe(false);
  });
});

import { MovableClock } from '../../server/platform/clock';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { MailServer } from '../support/mail-server';
import { expectIntegrity, expectStatus } from '../support/shop';
import { openPicking, orderInProcess, PICKER, startFloor } from '../fulfillment/floor';

type Json = Record<string, any>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MANAGER = { name: 'Mita Manager', email: 'mita@example.com', role: 'store_manager' };
const TASKS = 5;

describe.each(DATABASES)('While the mail server is down for an hour, on %s', (kind) => {
  const clock = new MovableClock();
  const post = new MailServer();
  let app: TestApp;

  beforeAll(async () => {
    await post.open();
    app = await startFloor(kind, { clock, env: { SMTP_URL: post.url } });
    expectStatus(await app.post('/users', MANAGER), 201);
  });

  afterAll(async () => {
    await app.close();
    await post.close();
  });

  /** Minute by minute, as the service itself would: the sweeps look, and what is due is tried. */
  async function pass(minutes: number): Promise<void> {
    const { workroom } = app.service;
    const sweep = workroom.registry.sweeps.find(({ name }) => name === 'fulfillment.overdue');
    if (!sweep) throw new Error('There is no sweep that reminds of late tasks.');
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(MINUTE_MS);
      await sweep.run(workroom.jobContext(sweep.name));
      await app.settled();
    }
  }

  const subjects = (to: string): string[] =>
    post.received
      .filter((mail) => [mail.to].flat().some((one) => one?.text === to))
      .map(({ subject }) => subject ?? '')
      .sort();

  it('people are assigned work all the same, and hear of it, of its lateness and of nothing twice once it is back', async () => {
    await post.close();
    const tasks: Json[] = [];
    for (let n = 0; n < TASKS; n += 1) {
      const order = await orderInProcess(app);
      const dueAt = new Date(Date.parse(clock.now()) + 20 * MINUTE_MS).toISOString();
      tasks.push(await openPicking(app, order.id, { assigneeEmail: PICKER.email, dueAt }));
    }
    expect(tasks.map(({ assigneeEmail }) => String(assigneeEmail))).toEqual(tasks.map(() => PICKER.email));
    await pass(60);
    expect(post.received).toEqual([]);

    await post.open();
    await pass(90);
    const numbers = tasks.map(({ orderNumber }) => String(orderNumber));
    const each = (title: (number: string) => string): string[] => numbers.map(title);
    expect(subjects(PICKER.email)).toEqual(
      [...each((number) => `Picking: order ${number}`), ...each((number) => `Late: Picking, order ${number}`)].sort(),
    );
    expect(subjects(MANAGER.email)).toEqual(each((number) => `Still not done: Picking, order ${number}`).sort());
    const ids = post.received.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('nothing more follows, and the ledger agrees with itself', async () => {
    const before = post.received.length;
    clock.advance(24 * HOUR_MS);
    await pass(3);
    expect(post.received).toHaveLength(before);
    await expectIntegrity(app);
  });
});

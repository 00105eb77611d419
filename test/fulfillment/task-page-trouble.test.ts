import { QueryTypes } from 'sequelize';
import { MovableClock } from '../../server/platform/clock';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move } from '../support/shop';
import { type Body, lineOf, mailsTo, openPicking, orderInProcess, PICKER, reach, readOrder, startFloor } from './floor';

const DAY_MS = 24 * 3_600_000;
const LINK_INVALID = 'This link is not valid any more. Open the one in the newest mail, or ask for the task again.';
const TABLES = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  mysql: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
} as const;

function saidIn(html: string): string {
  return /<p id="said"[^>]*>([^<]*)/.exec(html)?.[1] ?? '';
}

function stopsIn(html: string): string[] {
  return [...html.matchAll(/<p class="stop"[^>]*>([^<]*)/g)].map(([, sentence]) => sentence);
}

describe.each(DATABASES)('trouble at the task page (%s)', (kind) => {
  const clock = new MovableClock();
  let app: TestApp;
  let actions = 0;
  beforeAll(async () => {
    app = await startFloor(kind, { clock });
  });
  afterAll(() => app.close());

  async function newTask(more: Record<string, unknown> = {}): Promise<Body> {
    return openPicking(app, (await orderInProcess(app)).id, more);
  }

  function open(task: Body): Promise<Response> {
    return fetch(reach(app, task.url));
  }

  function submit(task: Body, form: string, fields: Record<string, string> = {}): Promise<Response> {
    actions += 1;
    const body = new URLSearchParams({ clientActionId: `act-${actions}`, ...fields });
    return fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
  }

  async function read(task: Body): Promise<Body> {
    return expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
  }

  async function pickAll(task: Body): Promise<void> {
    for (const { id: lineId } of task.lines as Body[]) await submit(task, 'tick', { lineId, quantity: 'all' });
  }

  /** Every row of every table, as text; but for the seals of the audit, which a sweep puts on whenever it comes round. */
  async function everyRow(): Promise<Record<string, string[]>> {
    const { sequelize, dialect } = app.service.workroom.database;
    const select = (sql: string) => sequelize.query<Record<string, unknown>>(sql, { type: QueryTypes.SELECT });
    const rows: Record<string, string[]> = {};
    for (const { name } of await select(TABLES[dialect])) {
      const read = await select(`SELECT * FROM ${String(name)}`);
      rows[String(name)] = read.map(({ seal: _seal, seal_number: _number, ...row }) => JSON.stringify(row)).sort();
    }
    return rows;
  }

  it('has no part in what mail scanners do: ten times every link, and no row of any table is another', async () => {
    const [busy, finished, cancelled] = [await newTask(), await newTask(), await newTask()];
    await submit(busy, 'tick', { lineId: lineOf(busy, 'TEA-01').id, quantity: 'one' });
    await pickAll(finished);
    await submit(finished, 'finish', { confirmed: 'yes' });
    await move(app, cancelled.orderId, 'cancel', { reason: 'operational' });
    const links = new Set((await mailsTo(app, PICKER.email)).flatMap((mail) => mail.links as string[]));
    expect(links.size).toBeGreaterThanOrEqual(3);
    await app.settled();
    const before = await everyRow();
    expect(before.tasks.length).toBeGreaterThanOrEqual(3);
    for (const link of links) {
      const address = reach(app, link);
      for (let n = 0; n < 10; n += 1) {
        for (const method of ['GET', 'HEAD']) expect((await fetch(address, { method })).status).toBe(200);
      }
      for (const path of ['scan', 'finish', 'undo', 'photos/none']) {
        expect((await fetch(`${address}/${path}`)).status).toBe(404);
      }
    }
    const after = await everyRow();
    expect(Object.keys(after).filter((name) => String(after[name]) !== String(before[name]))).toEqual([]);
  });

  it('keeps a closed task’s link for thirty days, to say that it is over, and then ends it', async () => {
    const task = await newTask();
    await pickAll(task);
    await submit(task, 'finish', { confirmed: 'yes' });
    clock.advance(29 * DAY_MS);
    const html = await (await open(task)).text();
    expect(saidIn(html)).toBe('This task is finished. There is nothing more to do.');
    expect(html).not.toContain('Green tea');
    clock.advance(2 * DAY_MS);
    const late = await open(task);
    expect([late.status, saidIn(await late.text())]).toEqual([403, LINK_INVALID]);
    expect((await submit(task, 'undo')).status).toBe(403);
  });

  it('ends the link of the one who had it once the task is somebody else’s', async () => {
    const task = await newTask();
    const given = await app.post(`/tasks/${task.id}/assign`, { assigneeEmail: 'second@example.com' });
    for (const answer of [
      await open(task),
      await submit(task, 'tick', { lineId: task.lines[0].id, quantity: 'one' }),
    ]) {
      expect([answer.status, answer.headers.get('x-task-state')]).toEqual([403, 'gone']);
      expect(saidIn(await answer.text())).toBe(LINK_INVALID);
    }
    expect((await open(given.body)).headers.get('x-task-state')).toBe('open');
    expect((await read(task)).progress.doneUnits).toBe(0);
  });

  it('does not let the link of one task do anything to another', async () => {
    const [mine, other] = [await newTask(), await newTask()];
    const answer = await submit(mine, 'tick', { lineId: lineOf(other, 'TEA-01').id, quantity: 'one' });
    expect([answer.status, saidIn(await answer.text())]).toEqual([
      422,
      'There is no such line in this task. Open the task again.',
    ]);
    expect((await read(other)).progress.doneUnits).toBe(0);
  });

  it('says so when an address has no token or too much of one', async () => {
    const sentence = 'This address is not complete. Open the link in the mail again.';
    for (const [method, path] of [
      ['GET', '/t'],
      ['POST', '/t/scan'],
      ['POST', '/t/a/b/c/d'],
    ]) {
      const answer = await fetch(`${app.url}${path}`, { method });
      expect([path, answer.status, saidIn(await answer.text())]).toEqual([path, 404, sentence]);
    }
  });

  it('counts right when two people pick one task at once, and shows each what the other did', async () => {
    const lines = [{ sku: 'TEA-01', quantity: 12, unitPriceMinor: 50_000 }];
    const task = await openPicking(app, (await orderInProcess(app, { lines })).id);
    const answers = await Promise.all(Array.from({ length: 16 }, () => submit(task, 'scan', { code: 'TEA-01' })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(12).fill(303), ...Array<number>(4).fill(409)]);
    const refused = answers.find(({ status }) => status === 409) as Response;
    const html = await refused.text();
    expect(saidIn(html)).toMatch(/^Too many: Green tea 100 g \(TEA-01\) is needed 12 times and 12 are picked/);
    expect(html).toContain('12 of 12 units picked');
    const finishes = await Promise.all([1, 2].map(() => submit(task, 'finish', { confirmed: 'yes' })));
    expect(finishes.map(({ status }) => status)).toEqual([303, 303]);
    expect((await readOrder(app, task.orderId)).lines[0].preparedQuantity).toBe(12);
  });

  it('finishes once: a second time changes nothing, and what comes late is refused with the reason', async () => {
    const task = await newTask();
    await pickAll(task);
    await submit(task, 'finish', { confirmed: 'yes' });
    const { version } = await read(task);
    expect((await submit(task, 'finish', { confirmed: 'yes' })).status).toBe(303);
    const late = await submit(task, 'scan', { code: 'TEA-01' });
    expect([late.status, late.headers.get('x-task-state')]).toEqual([409, 'closed']);
    expect(saidIn(await late.text())).toBe('This task is finished. There is nothing more to do.');
    expect((await read(task)).version).toBe(version);
  });

  it('never counts beyond the line, by hand or by scanner', async () => {
    const task = await newTask();
    const { id: lineId } = lineOf(task, 'CUP-01');
    await submit(task, 'tick', { lineId, quantity: 'all' });
    for (const [form, fields] of [
      ['tick', { lineId, quantity: 'one' }],
      ['scan', { code: '4006381333931' }],
    ] as const) {
      const answer = await submit(task, form, fields);
      expect([answer.status, saidIn(await answer.text())]).toEqual([
        409,
        'Too many: Cup (CUP-01) is needed once and 1 is picked. Leave this one out.',
      ]);
    }
    expect((await submit(task, 'tick', { lineId, quantity: '7' })).status).toBe(422);
    expect(lineOf(await read(task), 'CUP-01').doneQuantity).toBe(1);
  });

  it('refuses a form that is far too long in one sentence', async () => {
    const task = await newTask();
    const answer = await submit(task, 'finish', { confirmed: 'yes', note: 'x'.repeat(600_000) });
    expect([answer.status, saidIn(await answer.text())]).toEqual([
      413,
      'That was too much for one form. Send less, with one photo at a time.',
    ]);
  });

  it.each([
    ['cancellation_requested', '', 'Stop: somebody asked to cancel it; wait until it is decided.'],
    ['fraud', 'stolen card of Rahima', 'Stop: somebody checks this order; wait until it is let go.'],
    [
      'other',
      'manager is on the phone',
      'Stop: the order is on hold (manager is on the phone); wait until it is let go.',
    ],
  ])('says at the top that the order is held for %s, until it is released', async (reason, note, sentence) => {
    const task = await newTask();
    expect(stopsIn(await (await open(task)).text())).toEqual([]);
    const held = expectStatus(await app.post(`/orders/${task.orderId}/holds`, { reason, note }), 201).body;
    expect(stopsIn(await (await open(task)).text())).toEqual([sentence]);
    expectStatus(await app.call('DELETE', `/orders/${task.orderId}/holds/${held.handle}`), 200);
    expect(stopsIn(await (await open(task)).text())).toEqual([]);
  });

  it('mails a checklist that any mail program shows: number, way through the shelves, due time of the store, a plain link', async () => {
    const task = await newTask({ dueAt: '2026-12-31T17:30:00Z' });
    const mail = (await mailsTo(app, PICKER.email)).find(({ subject }) => subject.endsWith(task.orderNumber)) as Body;
    expect(mail.subject).toBe(`Picking: order ${task.orderNumber}`);
    expect(mail.links).toHaveLength(1);
    expect(mail.links[0]).toMatch(/^http:\/\/orders\.example\/t\/[A-Za-z0-9]+$/);
    for (const body of [mail.text, mail.html] as string[]) {
      expect(body).toContain('31 Dec 2026, 23:30 GMT+6');
      expect(body.indexOf('A-3')).toBeGreaterThan(0);
      expect(body.indexOf('A-3')).toBeLessThan(body.indexOf('A-12'));
      expect(body).not.toContain('01700000000');
    }
    expect(Math.max(...(mail.text as string).split('\n').map((line) => line.length))).toBeLessThanOrEqual(200);
  });

  it('leaves the books in order', () => expectIntegrity(app));
});

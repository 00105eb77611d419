import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, stockOf } from '../support/shop';
import { type Body, lineOf, mailsTo, openPicking, orderInProcess, PICKER, reach, readOrder, startFloor } from './floor';

describe.each(DATABASES)('Tasks, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(() => app.close());

  describe('assigning', () => {
    it('gives the picking of an order to the least-loaded specialist, with the checklist in the way through the shelves', async () => {
      const order = await orderInProcess(app);
      const answer = await app.post('/tasks', {
        kind: 'picking',
        orderId: order.id,
        dueAt: '2026-11-20T17:00:00+06:00',
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        kind: 'picking',
        status: 'open',
        round: 1,
        orderId: order.id,
        orderNumber: order.number,
        assigneeEmail: PICKER.email,
        dueAt: '2026-11-20T11:00:00.000Z',
        instructions: 'call first',
        progress: { units: 3, doneUnits: 0, percent: 0 },
        lines: [
          { sku: 'TEA-01', quantity: 2, doneQuantity: 0, shelf: 'A-3', barcode: '8901234567894' },
          { sku: 'CUP-01', quantity: 1, doneQuantity: 0, shelf: 'A-12' },
        ],
      });
      expect(answer.body.url).toMatch(/^http:\/\/orders\.example\/t\/[A-Za-z0-9]+$/);
    });

    it('answers the same task when it is asked for again, also by the order’s number', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      const again = await app.post('/tasks', {
        kind: 'picking',
        orderId: `number:${order.number}`,
        resumeUrl: 'http://n8n/x',
      });
      expect(again.status).toBe(200);
      expect(again.body.id).toBe(task.id);
    });

    it('makes one task of many requests at the same moment', async () => {
      const order = await orderInProcess(app);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => app.post('/tasks', { kind: 'picking', orderId: order.id })),
      );
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    });

    it('takes a person who is no user by e-mail, and shares a role’s work evenly', async () => {
      const first = await openPicking(app, (await orderInProcess(app)).id, { assigneeEmail: 'Temp@Example.com' });
      expect(first).toMatchObject({ assigneeEmail: 'temp@example.com', assigneeId: null, assigneeName: null });
      await app.post('/users', { name: 'Mina', email: 'mina@example.com', role: 'cashier', storeIds: [] });
      await app.post('/users', { name: 'Nila', email: 'nila@example.com', role: 'cashier', storeIds: [] });
      const names = [];
      for (let n = 0; n < 4; n += 1) {
        const { assigneeName } = await openPicking(app, (await orderInProcess(app)).id, { role: 'cashier' });
        names.push(assigneeName);
      }
      expect(names.sort()).toEqual(['Mina', 'Mina', 'Nila', 'Nila']);
    });

    it.each([
      ['a role nobody has', { role: 'customer_service' }, 409, 'ASSIGNEE_NOT_FOUND'],
      ['a kind there is not', { kind: 'juggling' }, 422, 'VALIDATION_FAILED'],
      ['a field there is not', { assignee: 'x' }, 422, 'VALIDATION_FAILED'],
      ['an order there is not', { orderId: 'number:none' }, 404, 'ORDER_NOT_FOUND'],
      ['a broken due time', { dueAt: 'tomorrow' }, 422, 'VALIDATION_FAILED'],
    ])('refuses %s', async (_what, fields, status, code) => {
      const order = await orderInProcess(app);
      const answer = await app.post('/tasks', { kind: 'picking', orderId: order.id, ...fields });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    });

    it('refuses to pick what is not being processed, and what is picked already', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
      const done = await app.post('/tasks', { kind: 'picking', orderId: order.id });
      expect([done.status, done.body.code, done.body.lastTaskId]).toEqual([409, 'NOTHING_TO_PICK', task.id]);
      await move(app, order.id, 'fulfill');
      const other = await app.post('/tasks', { kind: 'picking', orderId: order.id });
      expect([other.status, other.body.code]).toEqual([409, 'ORDER_NOT_PROCESSING']);
    });

    it('answers the finished task to a run that walks through what is done', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id, { event: 'evt_01ABC' });
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      const again = await app.post('/tasks', { kind: 'picking', orderId: order.id, event: 'evt_01ABC' });
      expect([again.status, again.body.id, again.body.outcome]).toEqual([200, task.id, 'done']);
    });

    it('previews an assignment and leaves nothing behind', async () => {
      const order = await orderInProcess(app);
      const preview = await app.post('/tasks?dryRun=true', { kind: 'picking', orderId: order.id });
      expect(preview.body).toMatchObject({
        dryRun: true,
        effects: { messages: [{ template: 'emails/task-assigned' }] },
      });
      expect((await app.get(`/tasks?orderId=${order.id}`)).body.items).toEqual([]);
    });
  });

  describe('the mail', () => {
    it('carries the order’s number, the checklist, the note and a link; no prices and no more of the customer than a first name', async () => {
      const email = 'mail-check@example.com';
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id, { assigneeEmail: email });
      const [mail] = await mailsTo(app, email);
      expect(mail.subject).toBe(`Picking: order ${order.number}`);
      expect(mail.links).toEqual([task.url]);
      for (const part of [mail.html, mail.text] as string[]) {
        expect(part).toContain('call first');
        expect(part).toContain('Rahima');
        expect(part.indexOf('A-3')).toBeLessThan(part.indexOf('A-12'));
        for (const secret of ['Akter', '01700000000', 'Road 5', '500', '1,000']) expect(part).not.toContain(secret);
      }
    });
  });

  describe('scanning', () => {
    it('counts the right code and refuses the wrong, the surplus and the unknown with what is known of them', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const scan = (code: string, more = {}) => app.post(`/tasks/${task.id}/scan`, { code, ...more });
      expect((await scan('8901234567894')).body).toMatchObject({
        result: 'ok',
        line: { sku: 'TEA-01', doneQuantity: 1 },
        task: { status: 'in_progress', progress: { doneUnits: 1, units: 3, percent: 33 } },
      });
      expect((await scan('tea-01')).body.line.doneQuantity).toBe(2);
      const surplus = await scan('8901234567894');
      expect([surplus.status, surplus.body.code]).toEqual([409, 'SCAN_TOO_MANY']);
      expect(surplus.body.line).toMatchObject({ sku: 'TEA-01', quantity: 2, doneQuantity: 2 });
      const unknown = await scan('0000000000017');
      expect([unknown.status, unknown.body.code]).toEqual([409, 'SCAN_UNKNOWN_CODE']);
      await app.post('/products', { sku: 'POT-01', name: 'Pot', priceMinor: 1, costMinor: 1, barcode: '036000291452' });
      const wrong = await scan('0036000291452');
      expect([wrong.status, wrong.body.code, wrong.body.product]).toEqual([
        409,
        'SCAN_WRONG_ITEM',
        { sku: 'POT-01', name: 'Pot' },
      ]);
      expect((await app.get(`/tasks/${task.id}`)).body.progress.doneUnits).toBe(2);
    });

    it('counts one action once, however often it is sent', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const scans = await Promise.all(
        Array.from({ length: 5 }, () =>
          app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01', clientActionId: 'click-1' }),
        ),
      );
      expect(scans.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect((await app.get(`/tasks/${task.id}`)).body.progress.doneUnits).toBe(1);
    });

    it('takes back the last step, and the one before it', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      await app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01' });
      await app.post(`/tasks/${task.id}/items`, {
        lines: [{ id: lineOf(task, 'TEA-01').id, doneQuantity: 1, shortReason: 'damaged' }],
      });
      const first = await app.post(`/tasks/${task.id}/undo`, {});
      expect(lineOf(first.body, 'TEA-01')).toMatchObject({ doneQuantity: 1, shortQuantity: 0, shortReason: null });
      const second = await app.post(`/tasks/${task.id}/undo`, {});
      expect(lineOf(second.body, 'TEA-01').doneQuantity).toBe(0);
      expect((await app.post(`/tasks/${task.id}/undo`, {})).body.code).toBe('NOTHING_TO_UNDO');
    });
  });

  describe('finishing', () => {
    it('writes what was picked to the order and is told as an event with the order as it is then', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      const done = await app.post(`/tasks/${task.id}/complete`, { allDone: true, note: 'all there' });
      expect(done.body).toMatchObject({
        changed: true,
        status: 'done',
        outcome: 'done',
        note: 'all there',
        progress: { percent: 100 },
      });
      const after = await readOrder(app, order.id);
      expect(after.lines.map((line: Body) => line.preparedQuantity)).toEqual([1, 2]);
      expect(after.tasks).toMatchObject([{ id: task.id, status: 'done', outcome: 'done' }]);
      expect((await move(app, order.id, 'fulfill')).status).toBe('fulfilled');
    });

    it('finished twice, says so and changes nothing', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      const { version } = await readOrder(app, order.id);
      const again = await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      expect([again.status, again.body.changed, again.body.outcome]).toEqual([200, false, 'done']);
      expect((await readOrder(app, order.id)).version).toBe(version);
    });

    it('does not take an untouched task for finished unless told that all is done', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const answer = await app.post(`/tasks/${task.id}/complete`, {});
      expect([answer.status, answer.body.code]).toEqual([409, 'TASK_LINES_OPEN']);
      expect(answer.body.lines).toHaveLength(2);
    });

    it('wants a reason for every line that is short, and names the line', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const lines = [
        { id: lineOf(task, 'CUP-01').id, doneQuantity: 1 },
        { id: lineOf(task, 'TEA-01').id, doneQuantity: 1 },
      ];
      const answer = await app.post(`/tasks/${task.id}/complete`, { lines });
      expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([
        422,
        'SHORT_REASON_MISSING',
        'lines[1].shortReason',
      ]);
      const tooMuch = await app.post(`/tasks/${task.id}/complete`, { lines: [{ ...lines[0], doneQuantity: 9 }] });
      expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'QUANTITY_TOO_HIGH']);
    });

    it('ends short, and a new round holds what is left', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      const lines = [
        { id: lineOf(task, 'CUP-01').id, doneQuantity: 1 },
        { id: lineOf(task, 'TEA-01').id, doneQuantity: 1, shortReason: 'not_found', note: 'shelf empty' },
      ];
      const short = await app.post(`/tasks/${task.id}/complete`, { lines });
      expect(short.body).toMatchObject({ outcome: 'short', progress: { doneUnits: 2, shortUnits: 1, percent: 100 } });
      expect(lineOf(short.body, 'TEA-01')).toMatchObject({
        shortQuantity: 1,
        shortReason: 'not_found',
        note: 'shelf empty',
      });
      const second = await openPicking(app, order.id);
      expect([second.round, second.lines.length, lineOf(second, 'TEA-01').quantity]).toEqual([2, 1, 1]);
      await app.post(`/tasks/${second.id}/complete`, { allDone: true });
      expect((await move(app, order.id, 'fulfill')).status).toBe('fulfilled');
    });

    it('refuses work on a closed task', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      for (const [verb, body] of [
        ['scan', { code: 'TEA-01' }],
        ['start', {}],
        ['cancel', {}],
        ['undo', {}],
      ] as const) {
        const answer = await app.post(`/tasks/${task.id}/${verb}`, body);
        expect([verb, answer.status, answer.body.code]).toEqual([verb, 409, 'TASK_CLOSED']);
      }
    });

    it('hides the link from those who only read, and keeps them from the work', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const apiKey = await app.keyFor('reporting');
      const seen = await app.get(`/tasks/${task.id}`, { apiKey });
      expect([seen.status, 'url' in seen.body]).toEqual([200, false]);
      const refused = await app.post(`/tasks/${task.id}/complete`, { allDone: true }, { apiKey });
      expect([refused.status, refused.body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
    });
  });

  describe('a cancelled order', () => {
    it('ends its open picking and sends somebody to put back what was picked, once', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      await app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01' });
      await move(app, order.id, 'cancel', { reason: 'operational' });
      await app.settled();
      const { items } = (await app.get(`/tasks?orderId=${order.id}`)).body;
      expect(items).toMatchObject([
        { kind: 'put_back', status: 'open', assigneeEmail: PICKER.email, progress: { units: 1 } },
        { id: task.id, status: 'cancelled', outcome: 'cancelled' },
      ]);
    });

    it('has everything put back that was picked before, by task or by hand, and sells it again when that is done', async () => {
      const order = await orderInProcess(app);
      const before = await stockOf(app);
      const task = await openPicking(app, order.id);
      const lines = [
        { id: lineOf(task, 'CUP-01').id, doneQuantity: 0, shortReason: 'other' },
        { id: lineOf(task, 'TEA-01').id, doneQuantity: 2 },
      ];
      await app.post(`/tasks/${task.id}/complete`, { lines });
      const cup = order.lines.find((line: Body) => line.sku === 'CUP-01');
      expectStatus(await app.put(`/orders/${order.id}/items/${cup.id}/status`, { status: 'prepared' }), 200);
      await move(app, order.id, 'cancel', { reason: 'operational' });
      await app.settled();
      expect(await stockOf(app)).toMatchObject({ onHand: before.onHand - 2, unavailable: before.unavailable + 2 });
      const { items } = (await app.get(`/tasks?orderId=${order.id}&kind=put_back`)).body;
      expect(items).toHaveLength(1);
      const putBack = expectStatus(await app.get(`/tasks/${items[0].id}`), 200).body;
      expect(putBack.lines.map((line: Body) => [line.sku, line.quantity])).toEqual([
        ['TEA-01', 2],
        ['CUP-01', 1],
      ]);
      expectStatus(await app.post(`/tasks/${putBack.id}/complete`, { allDone: true }), 200);
      expect(await stockOf(app)).toMatchObject({ onHand: before.onHand, unavailable: before.unavailable });
      await expectIntegrity(app);
    });

    it('is answered once, however often its event comes', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      await move(app, order.id, 'cancel', { reason: 'operational' });
      await app.settled();
      const { registry } = app.service.workroom;
      const heard = registry.subscriptions.find(({ name }) => name === 'fulfillment.end_tasks_order.cancelled');
      const event = {
        id: 'again',
        occurredAt: '',
        topic: 'order.cancelled',
        storeId: 'main',
        orderId: String(order.id),
        data: {},
      };
      await heard?.handle(app.service.workroom.jobContext('test'), event);
      const { items } = (await app.get(`/tasks?orderId=${order.id}&kind=put_back`)).body;
      expect(items).toMatchObject([{ progress: { units: 3 } }]);
    });

    it('leaves nothing to put back when nothing was picked', async () => {
      const order = await orderInProcess(app);
      await openPicking(app, order.id);
      await move(app, order.id, 'cancel', { reason: 'operational' });
      await app.settled();
      expect((await app.get(`/tasks?orderId=${order.id}`)).body.items).toMatchObject([
        { kind: 'picking', status: 'cancelled' },
      ]);
    });
  });

  describe('giving a task to somebody else', () => {
    it('ends the first one’s link and mails the second', async () => {
      const task = await openPicking(app, (await orderInProcess(app)).id);
      const given = await app.post(`/tasks/${task.id}/assign`, { assigneeEmail: 'second@example.com' });
      expect(given.body).toMatchObject({ id: task.id, assigneeEmail: 'second@example.com' });
      expect(given.body.url).not.toBe(task.url);
      expect((await fetch(reach(app, task.url))).status).toBe(403);
      expect((await fetch(reach(app, given.body.url))).status).toBe(200);
      expect((await mailsTo(app, 'second@example.com'))[0].links).toEqual([given.body.url]);
    });
  });
});

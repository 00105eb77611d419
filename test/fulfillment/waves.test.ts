import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, placeOrder, stockOf, stockProduct } from '../support/shop';
import { type Body, mailsTo, openPicking, orderInProcess, PICKER, readOrder, startFloor } from './floor';
import { confirmedOrders, idsOf, inWave, itemOf, readWave, slotOf, startWave } from './wave-floor';

describe.each(DATABASES)('A wave, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(async () => {
    await expectIntegrity(app);
    await app.close();
  });

  const taskOf = async (id: string): Promise<Body> => expectStatus(await app.get(`/tasks/${id}`), 200).body;

  describe('starting', () => {
    it('moves confirmed orders to processing and gathers their goods by product, sorted by shelf, with a slot an order', async () => {
      const orders = await confirmedOrders(app, [{ 'CUP-01': 1, 'TEA-01': 2 }, { 'TEA-01': 3 }]);
      const wave = await startWave(app, [...orders].reverse());
      expect(wave).toMatchObject({
        number: 1,
        status: 'open',
        assigneeEmail: PICKER.email,
        progress: { orders: 2, units: 6, collectedUnits: 0, sortedUnits: 0, percent: 0 },
        orders: [
          { number: orders[0]?.number, slot: 1, adopted: false, awaited: false, status: 'open', units: 3 },
          { number: orders[1]?.number, slot: 2, adopted: false, units: 3 },
        ],
        lines: [
          { sku: 'TEA-01', shelf: 'A-3', quantity: 5, toCollect: 5 },
          { sku: 'CUP-01', shelf: 'A-12', quantity: 1 },
        ],
        leftOut: [],
      });
      expect(wave.url).toMatch(/^http:\/\/orders\.example\/w\/[A-Za-z0-9]+$/);
      for (const { id } of orders) expect((await readOrder(app, id)).status).toBe('processing');
      const task = await taskOf(slotOf(wave, 2).taskId);
      expect(task).toMatchObject({ kind: 'picking', assigneeEmail: PICKER.email, dueAt: null });
      expect(task.wave).toEqual({ id: wave.id, number: 1, slot: 2, adopted: false, awaited: false });
    });

    it('mails the person once, with the list and the slots, and no task by itself', async () => {
      const email = 'wave-mail@example.com';
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 2, 'CUP-01': 1 }]);
      const wave = await startWave(app, orders, { assigneeEmail: email });
      const mails = await mailsTo(app, email);
      expect(mails.map(({ subject }) => subject)).toEqual([`Wave ${wave.number}: 2 orders to pick together`]);
      expect(mails[0]?.links).toEqual([wave.url]);
      for (const part of [mails[0]?.html, mails[0]?.text] as string[]) {
        expect(part.indexOf('A-3')).toBeLessThan(part.indexOf('A-12'));
        for (const { number } of orders) expect(part).toContain(String(number));
        for (const secret of ['Akter', 'Rahima', '01700000000', 'Road 5']) expect(part).not.toContain(secret);
      }
    });

    it('leaves out what cannot be picked now, each with its reason, and takes the rest', async () => {
      const [fine, held] = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
      expectStatus(await app.post(`/orders/${held?.id}/holds`, { reason: 'address', note: 'wrong street' }), 201);
      const touched = await orderInProcess(app);
      const task = await openPicking(app, touched.id);
      await app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01' });
      const picked = await orderInProcess(app);
      const done = await openPicking(app, picked.id);
      await app.post(`/tasks/${done.id}/complete`, { allDone: true });
      const [elsewhere] = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      await startWave(app, [elsewhere as Body]);
      const wave = await startWave(app, [fine, held, touched, picked, elsewhere] as Body[]);
      expect(idsOf([fine as Body])).toEqual((wave.orders as Body[]).map(({ orderId }) => orderId));
      expect(Object.fromEntries((wave.leftOut as Body[]).map(({ number, code }) => [number, code]))).toEqual({
        [held?.number]: 'ORDER_ON_HOLD',
        [touched.number]: 'PICKING_UNDER_WAY',
        [picked.number]: 'NOTHING_TO_PICK',
        [elsewhere?.number]: 'ORDER_IN_A_WAVE',
      });
      expect((await readOrder(app, held?.id)).status).toBe('confirmed');
    });

    it('adopts an untouched task: the wave’s person has it, its old link is over, and it goes back when the wave is cancelled', async () => {
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id, {
        assigneeEmail: 'first@example.com',
        dueAt: '2030-01-01T10:00:00Z',
      });
      const wave = await startWave(app, [order], { assigneeEmail: 'second@example.com' });
      expect(slotOf(wave, 1)).toMatchObject({ taskId: task.id, adopted: true, awaited: false });
      const adopted = await taskOf(task.id);
      expect(adopted).toMatchObject({ assigneeEmail: 'second@example.com', dueAt: null });
      expect(adopted.url).not.toBe(task.url);
      expect(await mailsTo(app, 'second@example.com')).toHaveLength(1);
      const cancelled = await inWave(app, wave.id, 'cancel', { note: 'trolley broke' });
      expect(cancelled).toMatchObject({ status: 'cancelled', outcome: 'cancelled', changed: true });
      expect(await taskOf(task.id)).toMatchObject({
        status: 'open',
        assigneeEmail: 'first@example.com',
        dueAt: '2030-01-01T10:00:00.000Z',
        wave: null,
      });
      expect((await mailsTo(app, 'first@example.com')).map(({ subject }) => subject)).toEqual([
        `Picking: order ${order.number}`,
        `Picking: order ${order.number}`,
      ]);
    });

    it('tells which adopted tasks a run of its own waits for', async () => {
      const order = await orderInProcess(app);
      const headers = { 'x-workflow-execution-id': '77' };
      const opened = await app.post('/tasks', { kind: 'picking', orderId: order.id }, { headers });
      await app.post('/waits', { executionId: '77', nodeId: 'n', round: 0, resumeUrl: 'http://n8n.invalid/x', items: [{ taskId: opened.body.id }] }); // prettier-ignore
      expect(slotOf(await startWave(app, [order]), 1)).toMatchObject({ adopted: true, awaited: true });
    });

    it('hears of a run that comes to wait for an order in an open wave, unless it is the wave’s own', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
      const headers = { 'x-workflow-execution-id': '90' };
      const body = { orderIds: idsOf(orders) };
      const wave = expectStatus(await app.post('/waves', body, { headers }), 201).body;
      const taskIds = (wave.orders as Body[]).map(({ taskId }) => taskId as string);
      const sleep = async (executionId: string, ...ids: (string | undefined)[]): Promise<Body> => {
        const wait = { executionId, nodeId: 'n', round: 0, resumeUrl: 'http://n8n.invalid/x' };
        const items = ids.map((taskId) => ({ taskId }));
        await app.post('/waits', { ...wait, items }, { headers: { 'x-workflow-execution-id': executionId } });
        return readWave(app, wave.id);
      };
      expect((await sleep('90', ...taskIds)).orders).toMatchObject([{ awaited: false }, { awaited: false }]);
      expect((await sleep('91', taskIds[1])).orders).toMatchObject([{ awaited: false }, { awaited: true }]);
      expect((await taskOf(taskIds[1] ?? '')).wave).toMatchObject({ id: wave.id, slot: 2, awaited: true });
      await inWave(app, wave.id, 'finish', { allDone: true });
      expect((await taskOf(taskIds[1] ?? '')).wave).toMatchObject({ awaited: true });
    });

    it('answers the same wave to the run that started it', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      const wave = await startWave(app, orders, { event: 'evt_wave_1' });
      const again = await app.post('/waves', { orderIds: idsOf(orders), event: 'evt_wave_1' });
      expect([again.status, again.body.id]).toEqual([200, wave.id]);
      const other = await app.post('/waves', { orderIds: idsOf(orders), event: 'evt_wave_2' });
      expect([other.status, other.body.code, other.body.leftOut[0].code]).toEqual([
        409,
        'WAVE_EMPTY',
        'ORDER_IN_A_WAVE',
      ]);
    });

    it('makes one wave however often the same start is sent', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
      const before = (await app.get('/waves?limit=200')).body.items.length as number;
      const send = () => app.post('/waves', { orderIds: idsOf(orders) }, { key: `wave-${idsOf(orders).join('-')}` });
      const answers = await Promise.all([send(), send(), send()]);
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
      expect([answers[0]?.status, (await send()).body.id]).toEqual([201, answers[0]?.body.id]);
      expect((await app.get('/waves?limit=200')).body.items).toHaveLength(before + 1);
    });

    it('lets of several people who start one for the same orders at once only one have them', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
      const start = (event: string) => app.post('/waves', { orderIds: idsOf(orders), event });
      const answers = await Promise.all(['evt_a', 'evt_b', 'evt_c'].map(start));
      const [made, ...others] = answers.sort((a, b) => a.status - b.status);
      expect([made?.status, made?.body.orders.length]).toEqual([201, 2]);
      for (const { status, body } of others) {
        expect([status, body.code]).toEqual([409, 'WAVE_EMPTY']);
        expect((body.leftOut as Body[]).map(({ code }) => code as string)).toEqual([
          'ORDER_IN_A_WAVE',
          'ORDER_IN_A_WAVE',
        ]);
      }
      for (const { id } of orders) {
        const { items } = (await app.get(`/tasks?orderId=${id}&kind=picking`)).body as { items: Body[] };
        expect(items.map(({ wave }) => wave.id as string)).toEqual([made?.body.id]);
      }
    });

    it('lets an order go into another wave once the first is closed, never into two at a time', async () => {
      const [order] = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      const first = await startWave(app, [order] as Body[]);
      const early = await app.post('/waves', { orderIds: [order?.id] });
      expect([early.status, early.body.leftOut[0].code]).toEqual([409, 'ORDER_IN_A_WAVE']);
      await inWave(app, first.id, 'cancel', {});
      const second = await startWave(app, [order] as Body[]);
      expect([slotOf(second, 1).orderId, second.id === first.id]).toEqual([order?.id, false]);
      await inWave(app, second.id, 'finish', { allDone: true });
    });

    it('finds by itself what is waiting to be picked, up to a limit, the longest waiting first', async () => {
      await app.post('/waves', {});
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }, { 'TEA-01': 1 }]);
      const listed = async (): Promise<string[]> =>
        idsOf((await app.get('/orders?toDo=picking&status=confirmed,processing&sort=placedAt')).body.items);
      expect(await listed()).toEqual(idsOf(orders));
      expect((await app.get('/orders?toDo=shipping')).status).toBe(422);
      const answer = expectStatus(await app.post('/waves', { filter: { limit: 2 } }), 201).body;
      expect(await listed()).toEqual(idsOf(orders).slice(2));
      expect((answer.orders as Body[]).map(({ orderId }) => orderId)).toEqual(idsOf(orders).slice(0, 2));
      expectStatus(await app.post('/waves', { filter: { status: ['confirmed'] } }), 201);
      const none = await app.post('/waves', {});
      expect([none.status, none.body.code]).toEqual([409, 'WAVE_EMPTY']);
    });

    it('leaves alone an order that waits for goods before its picking, until they are here', async () => {
      await stockProduct(app, { sku: 'RARE-01', barcode: '4000000000017' }, 1);
      const lines = [{ sku: 'RARE-01', quantity: 2, unitPriceMinor: 50_000 }];
      const order = await placeOrder(app, { paymentMethod: 'cod', allowBackorder: true, lines });
      await move(app, order.id, 'confirm');
      const listed = async (): Promise<string[]> =>
        idsOf((await app.get('/orders?toDo=picking&status=confirmed,processing')).body.items);
      expect(await listed()).toEqual([]);
      expect((await app.post('/waves', {})).body.code).toBe('WAVE_EMPTY');
      const receipt = { lines: [{ sku: 'RARE-01', quantity: 1, unitCostMinor: 100 }], reference: 'PO-RARE' };
      expectStatus(await app.post('/inventory/receipts', receipt), 201);
      await app.settled();
      expect(await listed()).toEqual([order.id]);
      expectStatus(await app.post('/waves', {}), 201);
    });

    it.each([
      ['a status that is not picked', { filter: { status: ['shipped'] } }, 422, 'VALIDATION_FAILED'],
      ['both a list and a filter', { orderIds: ['x'], filter: {} }, 422, 'VALIDATION_FAILED'],
      ['more than a hundred', { orderIds: Array.from({ length: 101 }, (_, n) => `id${n}`) }, 422, 'VALIDATION_FAILED'],
      ['an empty list', { orderIds: [] }, 422, 'VALIDATION_FAILED'],
      ['an order there is not', { orderIds: ['number:none'] }, 404, 'ORDER_NOT_FOUND'],
      ['an id there is not', { orderIds: ['01ABC'] }, 404, 'ORDER_NOT_FOUND'],
      ['a field there is not', { orders: [] }, 422, 'VALIDATION_FAILED'],
    ])('refuses %s and keeps nothing', async (_what, body, status, code) => {
      const before = (await app.get('/waves?limit=200')).body.items.length;
      const answer = await app.post('/waves', body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect((await app.get('/waves?limit=200')).body.items).toHaveLength(before);
    });

    it('refuses a role nobody has, and then no order was moved', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      const answer = await app.post('/waves', { orderIds: idsOf(orders), role: 'customer_service' });
      expect([answer.status, answer.body.code]).toEqual([409, 'ASSIGNEE_NOT_FOUND']);
      expect(answer.body.detail).toBe(
        'Nobody in this store is customer_service. Add one with POST /api/v1/users, or name a person with "assigneeEmail".',
      );
      expect((await readOrder(app, orders[0]?.id)).status).toBe('confirmed');
    });

    it('previews a wave and leaves nothing behind', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      const preview = await app.post('/waves?dryRun=true', { orderIds: idsOf(orders) });
      expect(preview.body).toMatchObject({
        dryRun: true,
        effects: { messages: [{ template: 'emails/wave-assigned' }] },
      });
      expect((await readOrder(app, orders[0]?.id)).status).toBe('confirmed');
    });

    it('lets customer service look at waves but not start, work on or cancel one', async () => {
      const apiKey = await app.keyFor('customer_service');
      const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
      const refused = await app.post('/waves', { orderIds: idsOf(orders) }, { apiKey });
      expect([refused.status, refused.body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
      const wave = await startWave(app, orders);
      for (const verb of ['collect', 'sort', 'finish', 'cancel']) {
        const body = verb === 'finish' || verb === 'cancel' ? {} : { code: 'TEA-01' };
        expect((await app.post(`/waves/${wave.id}/${verb}`, body, { apiKey })).status).toBe(403);
      }
      const seen = await app.get(`/waves/${wave.id}`, { apiKey });
      expect([seen.status, seen.body.url]).toEqual([200, undefined]);
      const picker = await app.keyFor('fulfillment_specialist');
      expect((await app.post(`/waves/${wave.id}/cancel`, {}, { apiKey: picker })).status).toBe(403);
    });
  });

  describe('working', () => {
    it('collects by scan, counts into the first slot that needs it, and finishes each order’s task', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 1, 'CUP-01': 1 }]);
      const wave = await startWave(app, orders);
      const tea = itemOf(wave, 'TEA-01').id;
      expect(await inWave(app, wave.id, 'collect', { code: '8901234567894' })).toMatchObject({
        action: { kind: 'collect', collectedChange: 1 },
        line: { collectedQuantity: 1, inHand: 1, toCollect: 2 },
      });
      await inWave(app, wave.id, 'collect', { lineId: tea, all: true });
      const surplus = await app.post(`/waves/${wave.id}/collect`, { code: 'TEA-01' });
      expect([surplus.status, surplus.body.code]).toEqual([409, 'SCAN_TOO_MANY']);
      const slots = [];
      for (let n = 0; n < 3; n += 1) {
        const { action } = await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
        slots.push(action.placed[0].slot);
      }
      expect(slots).toEqual([1, 1, 2]);
      const early = await app.post(`/waves/${wave.id}/finish`, {});
      expect([early.status, early.body.code, early.body.lines]).toMatchObject([
        409,
        'WAVE_LINES_OPEN',
        [{ sku: 'CUP-01', quantity: 1 }],
      ]);
      // Straight to sorting: what is put into a slot was collected by it.
      expect(await inWave(app, wave.id, 'sort', { code: 'CUP-01' })).toMatchObject({
        action: { collectedChange: 1, placed: [{ slot: 2, orderNumber: orders[1]?.number, units: 1 }] },
      });
      const finished = await inWave(app, wave.id, 'finish', { note: 'all well' });
      expect(finished).toMatchObject({ status: 'done', outcome: 'done', changed: true, progress: { percent: 100 } });
      expect(await inWave(app, wave.id, 'finish', {})).toMatchObject({ changed: false });
      for (const order of finished.orders as Body[]) {
        expect(await taskOf(order.taskId)).toMatchObject({ status: 'done', outcome: 'done' });
        expect((await readOrder(app, order.orderId)).stage).toBe('picked');
      }
    });

    it('lets what is missing fall on the orders placed last, with its reason', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 2 }, { 'CUP-01': 1 }]);
      const wave = await startWave(app, orders);
      const tea = itemOf(wave, 'TEA-01').id;
      await inWave(app, wave.id, 'collect', { lineId: tea, quantity: 3 });
      expect(await inWave(app, wave.id, 'short', { lineId: tea, reason: 'damaged', note: 'torn' })).toMatchObject({
        line: { shortQuantity: 1, toCollect: 0, shortReason: 'damaged' },
      });
      const unsorted = await app.post(`/waves/${wave.id}/finish`, {});
      expect(unsorted.body.code).toBe('WAVE_LINES_OPEN');
      await inWave(app, wave.id, 'collect', { code: 'CUP-01' });
      expect((await app.post(`/waves/${wave.id}/finish`, {})).body.code).toBe('WAVE_NOT_SORTED');
      expect((await inWave(app, wave.id, 'sort', { lineId: tea, all: true })).action.placed).toMatchObject([
        { slot: 1, units: 2 },
        { slot: 2, units: 1 },
      ]);
      const finished = await inWave(app, wave.id, 'finish', { allDone: true });
      expect((finished.orders as Body[]).map(({ status }) => status)).toEqual(['done', 'short', 'done']);
      expect(finished.outcome).toBe('short');
      expect((await taskOf(slotOf(finished, 2).taskId)).lines).toMatchObject([
        { doneQuantity: 1, shortQuantity: 1, shortReason: 'damaged', note: 'torn' },
      ]);
    });

    it('finishes in one go when all is done, and counts what turns up after all', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 1 }]);
      const wave = await startWave(app, orders);
      const tea = itemOf(wave, 'TEA-01').id;
      await inWave(app, wave.id, 'short', { lineId: tea, reason: 'not_found' });
      await inWave(app, wave.id, 'collect', { lineId: tea, quantity: 2 });
      expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({ collectedQuantity: 2, shortQuantity: 1 });
      const finished = await inWave(app, wave.id, 'finish', { allDone: true });
      expect((finished.orders as Body[]).map(({ status, sortedUnits }) => [status, sortedUnits])).toEqual([
        ['done', 2],
        ['short', 0],
      ]);
    });

    it('takes back the last step, one by one, also out of a slot', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 2 }]);
      const wave = await startWave(app, orders);
      const tea = itemOf(wave, 'TEA-01').id;
      await inWave(app, wave.id, 'collect', { lineId: tea, quantity: 1 });
      await inWave(app, wave.id, 'short', { lineId: tea, reason: 'not_found' });
      await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
      await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
      const seen = async () => {
        const { collectedQuantity, sortedQuantity, shortQuantity } = itemOf(await readWave(app, wave.id), 'TEA-01');
        return [collectedQuantity, sortedQuantity, shortQuantity];
      };
      expect(await seen()).toEqual([2, 2, 0]);
      const states = [];
      for (let n = 0; n < 4; n += 1) {
        await inWave(app, wave.id, 'undo', {});
        states.push(await seen());
      }
      expect(states).toEqual([[1, 1, 1], [1, 0, 1], [1, 0, 0], [0, 0, 0]]); // prettier-ignore
      expect((await taskOf(slotOf(wave, 1).taskId)).progress).toMatchObject({ doneUnits: 0, shortUnits: 0 });
      const nothing = await app.post(`/waves/${wave.id}/undo`, {});
      expect([nothing.status, nothing.body.code]).toEqual([409, 'NOTHING_TO_UNDO']);
    });

    it('counts an action once however often it is sent, and many scans at once each', async () => {
      const orders = await confirmedOrders(app, [{ 'TEA-01': 5 }, { 'TEA-01': 5 }]);
      const wave = await startWave(app, orders);
      await inWave(app, wave.id, 'sort', { code: 'TEA-01', clientActionId: 'a1' });
      await inWave(app, wave.id, 'sort', { code: 'TEA-01', clientActionId: 'a1' });
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => app.post(`/waves/${wave.id}/sort`, { code: 'TEA-01' })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
      expect(answers.filter(({ body }) => body.code === 'SCAN_TOO_MANY')).toHaveLength(3);
      expect((await readWave(app, wave.id)).orders).toMatchObject([{ sortedUnits: 5 }, { sortedUnits: 5 }]);
    });

    it.each([
      ['collect', { code: 'NOPE' }, 409, 'SCAN_UNKNOWN_CODE'],
      ['collect', { code: 'CUP-01' }, 409, 'SCAN_WRONG_ITEM'],
      ['collect', {}, 422, 'VALIDATION_FAILED'],
      ['collect', { code: 'x', lineId: 'y' }, 422, 'VALIDATION_FAILED'],
      ['collect', { code: 'TEA-01', quantity: 0 }, 422, 'VALIDATION_FAILED'],
      ['collect', { code: 'TEA-01', quantity: 9 }, 409, 'SCAN_TOO_MANY'],
      ['sort', { code: 'TEA-01', slot: 7 }, 422, 'SLOT_NOT_FOUND'],
      ['sort', { code: 'TEA-01', quantity: 1, all: true }, 422, 'VALIDATION_FAILED'],
      ['short', { lineId: 'none', reason: 'damaged' }, 422, 'LINE_NOT_FOUND'],
      ['short', { lineId: 'none', reason: 'lazy' }, 422, 'VALIDATION_FAILED'],
      ['put-back', { lineId: 'none' }, 422, 'LINE_NOT_FOUND'],
      ['finish', {}, 409, 'WAVE_LINES_OPEN'],
      ['undo', {}, 409, 'NOTHING_TO_UNDO'],
    ])('refuses %s with %j and counts nothing', async (verb, body, status, code) => {
      const wave = await startWave(app, await confirmedOrders(app, [{ 'TEA-01': 1 }]));
      const answer = await app.post(`/waves/${wave.id}/${verb}`, body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(await readWave(app, wave.id)).toMatchObject({ status: 'open', version: 1, progress: { percent: 0 } });
    });

    it('knows no wave that is not there', async () => {
      for (const answer of [await app.get('/waves/none'), await app.post('/waves/none/finish', {})]) {
        expect([answer.status, answer.body.code]).toEqual([404, 'WAVE_NOT_FOUND']);
      }
    });

    it('lists waves by status, newest first, page by page', async () => {
      const first = (await app.get('/waves?limit=1')).body;
      expect(first.items[0]).toMatchObject({ status: 'open', orderCount: 1 });
      const second = (await app.get(`/waves?limit=1&after=${first.nextCursor}`)).body;
      expect(second.items[0].number).toBe(first.items[0].number - 1);
      for (const { status } of (await app.get('/waves?status=done')).body.items) expect(status).toBe('done');
    });
  });

  it('keeps the stock whole whatever was picked', async () => {
    const tea = await stockOf(app);
    expect(tea.onHand - tea.reserved).toBe(tea.available);
  });
});

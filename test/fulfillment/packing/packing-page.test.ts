import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { readPdf } from '../../support/read-pdf';
import { expectIntegrity, expectStatus, move } from '../../support/shop';
import { type Body, lineOf, reach, readOrder, startFloor } from '../floor';
import { openPacking, openPage, packagesOf, packedOf, pickedOrder, saidIn, submit, TICKED } from './packing-floor';

describe.each(DATABASES)('The packing page, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  async function newTask(overrides: Record<string, unknown> = {}): Promise<{ order: Body; task: Body }> {
    const order = await pickedOrder(app, overrides);
    return { order, task: await openPacking(app, order.id) };
  }
  const read = async (task: Body): Promise<Body> => expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
  const tickAll = async (task: Body): Promise<void> => {
    for (const line of task.lines as Body[]) await submit(app, task, 'tick', { lineId: line.id, quantity: 'all' });
  };
  const onlyPackage = async (order: Body): Promise<Body> => (await packagesOf(app, order.id))[0] ?? {};
  const sealing = (one: Body, more: Record<string, string> = {}) => ({
    packageId: one.id as string,
    type: 'box',
    weightGrams: '',
    lengthMm: '',
    widthMm: '',
    heightMm: '',
    note: '',
    ...more,
  });

  it('changes nothing when it is only opened, and shows what the order asks for and its slip', async () => {
    const { order, task } = await newTask();
    for (let n = 0; n < 10; n += 1) await openPage(app, task);
    expect([(await read(task)).version, await packagesOf(app, order.id)]).toEqual([1, []]);
    const html = await openPage(app, task);
    for (const shown of ['call first', 'packing-slip.pdf', '0 of 3 units packed']) expect(html).toContain(shown);
    for (const hidden of ['Rahima', '01700000000', '50000', '500.00', '<script>', 'style="'])
      expect(html).not.toContain(hidden);
  });

  it('packs a small order into one box: count, tick the checks, one press to end', async () => {
    const { order, task } = await newTask();
    await submit(app, task, 'scan', { code: '8901234567894' });
    expect(await packagesOf(app, order.id)).toMatchObject([
      { number: 1, type: 'box', status: 'open', taskId: task.id, items: [{ sku: 'TEA-01', quantity: 1 }] },
    ]);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
    await tickAll(task);
    const box = await onlyPackage(order);
    const html = await openPage(app, task);
    for (const shown of ['Package 1: box', 'Its items weigh 360 g', 'Seal package 1 and finish'])
      expect(html).toContain(shown);
    const size = { lengthMm: '200', widthMm: '100', heightMm: '50' };
    const last = { ...TICKED, ...size, type: 'bag', weightGrams: '400', finish: 'yes' };
    expect((await submit(app, task, 'seal', sealing(box, last))).status).toBe(303);
    expect(await read(task)).toMatchObject({
      outcome: 'done',
      result: { packages: [{ number: 1, type: 'bag', weightGrams: 400, units: 3 }] },
    });
    expect(await onlyPackage(order)).toMatchObject({
      status: 'sealed',
      packedBy: 'Karim Uddin',
      dimensions: { lengthMm: 200, widthMm: 100, heightMm: 50 },
    });
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
    expect((await app.post('/tasks', { kind: 'packing', orderId: order.id })).body.code).toBe('NOTHING_TO_PACK');
  });

  it('names each check that is missing and keeps what was typed', async () => {
    const { order, task } = await newTask();
    await tickAll(task);
    const { check_protection: _left, ...some } = TICKED as Record<string, string>;
    const box = await onlyPackage(order);
    const refused = await submit(app, task, 'seal', sealing(box, { ...some, type: 'envelope', note: 'two layers' }));
    expect([refused.status, refused.said]).toEqual([409, 'Package 1 is not checked yet: Goods are protected.']);
    expect(refused.html).toContain('two layers');
    expect(refused.html).toMatch(/value="envelope" selected/);
    expect(refused.html).toMatch(/name="check_condition" value="yes" checked/);
    expect(refused.html).not.toMatch(/name="check_protection" value="yes" checked/);
    expect(await onlyPackage(order)).toMatchObject({ status: 'open', type: 'box' });
  });

  it('asks about a weight that cannot be, and takes a note for it', async () => {
    const { order, task } = await newTask();
    await tickAll(task);
    const box = await onlyPackage(order);
    const heavy = { ...TICKED, weightGrams: '2000' };
    const refused = await submit(app, task, 'seal', sealing(box, heavy));
    expect([refused.status, refused.said]).toEqual([
      409,
      expect.stringContaining('Package 1 weighs 2000 g and its items 360 g'),
    ]);
    expect(refused.html).toContain('name="acceptDifference"');
    expect(refused.html).toContain('value="2000"');
    expect(await openPage(app, task)).not.toContain('name="acceptDifference"');
    expect((await submit(app, task, 'seal', sealing(box, { ...heavy, acceptDifference: 'yes' }))).status).toBe(409);
    const accepted = { ...heavy, acceptDifference: 'yes', note: 'wooden crate' };
    expect((await submit(app, task, 'seal', sealing(box, accepted))).status).toBe(303);
    expect(await onlyPackage(order)).toMatchObject({ status: 'sealed', weightAccepted: true, note: 'wooden crate' });
  });

  it('fills several packages: what is counted goes into the chosen one, and undo takes it from where it went', async () => {
    const { order, task } = await newTask();
    const [tea, cup] = [lineOf(task, 'TEA-01').id as string, lineOf(task, 'CUP-01').id as string];
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    await submit(app, task, 'new_package', { type: 'bag' });
    await submit(app, task, 'new_package', { type: 'envelope' });
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    const [first, second, third] = await packagesOf(app, order.id);
    expect([first, second]).toMatchObject([{ type: 'box' }, { type: 'envelope', number: 2 }]);
    expect(third).toBeUndefined();
    await submit(app, task, 'choose', { packageId: first?.id as string });
    await submit(app, task, 'undo');
    const units = async () =>
      (await packagesOf(app, order.id)).map(({ items }) => (items as Body[]).map((item) => item.quantity));
    expect(await units()).toEqual([[1], []]);
    await submit(app, task, 'tick', { lineId: cup, quantity: 'one' });
    expect(await units()).toEqual([[1, 1], []]);
    await submit(app, task, 'choose', { packageId: second?.id as string });
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    expect(await units()).toEqual([[1, 1], [1]]);
    await submit(app, task, 'seal', sealing(first as Body, TICKED));
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 1, 'CUP-01': 1 });
    const early = await submit(app, task, 'finish', { confirmed: 'yes', note: '' });
    expect([early.status, early.said]).toEqual([409, 'Package 2 is not sealed yet. Seal it, then finish.']);
    await submit(app, task, 'seal', sealing(second as Body, { ...TICKED, finish: 'yes' }));
    expect(await read(task)).toMatchObject({ status: 'done', result: { packages: [{ units: 2 }, { units: 1 }] } });
  });

  it('opens a sealed package again, empties one, and does not undo what is sealed', async () => {
    const { order, task } = await newTask();
    await tickAll(task);
    const box = await onlyPackage(order);
    await submit(app, task, 'seal', sealing(box, TICKED));
    const undone = await submit(app, task, 'undo');
    expect([undone.status, undone.said]).toEqual([
      409,
      'Package 1 is sealed with these units in it. Open it again first.',
    ]);
    expect((await submit(app, task, 'seal', sealing(box, TICKED))).said).toContain('Package 1 is sealed');
    await submit(app, task, 'reopen', { packageId: box.id as string });
    expect([await packedOf(app, order.id), (await read(task)).progress.doneUnits]).toEqual([
      { 'TEA-01': 0, 'CUP-01': 0 },
      3,
    ]);
    await submit(app, task, 'unpack', { packageId: box.id as string });
    expect((await read(task)).progress.doneUnits).toBe(0);
    expect(await packagesOf(app, order.id)).toMatchObject([{ status: 'void', items: [{}, {}] }]);
    await submit(app, task, 'undo');
    expect((await read(task)).progress.doneUnits).toBe(3);
    expect(await packagesOf(app, order.id)).toMatchObject([
      { status: 'open', number: 1, items: [{}, {}] },
      { status: 'void' },
    ]);
  });

  it('does once what is pressed twice', async () => {
    const { order, task } = await newTask();
    await tickAll(task);
    const box = await onlyPackage(order);
    const fields = { ...sealing(box, TICKED), clientActionId: 'the-same-seal' };
    const answers = await Promise.all([1, 2, 3].map(() => submit(app, task, 'seal', fields)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    const history = (await app.get(`/orders/${order.id}/history`)).body.items as Body[];
    expect(history.filter(({ action }) => action === 'package.seal')).toHaveLength(1);
  });

  it('takes the last seal and finish again when its answer was lost, and what was pressed before it', async () => {
    const { order, task } = await newTask();
    const [first] = task.lines as Body[];
    const tick = { lineId: first?.id as string, quantity: 'all', clientActionId: 'the-same-tick' };
    await submit(app, task, 'tick', tick);
    await tickAll(task);
    const fields = { ...sealing(await onlyPackage(order), TICKED), finish: 'yes', clientActionId: 'the-last-seal' };
    expect((await submit(app, task, 'seal', fields)).status).toBe(303);
    expect(await read(task)).toMatchObject({ status: 'done' });
    for (const [form, again] of [
      ['seal', fields],
      ['tick', tick],
    ] as const)
      expect((await submit(app, task, form, again)).status).toBe(303);
    const late = await submit(app, task, 'seal', { ...fields, clientActionId: 'another-seal' });
    expect(late.status).toBe(409);
  });

  it.each([
    ['a weight below nothing', { weightGrams: '-5' }, 422, 'The weight is at least 1 grams.'],
    ['a weight in words', { weightGrams: 'heavy' }, 422, expect.stringContaining('The weight')],
    ['a side without end', { lengthMm: '99999' }, 422, 'The length is at most 10000 millimetres.'],
    ['a type there is not', { type: 'crate' }, 422, 'The package is a box, bag, envelope.'],
    [
      'somebody else’s package',
      { packageId: '01J00000000000000000000000' },
      404,
      expect.stringContaining('no such package'),
    ],
  ])('says on the page what is wrong with %s', async (_what, fields, status, sentence) => {
    const { order, task } = await newTask();
    await tickAll(task);
    const answer = await submit(app, task, 'seal', sealing(await onlyPackage(order), { ...TICKED, ...fields }));
    expect([answer.status, answer.said]).toEqual([status, sentence]);
    expect(await onlyPackage(order)).toMatchObject({ status: 'open' });
  });

  it('touches no package of another order', async () => {
    const [mine, other] = [await newTask(), await newTask()];
    await tickAll(other.task);
    const foreign = await onlyPackage(other.order);
    for (const form of ['reopen', 'unpack', 'choose']) {
      expect((await submit(app, mine.task, form, { packageId: foreign.id as string })).status).toBe(404);
    }
    expect((await submit(app, mine.task, 'seal', sealing(foreign, TICKED))).status).toBe(404);
    expect(await onlyPackage(other.order)).toMatchObject({ status: 'open', id: foreign.id });
  });

  it('is over when the order is cancelled in the middle, and nothing stays packed', async () => {
    const { order, task } = await newTask();
    const tea = lineOf(task, 'TEA-01').id as string;
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    await submit(app, task, 'seal', sealing(await onlyPackage(order), TICKED));
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    await app.settled();
    const late = await submit(app, task, 'scan', { code: 'CUP-01' });
    expect([late.status, late.said]).toEqual([409, 'This task was cancelled. There is nothing more to do.']);
    expect((await packagesOf(app, order.id)).map(({ status }) => status)).toEqual(['void', 'void']);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
    const tasks = (await readOrder(app, order.id)).tasks as Body[];
    expect(tasks.find(({ kind: one }) => one === 'put_back')).toMatchObject({ progress: { units: 3 } });
  });

  it('ended by a manager throws away what was not sealed and keeps what was', async () => {
    const { order, task } = await newTask();
    const tea = lineOf(task, 'TEA-01').id as string;
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    await submit(app, task, 'seal', sealing(await onlyPackage(order), TICKED));
    await submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    expectStatus(await app.post(`/tasks/${task.id}/cancel`, { note: 'shift is over' }), 200);
    expect((await packagesOf(app, order.id)).map(({ status }) => status)).toEqual(['sealed', 'void']);
    const next = await openPacking(app, order.id);
    expect([next.round, next.progress.units]).toEqual([2, 2]);
  });

  it('prints the packing slip while the task is open, and nothing else', async () => {
    const { order, task } = await newTask();
    const paper = (name: string) => fetch(`${reach(app, task.url)}/${name}`);
    const slip = await paper('packing-slip');
    expect([slip.status, slip.headers.get('cache-control'), await slip.text()]).toEqual([
      200,
      'no-store',
      expect.stringContaining('Packing slip'),
    ]);
    if (kind === 'sqlite') {
      const pdf = await paper('packing-slip.pdf');
      expect(pdf.headers.get('content-type')).toBe('application/pdf');
      const [page] = await readPdf(Buffer.from(await pdf.arrayBuffer()));
      expect(page?.text).toContain(order.number);
    }
    for (const name of ['invoice', 'receipt', 'label', 'packing-slip.zpl', 'packing-slip.exe']) {
      expect([name, (await paper(name)).status]).toEqual([name, 404]);
    }
    expectStatus(await app.post(`/tasks/${task.id}/cancel`, {}), 200);
    const closed = await paper('packing-slip');
    expect([closed.status, saidIn(await closed.text())]).toEqual([
      409,
      expect.stringContaining('The task is cancelled'),
    ]);
  });

  it('lets a program finish it in one call where the store does not insist on packing', async () => {
    const { order, task } = await newTask();
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
    expect(await onlyPackage(order)).toMatchObject({ status: 'sealed', checks: null, type: 'box' });
    const strict = await newTask();
    expectStatus(await app.call('PATCH', '/stores/main', { packing: 'required' }), 200);
    const refused = await app.post(`/tasks/${strict.task.id}/complete`, { allDone: true });
    expectStatus(await app.call('PATCH', '/stores/main', { packing: 'optional' }), 200);
    expect(refused).toMatchObject({ status: 409, body: { code: 'PACKAGES_OPEN', packages: [1] } });
    expect((await read(strict.task)).progress.doneUnits).toBe(0);
  });
});

import { type TestApp } from '../support/app';
import { expectStatus, move } from '../support/shop';
import { type Body, lineOf, openPicking, orderInProcess, reach, readOrder, startFloor } from './floor';

let app: TestApp;
let actions = 0;
beforeAll(async () => {
  app = await startFloor();
});
afterAll(() => app.close());

async function newTask(): Promise<Body> {
  return openPicking(app, (await orderInProcess(app)).id);
}

function open(task: Body): Promise<Response> {
  return fetch(reach(app, task.url));
}

/** Posts a form as a browser without scripts does, and stops at the redirect. */
function submit(task: Body, form: string, fields: Record<string, string>): Promise<Response> {
  actions += 1;
  const body = new URLSearchParams({ clientActionId: `click-${actions}`, ...fields });
  return fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
}

function saidIn(html: string): string {
  return /<p id="said"[^>]*>([^<]*)/.exec(html)?.[1] ?? '';
}

async function read(task: Body): Promise<Body> {
  return expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
}

describe('opening the link', () => {
  it('changes nothing, however often mail programs do it', async () => {
    const task = await newTask();
    for (let n = 0; n < 5; n += 1) expect((await open(task)).status).toBe(200);
    expect((await fetch(reach(app, task.url), { method: 'HEAD' })).status).toBe(200);
    expect(await read(task)).toMatchObject({ status: 'open', version: 1, progress: { doneUnits: 0 } });
  });

  it('shows the checklist, and neither prices nor who the customer is', async () => {
    const task = await newTask();
    const html = await (await open(task)).text();
    for (const shown of [task.orderNumber, 'call first', 'A-3', 'Green tea 100 g', '8901234567894'])
      expect(html).toContain(shown);
    for (const hidden of ['Rahima', '01700000000', 'Dhaka', '50000', '500.00']) expect(html).not.toContain(hidden);
  });

  it('is kept out of caches, indexes and other sites’ logs, and runs no script but ours', async () => {
    const { headers } = await open(await newTask());
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    const script = await fetch(`${app.url}/t/assets/task.mjs`);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
  });

  it.each([
    ['altered', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['cut', (token: string) => token.slice(0, 40)],
    ['made up', () => 'nonsense'],
  ])('is refused in one sentence when the link was %s', async (_how, change) => {
    const url = new URL(reach(app, (await newTask()).url));
    url.pathname = `/t/${change(url.pathname.slice('/t/'.length))}`;
    for (const method of ['GET', 'POST']) {
      const path = method === 'POST' ? `${url.href}/undo` : url.href;
      const answer = await fetch(path, { method, body: method === 'POST' ? new URLSearchParams() : undefined });
      expect([method, answer.status]).toEqual([method, 403]);
      expect(saidIn(await answer.text())).toBe(
        'This link is not valid any more. Open the one in the newest mail, or ask for the task again.',
      );
    }
  });

  it('writes what a customer typed as text, never as markup', async () => {
    const order = await orderInProcess(app, { notes: '<script>alert(1)</script>' });
    const html = await (await open(await openPicking(app, order.id))).text();
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)');
  });
});

describe('without scripts', () => {
  it('picks, misses, takes back and finishes an order by plain forms', async () => {
    const task = await newTask();
    const [tea, cup] = [lineOf(task, 'TEA-01'), lineOf(task, 'CUP-01')];
    const counted = await submit(task, 'scan', { code: tea.barcode });
    expect([counted.status, counted.headers.get('location')]).toEqual([
      303,
      expect.stringContaining(`?line=${tea.id}#line-${tea.id}`),
    ]);
    const after = await fetch(new URL(counted.headers.get('location') ?? '', app.url));
    expect(saidIn(await after.text())).toBe('Green tea 100 g: 1 of 2 picked.');
    await submit(task, 'tick', { lineId: cup.id, quantity: 'all' });
    await submit(task, 'short', { lineId: tea.id, reason: 'damaged', note: 'box is wet' });
    await submit(task, 'undo', {});
    expect(lineOf(await read(task), 'TEA-01')).toMatchObject({ doneQuantity: 1, shortQuantity: 0 });
    const early = await submit(task, 'finish', { confirmed: 'yes', note: '' });
    expect([early.status, saidIn(await early.text())]).toEqual([
      409,
      expect.stringContaining('Not finished: 1 × TEA-01.'),
    ]);
    await submit(task, 'short', { lineId: tea.id, reason: 'damaged', note: 'box is wet' });
    expect((await submit(task, 'finish', { confirmed: 'yes', note: 'left at desk 2' })).status).toBe(303);
    expect(await read(task)).toMatchObject({ status: 'done', outcome: 'short', note: 'left at desk 2' });
    const { lines } = await readOrder(app, task.orderId);
    expect(lines.map((line: Body) => [line.sku, line.preparedQuantity])).toEqual([
      ['CUP-01', 1],
      ['TEA-01', 1],
    ]);
    expect(saidIn(await (await open(task)).text())).toBe(
      'This task is finished with units missing. There is nothing more to do.',
    );
  });

  it('counts a double click once', async () => {
    const task = await newTask();
    const fields = { lineId: lineOf(task, 'TEA-01').id, quantity: 'one', clientActionId: 'the-same' };
    const answers = await Promise.all([1, 2, 3].map(() => submit(task, 'tick', fields)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await read(task)).progress.doneUnits).toBe(1);
  });

  it.each([
    ['a wrong item', 'scan', { code: 'POT-01' }, 409, 'Wrong item: Pot (POT-01) is not on this list. Put it back.'],
    [
      'an unknown code',
      'scan',
      { code: '999' },
      409,
      'No product has the code 999. Scan it again, or tick the line by hand.',
    ],
    ['an empty code', 'scan', { code: ' ' }, 422, 'Scan or type a code.'],
    ['a missing reason', 'short', { lineId: 'LINE', reason: '', note: '' }, 422, 'Choose why it is missing.'],
    ['a missing confirmation', 'finish', { note: '' }, 422, 'Tick the box to confirm, then finish.'],
    ['nothing to take back', 'undo', {}, 409, 'Nothing has been done yet that could be taken back.'],
    ['a form there is not', 'explode', {}, 404, 'The page has no such form. Open the task again.'],
  ])('says on the page what is wrong with %s', async (_what, form, fields, status, sentence) => {
    await app.post('/products', { sku: 'POT-01', name: 'Pot', priceMinor: 1, costMinor: 1 });
    const task = await newTask();
    const answer = await submit(task, form, fields as Record<string, string>);
    const html = await answer.text();
    expect([answer.status, saidIn(html)]).toEqual([status, sentence]);
    expect(html).toContain('id="work"');
    expect((await read(task)).progress.doneUnits).toBe(0);
  });

  it('says that a cancelled task is over, also to a form that was still open', async () => {
    const task = await newTask();
    await move(app, task.orderId, 'cancel', { reason: 'operational' });
    await app.settled();
    const late = await submit(task, 'scan', { code: 'TEA-01' });
    expect(late.status).toBe(409);
    expect(saidIn(await late.text())).toContain('This task was cancelled. Stop here');
  });

  it('speaks of goods to put back only where somebody picked', async () => {
    const { orderId } = await newTask();
    const count = expectStatus(await app.post('/tasks', { kind: 'count', orderId }), 201).body;
    expectStatus(await app.post(`/tasks/${count.id}/cancel`, { note: 'no time' }), 200);
    const html = await (await fetch(reach(app, count.url))).text();
    expect(saidIn(html)).toBe('This task was cancelled. There is nothing more to do.');
  });

  it('writes down the link’s holder as the one who did it', async () => {
    const task = await newTask();
    await submit(task, 'tick', { lineId: lineOf(task, 'TEA-01').id, quantity: 'all' });
    await submit(task, 'tick', { lineId: lineOf(task, 'CUP-01').id, quantity: 'all' });
    await submit(task, 'finish', { confirmed: 'yes', note: '' });
    const { items } = (await app.get(`/audit?orderId=${task.orderId}`)).body;
    expect(items.find((row: Body) => row.action === 'task.complete')).toMatchObject({
      actor: { kind: 'link', name: 'Karim Uddin' },
    });
  });
});

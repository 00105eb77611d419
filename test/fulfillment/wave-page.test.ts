import { type TestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { type Body, mailsTo, reach, startFloor } from './floor';
import { confirmedOrders, inWave, itemOf, readWave, startWave } from './wave-floor';

describe('The wave’s page', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor();
  });
  afterAll(() => app.close());

  let actions = 0;
  const open = (link: string, query = ''): Promise<Response> => fetch(`${reach(app, link)}${query}`);
  /** Posts a form as a browser without scripts does: follows to the page that it leads to. */
  const post = async (link: string, form: string, fields: Record<string, string>): Promise<Response> => {
    const body = new URLSearchParams({ clientActionId: `act-${(actions += 1)}`, ...fields });
    return fetch(`${reach(app, link)}/${form}`, { method: 'POST', body });
  };
  const waveOf = async (units: Record<string, number>[], more = {}): Promise<{ wave: Body; orders: Body[] }> => {
    const orders = await confirmedOrders(app, units);
    return { orders, wave: await startWave(app, orders, more) };
  };

  it('is behind the link in the mail, and lists by shelf with totals', async () => {
    const email = 'page-mail@example.com';
    const { wave } = await waveOf([{ 'TEA-01': 2 }, { 'TEA-01': 1, 'CUP-01': 1 }], { assigneeEmail: email });
    const [mail] = await mailsTo(app, email);
    const page = await open((mail?.links as string[])[0] ?? '');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-task-state')).toBe('open');
    const html = await page.text();
    expect(html.indexOf('A-3')).toBeLessThan(html.indexOf('A-12'));
    expect(html).toContain('0 of 4 units collected');
    for (const secret of ['Akter', '01700000000', 'Road 5']) expect(html).not.toContain(secret);
    expect(html).not.toMatch(/<script>|style="/);
    expect(wave.url).toBe((mail?.links as string[])[0]);
  });

  it('changes nothing however often it is opened', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 1 }]);
    const before = await readWave(app, wave.id);
    for (let n = 0; n < 10; n += 1) await (await open(wave.url, n % 2 ? '?step=sort' : '')).text();
    expect(await readWave(app, wave.id)).toEqual(before);
  });

  it('is walked through by forms alone: collect, report missing, sort by scan, finish', async () => {
    const { wave, orders } = await waveOf([{ 'TEA-01': 2 }, { 'TEA-01': 2 }, { 'CUP-01': 1 }]);
    const tea = itemOf(wave, 'TEA-01').id as string;
    expect(await (await post(wave.url, 'collect', { code: '8901234567894' })).text()).toContain('1 collected');
    await post(wave.url, 'collect', { lineId: tea, quantity: 'one' });
    await post(wave.url, 'collect', { lineId: tea, quantity: 'one' });
    const short = await post(wave.url, 'short', { lineId: tea, reason: 'not_found', note: '', step: 'collect' });
    expect(await short.text()).toContain('1 missing: Not on the shelf');
    await post(wave.url, 'collect', { lineId: itemOf(wave, 'CUP-01').id, quantity: 'all' });
    const sorted = await (await post(wave.url, 'sort', { code: 'TEA-01' })).text();
    expect(sorted).toContain(`<p class="place">Slot 1 · order ${orders[0]?.number}</p>`);
    const all = await (await post(wave.url, 'sort', { lineId: tea, quantity: 'all' })).text();
    expect(all).toContain(`Slot 1 · order ${orders[0]?.number}`);
    expect(all).toContain(`Slot 2 · order ${orders[1]?.number}`);
    expect(all).toContain('Still open: 1 unit to sort');
    const ready = await (await post(wave.url, 'sort', { code: 'CUP-01' })).text();
    expect(ready).toContain('Finish with 1 missing');
    const unconfirmed = await post(wave.url, 'finish', {});
    expect([unconfirmed.status, await unconfirmed.text()]).toEqual([422, expect.stringContaining('Tick the box')]);
    const done = await post(wave.url, 'finish', { confirmed: 'yes', note: '' });
    expect(await done.text()).toContain('This wave is finished with units missing.');
    expect(((await readWave(app, wave.id)).orders as Body[]).map(({ status }) => status)).toEqual([
      'done',
      'short',
      'done',
    ]);
  });

  it('says which wrong, unknown or surplus code was scanned, and stays usable', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 1 }]);
    for (const [code, sentence] of [
      ['CUP-01', 'Wrong item: Cup (CUP-01) is not in this wave.'],
      ['NOPE', 'No product has the code NOPE.'],
      ['', 'Scan or type a code.'],
    ] as const) {
      const answer = await post(wave.url, 'collect', { code });
      expect([answer.status >= 400, await answer.text()]).toEqual([true, expect.stringContaining(sentence)]);
    }
    await post(wave.url, 'sort', { code: 'TEA-01' });
    const surplus = await post(wave.url, 'sort', { code: 'TEA-01' });
    expect([surplus.status, await surplus.text()]).toEqual([409, expect.stringContaining('Too many')]);
    expect(await (await post(wave.url, 'undo', { step: 'sort' })).text()).toContain('Taken back');
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 0 });
  });

  it('counts a button that was pressed twice once', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 3 }]);
    for (let n = 0; n < 3; n += 1) await post(wave.url, 'sort', { code: 'TEA-01', clientActionId: 'same' });
    expect((await readWave(app, wave.id)).progress).toMatchObject({ sortedUnits: 1 });
  });

  it('finishes once when its button was pressed twice, also by a page that was loaded twice', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    await inWave(app, wave.id, 'sort', { lineId: itemOf(wave, 'TEA-01').id, quantity: 2 });
    const press = (action: string) => post(wave.url, 'finish', { confirmed: 'yes', clientActionId: action });
    const answers = await Promise.all([press('fin-1'), press('fin-1'), press('fin-2')]);
    for (const answer of answers) {
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('This wave is finished.')]);
    }
    const { items } = (await app.get('/audit?action=wave.complete&limit=200')).body as { items: Body[] };
    expect(items.filter(({ subject }) => subject.id === wave.id)).toHaveLength(1);
  });

  it('shows what goes back to its shelf, and wants it ticked before the wave is finished', async () => {
    const { wave, orders } = await waveOf([{ 'TEA-01': 1 }, { 'TEA-01': 2 }]);
    const tea = itemOf(wave, 'TEA-01').id as string;
    await inWave(app, wave.id, 'collect', { lineId: tea, all: true });
    const body = { reason: 'operational', note: 'asked', notify: false };
    expectStatus(await app.post(`/orders/${orders[1]?.id}/cancel`, body), 200);
    await inWave(app, wave.id, 'sort', { lineId: tea, all: true });
    const page = await (await open(wave.url, '?step=sort')).text();
    expect(page).toContain('Put back: 2 × TEA-01, shelf A-3');
    expect(page).toContain('Takes nothing any more');
    expect(page).not.toContain('id="finish"');
    const back = await (await post(wave.url, 'put-back', { lineId: tea, step: 'sort' })).text();
    expect(back).toContain('2 put back');
    expect(back).toContain('id="finish"');
  });

  it('lists on a cancelled wave’s page what is in no slot, and takes no more forms', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 2 }]);
    await inWave(app, wave.id, 'collect', { code: 'TEA-01' });
    await inWave(app, wave.id, 'cancel', { note: 'the shift is over' });
    const page = await (await open(wave.url)).text();
    expect(page).toContain('1 × Green tea 100 g (TEA-01), shelf A-3');
    expect(page).toContain('the shift is over');
    const late = await post(wave.url, 'sort', { code: 'TEA-01' });
    expect(late.headers.get('x-task-state')).toBe('closed');
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('This wave was cancelled')]);
  });

  it('opens for no altered link, no task’s link and no address that is cut off', async () => {
    const { wave } = await waveOf([{ 'TEA-01': 1 }]);
    const [task] = (await app.get(`/tasks?orderId=${wave.orders[0].orderId}`)).body.items as Body[];
    const altered = `${(wave.url as string).slice(0, -2)}xx`;
    for (const link of [
      altered,
      (task?.url as string).replace('/t/', '/w/'),
      (wave.url as string).replace('/w/', '/t/'),
    ]) {
      const answer = await open(link);
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('not valid any more')]);
      expect((await post(link, 'finish', { confirmed: 'yes' })).status).toBe(403);
    }
    expect((await fetch(`${app.url}/w/`)).status).toBe(404);
    expect((await post(wave.url, 'juggle', {})).status).toBe(404);
  });
});

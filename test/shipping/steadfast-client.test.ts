import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Steadfast } from '../../server/shipping/couriers/steadfast';
import { SANDBOX_API_PATH, SANDBOX_KEYS } from '../../server/shipping/couriers/steadfast-sandbox';
import { startTestApp, type TestApp } from '../support/app';
import { freePort } from '../support/service-process';

const TIMEOUT_MS = 300;

const request = (reference: string, more: Record<string, unknown> = {}) => ({
  reference,
  parcel: {
    recipientName: 'Rahima Akter',
    recipientPhone: '+8801700000000',
    address: 'House 12, Dhaka',
    country: 'BD',
    description: '2 × Tea',
    units: 2,
    note: 'ring {twice}',
  },
  codAmountMinor: 106_000,
  currency: 'BDT',
  ...more,
});

describe('The client and the pretended courier', () => {
  let app: TestApp;
  let steadfast: Steadfast;
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-sandbox-'));
  const open = async (): Promise<void> => {
    app = await startTestApp({ env: { DATA_FOLDER: folder } });
    steadfast = new Steadfast(() => ({ baseUrl: app.url + SANDBOX_API_PATH, ...SANDBOX_KEYS }), TIMEOUT_MS);
  };
  const control = async (path: string, body: object): Promise<Response> =>
    fetch(`${app.url}/sandbox/steadfast/control${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const breaks = (fault: object) => control('/faults', { faults: [fault] });

  beforeAll(open);
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('agree on what a booking is', async () => {
    const made = await steadfast.create(request('A-1'));
    expect(made).toMatchObject({
      kind: 'created',
      courierId: expect.stringMatching(/^\d{7}$/),
      trackingCode: expect.stringMatching(/^[0-9A-F]{8}$/),
      status: 'in_review',
    });
  });

  it('agree that an invoice counts once, and where its parcel is', async () => {
    expect(await steadfast.create(request('A-1'))).toMatchObject({ kind: 'rejected', duplicate: true });
    const found = await steadfast.findByReference('A-1');
    expect(found).toMatchObject({
      kind: 'found',
      status: 'in_review',
      courierId: expect.any(String),
      trackingCode: null,
    });
    expect(await steadfast.findByReference('A-2')).toEqual({ kind: 'missing' });
    await control('/parcels/A-1', { status: 'cancelled_return_received' });
    const courierId = found.kind === 'found' ? found.courierId : null;
    for (const returning of [true, false]) {
      const way = { reference: 'A-1', courierId, returning };
      expect(await steadfast.status(way)).toMatchObject({ kind: 'found', status: 'returned' });
    }
    expect(await steadfast.status({ reference: 'A-1', courierId: null, returning: false })).toMatchObject({
      courierStatus: 'cancelled_return_received',
    });
  });

  it('agree on what is refused, field by field', async () => {
    const parcel = { ...request('A-3').parcel, recipientPhone: '123', recipientName: '' };
    const refused = await steadfast.create(request('not good', { parcel }));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'COURIER_REJECTED' });
    const paths = (refused as { errors: { path: string }[] }).errors.map(({ path }) => path).sort();
    expect(paths).toEqual(['parcel.recipientName', 'parcel.recipientPhone', 'reference']);
  });

  it('agree that other keys open nothing', async () => {
    const keys = { apiKey: 'secret-key-of-somebody', secretKey: 'secret-of-the-key' };
    const stranger = new Steadfast(() => ({ baseUrl: app.url + SANDBOX_API_PATH, ...keys }), TIMEOUT_MS);
    const answers = [await stranger.create(request('A-4')), await stranger.findByReference('A-1')];
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'rejected', code: 'COURIER_UNAUTHORISED' });
    expect(JSON.stringify(answers)).not.toMatch(/secret-key-of-somebody|secret-of-the-key/);
  });

  it.each([['lost_reply'], ['slow'], ['error_500']])('call it unknown when the answer is %s', async (kind) => {
    await breaks({ kind, delayMs: TIMEOUT_MS * 3 });
    const reference = `U-${kind}`;
    expect(await steadfast.create(request(reference))).toMatchObject({ kind: 'unknown' });
    expect((await steadfast.findByReference(reference)).kind).toBe(kind === 'error_500' ? 'missing' : 'found');
  });

  it('remember the parcels when the service is started anew', async () => {
    await app.close();
    await open();
    expect(await steadfast.findByReference('A-1')).toMatchObject({ kind: 'found', status: 'returned' });
    const made = await steadfast.create(request('A-9'));
    const known = await steadfast.findByReference('A-1');
    expect((made as { courierId: string }).courierId > (known as { courierId: string }).courierId).toBe(true);
  });

  it('the puppeteer of the pretended courier is told what it misspelled', async () => {
    expect((await control('/parcels/A-1', { status: 'lost' })).status).toBe(400);
    expect((await control('/parcels/nobody', { status: 'delivered' })).status).toBe(404);
    expect((await control('/faults', { faults: [{ kind: 'fire' }] })).status).toBe(400);
    expect((await fetch(`${app.url}${SANDBOX_API_PATH}/ping`)).status).toBe(200);
  });

  it('without a demonstration there is no pretended courier', async () => {
    const real = await startTestApp({ env: { DEMO: 'false', SMTP_URL: 'smtp://127.0.0.1:1' } });
    expect((await fetch(`${real.url}/sandbox/steadfast/control/parcels`)).status).toBe(404);
    await real.close();
  });
});

describe('The client, at a courier that answers strangely', () => {
  let server: Server;
  let respond: (path: string) => { status: number; headers?: Record<string, string>; body: string };
  const seen: string[] = [];
  let steadfast: Steadfast;

  beforeAll(async () => {
    server = createServer((asked, response) => {
      seen.push(asked.url ?? '');
      const { status, headers, body } = respond(asked.url ?? '');
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    steadfast = new Steadfast(() => ({ baseUrl, apiKey: 'a', secretKey: 'b' }), TIMEOUT_MS);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['a redirect', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
    ['a page', { status: 200, body: '<html>' }],
    ['an empty Yes', { status: 200, body: '{"status":200}' }],
    ['a list', { status: 200, body: '[1]' }],
    ['a wrong address', { status: 404, body: '<html>' }],
  ])('takes %s for nothing certain, and follows nobody', async (_name, said) => {
    respond = () => said;
    expect((await steadfast.create(request('S-1'))).kind).toBe('unknown');
    expect((await steadfast.findByReference('S-1')).kind).toBe('unknown');
    expect(seen).not.toContain('/elsewhere');
  });

  it('waits as long as it is told to', async () => {
    respond = () => ({ status: 429, headers: { 'retry-after': '30' }, body: '{}' });
    expect(await steadfast.create(request('S-1'))).toMatchObject({ kind: 'unknown', retryAfterMs: 30_000 });
  });

  it('encodes what stands in an address', async () => {
    respond = () => ({ status: 200, body: '{"delivery_status":"pending"}' });
    await steadfast.status({ reference: '../a b', courierId: null, returning: false });
    expect(seen.at(-1)).toBe('/status_by_invoice/..%2Fa%20b');
  });

  it('says that nobody is there', async () => {
    const port = await freePort();
    const nobody = new Steadfast(
      () => ({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'a', secretKey: 'b' }),
      TIMEOUT_MS,
    );
    expect(await nobody.create(request('S-1'))).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

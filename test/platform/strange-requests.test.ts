import { gzipSync } from 'node:zlib';
import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { buildOrder, expectStatus, placeOrder, stockProduct } from '../support/shop';

const cursor = (values: unknown): string => Buffer.from(JSON.stringify(values)).toString('base64url');
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const order = (fields: Record<string, unknown>): string => JSON.stringify(buildOrder(fields));
const line = (fields: Record<string, unknown>): string => order({ lines: [{ sku: 'TEA-01', quantity: 1, ...fields }] });

interface Strange {
  title: string;
  method?: string;
  path?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

const STRANGE: Strange[] = [
  { title: 'a null character in a name', body: order({ customer: { name: 'Ra\0hima' } }) },
  { title: 'a null character in a note', body: order({ notes: 'call\0first' }) },
  { title: 'a null character in an id', method: 'GET', path: '/orders/a%00b' },
  { title: 'a null character in a filter', method: 'GET', path: '/orders?text=%00' },
  {
    title: 'an id of 80 letters of another script',
    method: 'GET',
    path: `/orders/${encodeURIComponent('ক'.repeat(80))}`,
  },
  { title: 'an id that is too long', method: 'GET', path: `/orders/${'x'.repeat(500)}` },
  { title: 'a broken percent sequence', method: 'GET', path: '/orders/%E0%A4%A' },
  { title: 'a cursor that holds lists', method: 'GET', path: `/orders?after=${cursor([['a', 'b'], ['c']])}` },
  { title: 'a cursor that holds objects', method: 'GET', path: `/orders?after=${cursor([{ a: 1 }, null])}` },
  { title: 'a limit that is no number', method: 'GET', path: '/orders?limit=many' },
  { title: 'a limit beyond every page', method: 'GET', path: '/orders?limit=1e9' },
  { title: 'one filter twice', method: 'GET', path: '/orders?status=pending&status=confirmed' },
  { title: 'a filter nobody knows', method: 'GET', path: '/orders?placedFrom=yesterday' },
  { title: 'a time before all calendars', method: 'GET', path: '/orders?placedFrom=0000-01-01T00:00:00%2B14:00' },
  { title: 'an order placed in the year 0', body: order({ placedAt: '0000-01-01T00:00:00+14:00' }) },
  { title: 'an order placed at the end of time', body: order({ placedAt: '9999-12-31T23:59:59-12:00' }) },
  {
    title: 'more money than can be counted',
    body: line({ quantity: 1_000_000, unitPriceMinor: 9_000_000_000_000, allowBackorder: true }),
  },
  { title: 'a number beyond all numbers', body: line({ quantity: 1e308 }) },
  { title: 'a list as body', body: '[]' },
  { title: 'a word as body', body: '"order"' },
  { title: 'null as body', body: 'null' },
  { title: 'a body that is a hundred thousand brackets deep', body: deep(100_000) },
  { title: 'a body with a deep field', body: `{"lines":${deep(100_000)}}` },
  { title: 'a body with a prototype', body: '{"__proto__":{"role":"admin"},"lines":[]}' },
  { title: 'a body that is not UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
  { title: 'a body that is said to be gzip and is not', body: 'plain', headers: { 'content-encoding': 'gzip' } },
  { title: 'a body in an encoding nobody knows', body: '{}', headers: { 'content-encoding': 'zebra' } },
  {
    title: 'a small body that grows beyond the limit',
    body: gzipSync(Buffer.alloc(5_000_000, 32)),
    headers: { 'content-encoding': 'gzip' },
  },
  {
    title: 'a body in a character set nobody knows',
    body: '{}',
    headers: { 'content-type': 'application/json; charset=zebra' },
  },
  {
    title: 'an event named in another script',
    method: 'PUT',
    path: '/orders/:order/status',
    body: JSON.stringify({ move: 'confirm', event: 'ঘটনা' }),
  },
  {
    title: 'a bank id in another script',
    method: 'POST',
    path: '/orders/:order/payments',
    body: JSON.stringify({ method: 'bank', transactionId: 'ক' }),
  },
  { title: 'a preview spelled in another way', path: '/orders?dryRun=1', body: order({}) },
  { title: 'a preview asked for twice', path: '/orders?dryRun=true&dryRun=true', body: order({}) },
  { title: 'a key with a space', body: order({}), headers: { 'idempotency-key': 'a b' } },
  {
    title: 'a line that is not there',
    method: 'PUT',
    path: '/orders/:order/items/nothing/status',
    body: '{"status":"prepared"}',
  },
  { title: 'a payment that is not there', method: 'POST', path: '/payments/nothing/verify', body: '{}' },
];

describe.each(DATABASES)('Strange requests, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let placed: Record<string, any>;
  let keys = 0;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    await stockProduct(app);
    placed = await placeOrder(app, { number: 'ONLY-1' });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function send({
    method = 'POST',
    path = '/orders',
    body,
    headers,
  }: Strange): Promise<{ status: number; body: any }> {
    const response = await fetch(`${app.url}/api/v1${path.replace(':order', placed.id)}`, {
      method,
      body,
      headers: {
        authorization: `Bearer ${app.apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': `strange-${(keys += 1)}`,
        ...headers,
      },
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  it.each(STRANGE)('such as $title are the caller’s to mend, and keep nothing', async (strange) => {
    const answer = await send(strange);
    expect(answer.body).toMatchObject({
      status: answer.status,
      code: expect.any(String),
      requestId: expect.any(String),
    });
    expect([answer.status >= 400 && answer.status < 500, answer.body.code]).toEqual([true, answer.body.code]);
    const { body } = await app.get('/orders');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].version).toBe(placed.version);
  });

  it('with headers of any kind are answered, and the headers kept as far as they fit', async () => {
    const headers = {
      'x-event-id': 'e'.repeat(300),
      'x-workflow-id': 'w'.repeat(300),
      'x-workflow-node': '\u00e9'.repeat(300),
      'x-workflow-execution-id': 'x'.repeat(300),
    };
    const answer = await app.put(`/orders/${placed.id}`, { notes: 'a letter 😀 and :colon ?mark' }, { headers });
    expectStatus(answer, 200);
    expect((await app.get(`/orders/${placed.id}`)).body.notes).toBe('a letter 😀 and :colon ?mark');
    placed = answer.body;
  });
});

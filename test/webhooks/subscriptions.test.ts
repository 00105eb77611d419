import { openWebhooks, type Webhooks } from './open-webhooks';

let webhooks: Webhooks;
const url = 'http://localhost:5678/webhook/7e1c/orders';

beforeEach(async () => {
  webhooks = await openWebhooks();
});

afterEach(() => webhooks.close());

it('answers a new subscription with its secret, and lists it without', async () => {
  const { status, body } = await webhooks.call('POST', '/webhooks', { url, events: ['order.*'] });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    url,
    events: ['order.*'],
    storeId: null,
    secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
  });
  const listed = await webhooks.call('GET', `/webhooks?url=${encodeURIComponent(url)}`);
  expect(listed.body.items).toMatchObject([{ id: body.id, url, secretHint: expect.stringContaining('…') }]);
  expect(JSON.stringify(listed.body)).not.toContain(String(body.secret));
});

it('lets the same address change its topics and keeps its secret', async () => {
  const first = await webhooks.call('POST', '/webhooks', { url, events: ['order.*'] });
  const again = await webhooks.call('POST', '/webhooks', { url, events: ['stock.low'] });
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ id: first.body.id, secret: first.body.secret, events: ['stock.low'] });
  expect((await webhooks.call('GET', '/webhooks')).body.items).toHaveLength(1);
});

it('takes a secret that the receiver made', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect((await webhooks.call('POST', '/webhooks', { url, events: ['*'], secret })).body.secret).toBe(secret);
});

it('finds by address, and forgets on delete', async () => {
  const { body } = await webhooks.call('POST', '/webhooks', { url, events: ['*'] });
  expect((await webhooks.call('GET', '/webhooks?url=http://other.example/')).body.items).toEqual([]);
  expect((await webhooks.call('DELETE', `/webhooks/${body.id}`)).body).toEqual({ deleted: true });
  expect((await webhooks.call('GET', '/webhooks')).body.items).toEqual([]);
  expect(await webhooks.call('DELETE', `/webhooks/${body.id}`)).toMatchObject({
    status: 404,
    body: { code: 'WEBHOOK_NOT_FOUND' },
  });
});

it.each([
  ['a scheme other than http', { url: 'ftp://example.com/x', events: ['*'] }],
  ['no address', { url: 'orders', events: ['*'] }],
  ['a password in the address', { url: 'http://me:pw@example.com/', events: ['*'] }],
  ['no topic', { url, events: [] }],
  ['an impossible topic', { url, events: ['order.*.x'] }],
  ['a weak secret', { url, events: ['*'], secret: 'whsec_c2hvcnQ=' }],
])('refuses %s with a sentence', async (_what, body) => {
  const answer = await webhooks.call('POST', '/webhooks', body);
  expect(answer).toMatchObject({
    status: 422,
    body: { code: 'VALIDATION_FAILED', errors: [{ path: expect.any(String) }] },
  });
});

it('binds a store’s key to its store, and hides other stores’ subscriptions from it', async () => {
  expect((await webhooks.call('POST', '/webhooks', { url, events: ['*'] }, 'dhaka')).body.storeId).toBe('dhaka');
  const all = await webhooks.call('POST', '/webhooks', { url, events: ['*'] });
  expect(all).toMatchObject({ status: 201, body: { storeId: null } });
  expect((await webhooks.call('GET', '/webhooks', undefined, 'dhaka')).body.items).toHaveLength(1);
  expect((await webhooks.call('DELETE', `/webhooks/${all.body.id}`, undefined, 'dhaka')).status).toBe(404);
  expect((await webhooks.call('POST', '/webhooks', { url, events: ['*'] }, 'two')).body.code).toBe('STORE_REQUIRED');
  expect((await webhooks.call('POST', '/webhooks', { url, events: ['*'], storeId: 'main' }, 'dhaka')).body.code).toBe(
    'STORE_NOT_ALLOWED',
  );
  expect((await webhooks.call('POST', '/webhooks', { url, events: ['*'] }, 'cashier')).body.code).toBe(
    'ROLE_NOT_ALLOWED',
  );
});

it('writes subscribing into the audit without the secret', async () => {
  const { body } = await webhooks.call('POST', '/webhooks', { url, events: ['*'] });
  const audit = await webhooks.call('GET', '/audit?action=webhook.*');
  expect(audit.body.items).toMatchObject([{ action: 'webhook.subscribe', subject: { id: body.id }, after: { url } }]);
  expect(JSON.stringify(audit.body)).not.toContain('whsec_');
});

import { createHmac } from 'node:crypto';
import { HookContext, WebhookContext } from 'n8n-core';
import type { IDataObject, IWebhookData, Workflow } from 'n8n-workflow';
import { startTestApp, type TestApp } from '../support/app';
import { isGenuine } from '../../nodes/OrderTrigger/signature';
import { N8nRunner, workflowOf } from './n8n-runner';

const SECRET = `whsec_${Buffer.from('a secret of enough bytes').toString('base64')}`;
const NOW_MS = Date.parse('2026-11-20T09:00:00Z');

function sign(body: string, { id = 'evt_1', seconds = NOW_MS / 1000, secret = SECRET } = {}): IDataObject {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}

describe('A signature', () => {
  const rawBody = Buffer.from('{"id":"evt_1"}');
  const genuine = sign(rawBody.toString());
  const check = (headers: IDataObject, body: Buffer = rawBody) => isGenuine({ headers, rawBody: body }, SECRET, NOW_MS);

  it('fits the message it was made for', () => expect(check(genuine)).toBe(true));
  it('may stand among others, as while a secret is changed', () =>
    expect(check({ ...genuine, 'webhook-signature': `v1,AAAA ${genuine['webhook-signature']} v2,xx` })).toBe(true));
  it.each([
    ['another body', genuine, Buffer.from('{"id":"evt_2"}')],
    ['another id', { ...genuine, 'webhook-id': 'evt_2' }, rawBody],
    [
      'another secret',
      sign(rawBody.toString(), { secret: `whsec_${Buffer.from('another').toString('base64')}` }),
      rawBody,
    ],
    ['an old message', sign(rawBody.toString(), { seconds: NOW_MS / 1000 - 301 }), rawBody],
    ['a message from the future', sign(rawBody.toString(), { seconds: NOW_MS / 1000 + 301 }), rawBody],
    ['another moment', { ...genuine, 'webhook-timestamp': String(NOW_MS / 1000 + 1) }, rawBody],
    ['no time', { ...genuine, 'webhook-timestamp': 'soon' }, rawBody],
    [
      'an unknown scheme',
      { ...genuine, 'webhook-signature': String(genuine['webhook-signature']).replace('v1,', 'v1a,') },
      rawBody,
    ],
    ['no headers', {}, rawBody],
  ])('does not fit %s', (_what, headers, body) => expect(check(headers, body)).toBe(false));
});

describe('The Order Trigger', () => {
  let app: TestApp;
  let n8n: N8nRunner;
  let workflow: Workflow;

  beforeAll(async () => {
    app = await startTestApp();
    n8n = await N8nRunner.start(app);
  });
  afterAll(() => app.close());
  beforeEach(() => {
    const trigger = { ...n8n.node('orderTrigger', { events: ['order.placed'] }), name: 'Orders', webhookId: 'hook-1' };
    workflow = n8n.open(workflowOf([trigger], {}));
  });

  const node = () => workflow.getNode('Orders') ?? n8n.node('orderTrigger', {});
  const type = () => n8n.nodeTypes.getByNameAndVersion(node().type);
  const webhookData = { webhookDescription: type0() } as unknown as IWebhookData;
  function type0(): object {
    return { name: 'default', path: 'orderloom', httpMethod: 'POST' };
  }
  const hook = (name: 'checkExists' | 'create' | 'delete', activation: 'activate' | 'manual' = 'activate') => {
    const context = new HookContext(workflow, node(), n8n.additionalData('1'), 'trigger', activation, webhookData);
    return type().webhookMethods?.default?.[name]?.call(context);
  };
  const memory = () => workflow.getStaticData('node', node()) as { secret?: string };
  const subscriptions = async () =>
    (await app.get('/webhooks')).body.items as {
      id: string;
      url: string;
      events: string[];
      expiresAt: string | null;
    }[];

  /** Delivers a body; answers the status of a refusal, or the item that starts the run. */
  async function deliver(body: IDataObject, headers: IDataObject): Promise<{ status?: number; json?: IDataObject }> {
    const additional = n8n.additionalData('1');
    let status: number | undefined;
    const response = {
      status: (code: number) => ((status = code), response),
      send: () => response,
      end: () => response,
    };
    additional.httpRequest = {
      body,
      headers,
      rawBody: Buffer.from(JSON.stringify(body)),
    } as unknown as typeof additional.httpRequest;
    additional.httpResponse = response as unknown as typeof additional.httpResponse;
    const context = new WebhookContext(workflow, node(), additional, 'trigger', webhookData, [], null);
    const answer = await type().webhook?.call(context);
    return { status, json: answer?.workflowData?.[0]?.[0]?.json };
  }

  it('subscribes on publish, knows it, and unsubscribes', async () => {
    expect(await hook('checkExists')).toBe(false);
    await hook('create');
    expect(await subscriptions()).toMatchObject([
      { events: ['order.placed'], expiresAt: null, url: expect.stringContaining('/webhook/hook-1/orderloom') },
    ]);
    expect(memory().secret).toMatch(/^whsec_/);
    expect(await hook('checkExists')).toBe(true);
    await hook('delete');
    expect(await subscriptions()).toEqual([]);
    expect(memory().secret).toBeUndefined();
    await hook('delete');
  });

  it('subscribes again when the events change, the secret is lost, or the service forgot', async () => {
    await hook('create');
    const { secret } = memory();
    node().parameters.events = ['order.placed', 'order.cancelled'];
    expect(await hook('checkExists')).toBe(false);
    await hook('create');
    expect((await subscriptions())[0]?.events).toEqual(['order.placed', 'order.cancelled']);
    delete memory().secret;
    expect(await hook('checkExists')).toBe(false);
    await hook('create');
    expect(memory().secret).toBe(secret);
    await app.call('DELETE', `/webhooks/${(await subscriptions())[0]?.id}`);
    expect(await hook('checkExists')).toBe(false);
    await hook('create');
    expect(await subscriptions()).toHaveLength(1);
    await hook('delete');
  });

  it('lets a test subscription end by itself', async () => {
    await hook('create', 'manual');
    expect((await subscriptions())[0]?.expiresAt).not.toBeNull();
    await hook('delete');
  });

  it('says why when the key may not subscribe', async () => {
    const reader = await N8nRunner.start({ url: app.url, apiKey: await app.keyFor('reporting', ['main']) });
    const context = new HookContext(workflow, node(), reader.additionalData('1'), 'trigger', 'activate', webhookData);
    await expect(type().webhookMethods?.default?.create.call(context)).rejects.toMatchObject({
      httpCode: '403',
      message: expect.stringContaining('role'),
    });
  });

  it('starts a run with the event, and refuses what is not signed by the service', async () => {
    await hook('create');
    const data = { order: { id: 'O1', number: '1001', status: 'pending', version: 1 }, final: false };
    const body = { id: 'evt_5', type: 'order.placed', timestamp: '2026-11-20T09:00:00Z', data };
    const signed = sign(JSON.stringify(body), {
      id: 'evt_5',
      seconds: Math.floor(Date.now() / 1000),
      secret: memory().secret,
    });
    expect(await deliver(body, signed)).toEqual({
      status: undefined,
      json: { eventId: 'evt_5', event: 'order.placed', occurredAt: body.timestamp, ...data },
    });
    expect(await deliver({ ...body, id: 'evt_6' }, signed)).toEqual({ status: 401, json: undefined });
    delete memory().secret;
    expect(await deliver(body, signed)).toEqual({ status: 401, json: undefined });
    await hook('delete');
  });
});

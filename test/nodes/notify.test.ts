import { MESSAGE_OPTIONS } from '../../nodes/NotifyCustomer/messageOptions';
import { managementMessages } from '../../server/notifications';
import { CUSTOMER_MESSAGES } from '../../server/notifications/customer-messages';
import type { TestApp } from '../support/app';
import { placeOrder } from '../support/shop';
import { openPost, type Post } from '../notifications/open-post';
import { N8nRunner } from './n8n-runner';

describe('The steps that tell people, against the service', () => {
  let post: Post;
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    post = await openPost('sqlite');
    app = post.app;
    n8n = await N8nRunner.start(app);
    const manager = { name: 'Maya', role: 'store_manager', email: 'maya@shop.example.com' };
    await app.post('/users', manager);
  });
  afterAll(() => post.close());

  const place = (more: Record<string, unknown> = {}) => placeOrder(app, { paymentMethod: 'cod', ...more });
  const itemOf = ({ id, number, status, version }: Record<string, any>, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });

  describe('Notify Customer', () => {
    it('offers every message of the service, and no other', () => {
      expect(MESSAGE_OPTIONS.map(({ value }) => value).sort()).toEqual([...CUSTOMER_MESSAGES].sort());
    });

    it('tells each customer once, however often the run is started for the event', async () => {
      const orders = [await place(), await place()];
      const items = orders.map((order, n) => itemOf(order, { eventId: `evt_tell_${n}`, kept: n }));
      const run = () => n8n.runNode('notifyCustomer', { message: 'order_received', note: 'See you' }, items);
      const { outputs } = await run();
      expect(outputs[0]).toMatchObject([
        { json: { kept: 0, order: { id: orders[0]?.id }, notification: { status: 'queued', changed: true } } },
        { json: { kept: 1, notification: { recipient: 'r…@example.com' } }, pairedItem: { item: 1 } },
      ]);
      expect((await run()).outputs[0]).toHaveLength(2);
      const other = itemOf(orders[0]!, { eventId: 'evt_other' });
      const again = await n8n.runNode('notifyCustomer', { message: 'order_received' }, [other]);
      expect(again.outputs[0]?.[0]?.json.notification).toMatchObject({ changed: false });
      await app.settled();
      for (const { number } of orders) expect(post.mails(number)).toHaveLength(1);
    });

    it('keeps to the first words when the same event brings others', async () => {
      const item = itemOf(await place(), { eventId: 'evt_words' });
      const say = (note: string) => n8n.runNode('notifyCustomer', { message: 'order_received', note }, [item]);
      await say('at noon');
      expect((await say('at one')).outputs[0]?.[0]?.json.notification).toMatchObject({ note: 'at noon' });
    });

    it('sends again on purpose, once for each event', async () => {
      const order = await place();
      const tell = (eventId: string, resend: boolean) =>
        n8n.runNode('notifyCustomer', { message: 'order_received', options: { resend } }, [itemOf(order, { eventId })]);
      await tell('evt_a', false);
      await tell('evt_b', true);
      await tell('evt_b', true);
      await app.settled();
      expect(post.mails(order.number)).toHaveLength(2);
    });

    it('sends who cannot be told by its own output, with the code', async () => {
      const silent = await place({ customer: { name: 'Karim', phone: '01700000000' } });
      const items = [itemOf(silent), itemOf(await place())];
      const { outputs, run } = await n8n.runNode('notifyCustomer', { message: 'order_received' }, items);
      expect(run.status).toBe('success');
      expect(outputs[0]).toHaveLength(1);
      expect(outputs[1]).toMatchObject([
        {
          json: { order: { id: silent.id }, notification: { code: 'CUSTOMER_UNREACHABLE', hasPhone: true } },
          pairedItem: { item: 0 },
        },
      ]);
      const early = await n8n.runNode('notifyCustomer', { message: 'shipped' }, [itemOf(silent)]);
      expect(early.outputs[1]?.[0]?.json.notification).toMatchObject({
        code: 'MESSAGE_NOT_DUE',
        orderStatus: 'pending',
      });
    });

    it('says that a message asked for before could not arrive', async () => {
      const order = await place({ customer: { name: 'Gone', email: 'gone@example.com' } });
      const tell = (eventId: string) =>
        n8n.runNode('notifyCustomer', { message: 'order_received' }, [itemOf(order, { eventId })]);
      expect((await tell('evt_c')).outputs[0]).toHaveLength(1);
      await app.settled();
      expect((await tell('evt_d')).outputs[1]?.[0]?.json.notification).toMatchObject({
        code: 'MESSAGE_FAILED',
        error: expect.stringContaining('No such mailbox'),
      });
    });

    it('previews without a trace', async () => {
      const order = await place();
      const { outputs } = await n8n.runNode('notifyCustomer', { message: 'order_received', previewOnly: true }, [
        itemOf(order),
      ]);
      expect(outputs[0]?.[0]?.json.preview).toMatchObject({ effects: { messages: [{ to: 'r…@example.com' }] } });
      expect((await app.get(`/orders/${order.id}`)).body.messages).toEqual([]);
    });

    it('fails on what is a mistake, with the service’s sentence', async () => {
      const { run } = await n8n.runNode('notifyCustomer', {}, [{ order: { id: 'GHOST' } }]);
      expect(run.status).toBe('error');
      expect(run.data.resultData.error?.message).toContain('There is no order "GHOST"');
    });
  });

  describe('Notify Management', () => {
    beforeAll(() => {
      managementMessages.add('report', (_ctx, { storeId, date = 'today' }) =>
        Promise.resolve({
          key: `report:${date}`,
          template: 'emails/notice',
          data: { storeName: storeId, subject: `Report of ${date}`, text: 'All is well.', sender: 'the report' },
        }),
      );
    });

    it('sends the report of the day on the item, once', async () => {
      const items = [{ summary: { date: '2026-11-19' }, kept: true }];
      const { outputs } = await n8n.runNode('notifyManagement', {}, items);
      expect(outputs[0]?.[0]).toMatchObject({
        json: { kept: true, notification: { message: 'report', recipients: ['m…@shop.example.com'], changed: true } },
        pairedItem: { item: 0 },
      });
      const again = await n8n.runNode('notifyManagement', {}, items);
      expect(again.outputs[0]?.[0]?.json.notification).toMatchObject({ changed: false });
      await app.settled();
      expect(post.mails('Report of 2026-11-19')).toHaveLength(1);
    });

    it('sends the report of the service’s own day where the item has none', async () => {
      await n8n.runNode('notifyManagement', { role: 'store_manager' }, [{}]);
      await app.settled();
      expect(post.mails('Report of today')).toHaveLength(1);
    });

    it('takes the day of a time that an expression gives', async () => {
      await n8n.runNode('notifyManagement', { date: '={{ DateTime.fromISO("2026-11-18T09:00:00") }}' }, [{}]);
      await app.settled();
      expect(post.mails('Report of 2026-11-18')).toHaveLength(1);
      expect(post.mails('2026-11-18T')).toEqual([]);
    });

    it('sends a notice once for each event, also when its words differ', async () => {
      const item = { eventId: 'evt_low_stock' };
      const tell = (text: string) =>
        n8n.runNode('notifyManagement', { message: 'notice', subject: 'Low stock', text }, [item]);
      expect((await tell('3 left')).outputs[0]?.[0]?.json.notification).toMatchObject({ status: 'queued' });
      expect((await tell('2 left')).outputs[0]).toHaveLength(1);
      await app.settled();
      expect(post.mails('Low stock')).toMatchObject([
        { to: 'maya@shop.example.com', text: expect.stringContaining('3 left') },
      ]);
    });

    it('goes to addresses of people who work there, and by "Failed" when there are none', async () => {
      const words = { message: 'notice', subject: 'Hello', text: 'Good morning' };
      const to = (addresses: string) =>
        n8n.runNode('notifyManagement', { ...words, options: { to: addresses } }, [{ eventId: `evt_${addresses}` }]);
      expect((await to('Maya@shop.example.com, ')).outputs[0]?.[0]?.json.notification).toMatchObject({
        recipients: ['m…@shop.example.com'],
      });
      expect((await to('stranger@example.com')).outputs[1]?.[0]?.json.notification).toMatchObject({
        code: 'NO_RECIPIENTS',
      });
      const nobody = await n8n.runNode('notifyManagement', { ...words, role: 'cashier' }, [{}]);
      expect(nobody.outputs[1]?.[0]?.json.notification).toMatchObject({ code: 'NO_RECIPIENTS', roles: ['cashier'] });
    });
  });
});

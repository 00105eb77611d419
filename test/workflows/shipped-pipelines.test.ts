import { bkashId } from '../support/shop';
import { eventually } from '../support/eventually';
import { OWNER } from '../support/n8n';
import { MANAGER, PipelineShop } from './pipeline-shop';
import type { Json } from './runs';
import { isClosedToStrangers, Staff } from './staff-form';

const RECEIVED = 'olOrderReceived';
const PAYMENT = 'olPaymentVerification';
const PAYMENT_FORM = 'orderloom-payment';
const CANCEL_FORM = 'orderloom-cancel';
const DAY_MS = 24 * 3_600_000;
const TICKS = 3;

/** Each shipped pipeline started as the outside starts it: by an event, a form, a clock. */
describe('The shipped pipelines in the real n8n', () => {
  let shop: PipelineShop;
  let staff: Staff;

  beforeAll(async () => {
    shop = await PipelineShop.open(['order-received.json', 'payment-verification.json', 'order-cancellation.json']);
    staff = await Staff.logIn(shop.n8n);
  }, 240_000);
  afterAll(() => shop?.close());

  const subjectsOf = async (order: Json): Promise<string[]> =>
    (await shop.customerMails(order)).map(({ subject }) => subject);
  const toldTheManager = async (about: RegExp): Promise<number> =>
    (await shop.mails(MANAGER)).filter(({ subject }) => about.test(subject)).length;
  const howToPay = expect.stringMatching(/pay/i);

  async function expectConfirmedOnce(order: Json): Promise<void> {
    expect(await shop.floor.countActions(order, 'order.confirm')).toEqual({ 'order.confirm': 1 });
    expect(await shop.floor.call('GET', '/incidents?status=open')).toMatchObject({ items: [] });
    await shop.expectBooksAgree();
  }

  describe('order-received and payment-verification', () => {
    it('confirm cash on delivery at once, and announce the order to the manager once', async () => {
      const order = await shop.place();
      expect(await shop.untilStatus(order, 'confirmed')).toMatchObject({ paymentStatus: 'cod_due' });
      expect(await subjectsOf(order)).toEqual([]);
      expect(await toldTheManager(new RegExp(`New order ${order.number}`))).toBe(1);
      expect(await shop.entriesOf(order)).toEqual(['placed']);
      await shop.expectMovedByPipeline(order, { 'order.confirm': RECEIVED });
      await expectConfirmedOnce(order);
    }, 240_000);

    it('both see a payment that came with its order, and are both content: it is confirmed once', async () => {
      const order = await shop.placePaid();
      expect(await shop.untilStatus(order, 'confirmed')).toMatchObject({ paymentStatus: 'paid' });
      expect(await subjectsOf(order)).toEqual([]);
      expect(await shop.entriesOf(order)).toEqual(['paid', 'placed']);
      await expectConfirmedOnce(order);
    }, 240_000);

    it('tell how to pay, and confirm when the customer reports the transfer later', async () => {
      const order = await shop.place({ paymentMethod: 'nagad' });
      expect(await subjectsOf(order)).toEqual([howToPay]);
      expect(await shop.order(order)).toMatchObject({ status: 'pending' });
      const transfer = { method: 'nagad', transactionId: bkashId(), result: 'submitted' };
      await shop.floor.call('POST', `/orders/${order.id}/payments`, transfer);
      expect(await shop.untilStatus(order, 'confirmed')).toMatchObject({ paymentStatus: 'paid' });
      await shop.expectMovedByPipeline(order, { 'order.confirm': PAYMENT });
      expect(await subjectsOf(order)).toEqual([howToPay]);
      await expectConfirmedOnce(order);
    }, 240_000);

    it('wait for the rest when a part is paid', async () => {
      const order = await shop.place({ paymentMethod: 'bkash' });
      const pay = (amountMinor: number): Promise<Json> =>
        shop.floor.call('POST', `/orders/${order.id}/payments`, {
          method: 'bkash',
          transactionId: bkashId(),
          amountMinor,
          acceptDifference: true,
        });
      await pay(order.totalMinor - 100);
      await shop.untilQuiet();
      expect(await shop.order(order)).toMatchObject({ status: 'pending', paymentStatus: 'partially_paid' });
      await pay(100);
      await shop.untilStatus(order, 'confirmed');
      expect(await subjectsOf(order)).toEqual([howToPay]);
      await expectConfirmedOnce(order);
    }, 240_000);

    it('take what staff types into the form, and say why when it does not fit', async () => {
      const order = await shop.place({ paymentMethod: 'bkash' });
      const transactionId = bkashId();
      const wrong = await staff.submit(PAYMENT_FORM, [order.number, 'bkash', transactionId, '1.00']);
      expect(wrong).toContain(`Not recorded for order ${order.number}`);
      expect(await shop.order(order)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });
      expect(await staff.submit(PAYMENT_FORM, [` ${order.number} `, 'bkash', transactionId, ''])).toContain('paid');
      await shop.untilStatus(order, 'confirmed');
      expect(await subjectsOf(order)).toEqual([howToPay]);
      const other = await shop.place({ paymentMethod: 'bkash' });
      const used = await staff.submit(PAYMENT_FORM, [other.number, 'bkash', transactionId, '']);
      expect(used).toContain(`Not recorded for order ${other.number}`);
      for (const { number } of [order, other]) {
        expect(await toldTheManager(new RegExp(`Payment of order ${number} does not fit`))).toBe(1);
      }
      expect(await staff.submit(PAYMENT_FORM, ['no-such', 'bkash', bkashId(), ''])).toContain('no-such');
      await expectConfirmedOnce(order);
    }, 240_000);

    it('take nothing from somebody who is not logged in', async () => {
      for (const form of [PAYMENT_FORM, CANCEL_FORM]) expect(await isClosedToStrangers(shop.n8n, form)).toBe(true);
    });
  });

  describe('order-cancellation', () => {
    const asked = ['ordered twice', 'phone call from 01700000000'];

    it('cancels by the form: goods free, money owed back decided, customer told once', async () => {
      const before = await shop.floor.stock();
      const order = await shop.placePaid();
      await shop.untilStatus(order, 'confirmed');
      await shop.untilQuiet();
      const answer = await staff.submit(CANCEL_FORM, [order.number, 'customer_requested', ...asked]);
      expect(answer).toContain(`Order ${order.number} is cancelled`);
      expect(await subjectsOf(order)).toEqual([expect.stringMatching(/cancelled/i)]);
      expect(await shop.order(order)).toMatchObject({ status: 'cancelled', paymentStatus: 'refund_due' });
      expect(await shop.floor.stock()).toEqual(before);
      expect(await shop.entriesOf(order)).toEqual(['cancelled', 'paid', 'placed']);
      const refunds = shop.read('SELECT status, amount_minor FROM refunds WHERE order_id = :orderId', {
        orderId: order.id,
      });
      expect(refunds).toMatchObject([{ amount_minor: order.totalMinor }]);
      await shop.expectMovedByPipeline(order, { 'order.cancel': 'olOrderCancellation' });
      await shop.expectBooksAgree();
    }, 240_000);

    it('goes on from a cancellation that came by the API, and leaves alone a customer who is not to be told', async () => {
      const [told, untold] = [await shop.place(), await shop.place()];
      for (const order of [told, untold]) await shop.untilStatus(order, 'confirmed');
      for (const [order, notify] of [
        [told, true],
        [untold, false],
      ] as const) {
        await shop.floor.call('POST', `/orders/${order.id}/cancel`, {
          reason: 'operational',
          note: 'sold out',
          notify,
        });
      }
      expect(await subjectsOf(told)).toEqual([expect.stringMatching(/cancelled/i)]);
      expect(await subjectsOf(untold)).toEqual([]);
      await eventually(
        'the case to be closed',
        async () => (await shop.order(told)).cancellation.status === 'completed',
      );
      await shop.expectBooksAgree();
    }, 240_000);

    it('asks a manager on the form while somebody works on the order, and goes on once they approve', async () => {
      const order = await shop.placePaid();
      await shop.untilStatus(order, 'confirmed');
      await shop.floor.call('PUT', `/orders/${order.id}/status`, { move: 'process' });
      const task = { kind: 'picking', orderId: order.id, assigneeEmail: 'picker@example.com' };
      await shop.floor.call('POST', '/tasks', task);
      const answer = await staff.submit(CANCEL_FORM, [order.number, 'customer_requested', ...asked]);
      expect(answer).toContain(`A manager has been asked about order ${order.number}`);
      expect(answer).toContain('(customer requested)');
      expect((await shop.order(order)).status).toBe('processing');
      expect((await shop.mails('picker@example.com')).map(({ subject }) => subject)).toContain(
        `Stop: order ${order.number}`,
      );
      const { items } = await shop.floor.call('GET', `/cancellation-requests?orderId=${order.id}`);
      await shop.floor.call('POST', `/cancellation-requests/${items[0].id}/decision`, { decision: 'approve' });
      await shop.untilStatus(order, 'cancelled');
      await shop.untilQuiet();
      expect(await subjectsOf(order)).toEqual([expect.stringMatching(/cancelled/i)]);
      // Who asked is who is logged in.
      expect((await shop.mails(OWNER.editorEmail))[0]?.subject).toContain(`Order ${order.number} is cancelled`);
      await shop.expectBooksAgree();
    }, 240_000);

    it('says on the form what cannot be cancelled, and why', async () => {
      const order = await shop.place();
      await shop.untilStatus(order, 'confirmed');
      for (const move of ['process', 'fulfill'])
        if (move === 'fulfill') {
          const { lines } = await shop.order(order);
          await shop.floor.call('PUT', `/orders/${order.id}/items/${lines[0].id}/status`, { status: 'prepared' });
          await shop.floor.call('PUT', `/orders/${order.id}/status`, { move });
        } else await shop.floor.call('PUT', `/orders/${order.id}/status`, { move });
      await shop.floor.call('PUT', `/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
      const late = await staff.submit(CANCEL_FORM, [order.number, 'operational', 'too late', '']);
      expect(late).toMatch(/on its way/i);
      expect(await staff.submit(CANCEL_FORM, ['no-such', 'operational', 'who?', ''])).toContain('no-such');
      const open = await shop.place();
      const noContact = await staff.submit(CANCEL_FORM, [open.number, 'customer_requested', 'asked', '']);
      expect(noContact).toContain('give the phone or e-mail they asked from');
      expect((await shop.order(order)).status).toBe('shipped');
      expect((await shop.order(open)).status).not.toBe('cancelled');
    }, 240_000);
  });

  it('daily-report sends one report for a day, however often its clock strikes', async () => {
    const yesterday = new Date(Date.now() - DAY_MS).toISOString();
    await shop.place({ placedAt: yesterday });
    const often = shop.changed('daily-report.json', ({ nodes }) => {
      const clock = (nodes as Json[]).find(({ type }) => type.endsWith('.scheduleTrigger'));
      clock!.parameters.rule = { interval: [{ field: 'seconds', secondsInterval: 2 }] };
    });
    await shop.n8n.publish([often]);
    const report = await shop.untilMail(MANAGER, /revenue/);
    await eventually('the clock to strike again', async () => {
      const runs = await shop.n8n.executions('olDailyReport');
      return runs.filter(({ status }) => status === 'success').length >= TICKS;
    });
    const same = (await shop.mails(MANAGER)).filter(({ subject }) => subject === report.subject);
    expect(same).toHaveLength(1);
    expect(report.subject).toContain('BDT 1,000.00 revenue, 1 order');
    expect((await shop.n8n.executions('olDailyReport')).some(({ status }) => status === 'error')).toBe(false);
  }, 240_000);
});

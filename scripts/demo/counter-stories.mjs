import { cancelledWhenReady, handedOver, hasTask, readyThen, toldHowToPay } from './acts.mjs';

/** What may happen to an order at a counter; written as in `stories.mjs`. */
export const counterStories = {
  cash: {
    title: 'Picked, paid at the till, handed over',
    place: { by: 'pickup', pays: 'cash' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: handedOver,
  },
  wallet: {
    title: 'Paid by wallet, handed over',
    place: { by: 'pickup', pays: 'wallet' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: handedOver,
  },
  notCollected: {
    title: 'Nobody came for it yet',
    place: { by: 'pickup', pays: 'cash' },
    ends: { status: 'ready_for_pickup', paymentStatus: 'unpaid' },
    play: ({ order, counter }) => readyThen(order, () => counter.noteAbsence(order)),
  },
  cancelledWhilePicked: {
    title: 'Cancelled while it is picked',
    place: { by: 'pickup', pays: 'cash' },
    picker: 'leave',
    ends: { status: 'cancelled' },
    play: async ({ order, desk }) => {
      await order.until('its picking task', () => hasTask(order, 'picking'));
      await desk.cancel(order, 'Bought it on the way');
    },
  },
  wrongCode: {
    title: 'A wrong code first, then the right one',
    place: { by: 'pickup', pays: 'cash' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: ({ order, desk, counter }) =>
      readyThen(order, async () => {
        await desk.takePayment(order);
        await counter.handOverAtSecondTry(order);
      }),
  },
  grownUps: {
    title: 'For grown-ups only; a document was looked at',
    place: { by: 'pickup', pays: 'cash', buys: 'ageRestricted' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: async ({ order, desk, counter }) => {
      await desk.askAge(order);
      await readyThen(order, async () => {
        await desk.takePayment(order);
        await counter.handOver(order, { documentKind: 'national_id' });
      });
    },
  },
  readyCancelled: {
    title: 'Picked and paid, then cancelled; refunded',
    place: { by: 'pickup', pays: 'wallet' },
    ends: { status: 'cancelled', paymentStatus: 'refunded' },
    play: cancelledWhenReady,
  },
  payLater: {
    title: 'No transaction ID; the cashier finds the money',
    place: { by: 'pickup', pays: 'wallet', gives: 'nothing' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: async ({ order, desk, counter }) => {
      await toldHowToPay(order);
      await desk.findPayment(order);
      await handedOver({ order, desk, counter });
    },
  },
};

/** What a counter sees most. */
export const COUNTER_OFTEN = ['cash', 'wallet', 'cash', 'wrongCode', 'cash'];

import { cancelledWhenReady, handedOver, hasTask, toldHowToPay } from './acts.mjs';

/**
 * What may happen to an order in a shop, and how it ends. `place` is what the customer orders, `picker` what the floor
 * does with its picking, `play` what people do beside the pipelines.
 */
export const stories = {
  wallet: {
    title: 'Paid by wallet, delivered',
    place: { pays: 'wallet' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: ({ order, courier }) => shippedThen(order, () => courier.deliver(order)),
  },
  codRemitted: {
    title: 'Cash on delivery, collected and paid out',
    place: { pays: 'cod' },
    ends: { status: 'completed' },
    play: ({ order, courier, desk }) =>
      shippedThen(order, async () => {
        await courier.deliver(order);
        await order.untilStatus('delivered');
        await desk.remit(order);
      }),
  },
  counter: {
    title: 'Collected and paid at the counter',
    place: { by: 'pickup', pays: 'cash' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: handedOver,
  },
  shortPick: {
    title: 'One unit missing on the shelf, refunded',
    place: { pays: 'wallet' },
    picker: 'short',
    ends: { status: 'completed' },
    play: async ({ order, courier, desk }) => {
      await order.until('its short picking', () => hasTask(order, 'picking', ({ outcome }) => outcome === 'short'));
      await desk.payBackMissing(order);
      await shippedThen(order, () => courier.deliver(order));
    },
  },
  paidCancelled: {
    title: 'Paid, cancelled while it is picked, refunded',
    place: { pays: 'wallet' },
    picker: 'leave',
    ends: { status: 'cancelled', paymentStatus: 'refunded' },
    play: async ({ order, desk }) => {
      await order.until('its picking task', () => hasTask(order, 'picking'));
      await desk.cancel(order, 'Ordered twice by mistake');
      await desk.refundCancelled(order);
    },
  },
  codWithCourier: {
    title: 'Cash on delivery, still with the courier',
    place: { pays: 'cod' },
    ends: { status: 'delivered', paymentStatus: 'cod_collected' },
    play: ({ order, courier }) => shippedThen(order, () => courier.deliver(order)),
  },
  idFound: {
    title: 'No transaction ID; the cashier finds the money',
    place: { pays: 'wallet', gives: 'nothing' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: async ({ order, courier, desk }) => {
      await toldHowToPay(order);
      await desk.findPayment(order);
      await shippedThen(order, () => courier.deliver(order));
    },
  },
  tooLittle: {
    title: 'Too little paid; the customer sends the rest',
    place: { pays: 'wallet', gives: 'nothing' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: async ({ order, courier, desk }) => {
      await toldHowToPay(order);
      await desk.collectTheRest(order);
      await shippedThen(order, () => courier.deliver(order));
    },
  },
  unpaidCancelled: {
    title: 'Cancelled before it was paid',
    place: { pays: 'wallet', gives: 'nothing' },
    ends: { status: 'cancelled' },
    play: async ({ order, desk }) => {
      await toldHowToPay(order);
      await desk.cancel(order, 'Found it cheaper elsewhere');
    },
  },
  refused: {
    title: 'Refused at the door, brought back',
    place: { pays: 'cod' },
    ends: { status: 'returned' },
    play: ({ order, courier }) => shippedThen(order, () => courier.bringBack(order)),
  },
  paidPickup: {
    title: 'Paid by wallet, collected at the counter',
    place: { by: 'pickup', pays: 'wallet' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: handedOver,
  },
  readyCancelled: {
    title: 'Picked, then cancelled; goods back on the shelf',
    place: { by: 'pickup', pays: 'wallet' },
    ends: { status: 'cancelled', paymentStatus: 'refunded' },
    play: cancelledWhenReady,
  },
  staysUnpaid: {
    title: 'No transaction ID; waits for a person',
    place: { pays: 'wallet', gives: 'nothing' },
    ends: { status: 'pending' },
    play: ({ order }) => toldHowToPay(order),
  },
  prepaid: {
    title: 'Paid by card or bank, delivered',
    place: { pays: 'prepaid' },
    ends: { status: 'completed', paymentStatus: 'paid' },
    play: ({ order, courier }) => shippedThen(order, () => courier.deliver(order)),
  },
};

/** What a shop sees most. */
export const OFTEN = ['wallet', 'codRemitted', 'codWithCourier', 'wallet', 'counter', 'codRemitted'];

async function shippedThen(order, next) {
  await order.untilStatus('shipped');
  await next();
}

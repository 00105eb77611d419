/** What stories of every shop are made of. */

export async function readyThen(order, next) {
  await order.untilStatus('ready_for_pickup');
  await next();
}

/** At the counter: money in the till if any is due, then the goods over it. */
export function handedOver({ order, desk, counter }) {
  return readyThen(order, async () => {
    await desk.takePayment(order);
    await counter.handOver(order);
  });
}

/** Picked and paid, and nobody comes for it after all: money and goods go back. */
export function cancelledWhenReady({ order, desk, counter }) {
  return readyThen(order, async () => {
    await counter.codeOf(order);
    await desk.cancel(order, 'Will not come');
    await desk.refundCancelled(order);
    await order.until('the goods to be put back', () => hasTask(order, 'put_back', ({ status }) => status === 'done'));
  });
}

/** Then the pipelines have left the order to its customer. */
export function toldHowToPay(order) {
  return order.until('the mail that says how to pay', async () => {
    const { messages } = await order.read();
    return messages.some(({ message }) => message === 'payment_instructions');
  });
}

export async function hasTask(order, kind, isSo = () => true) {
  const { tasks } = await order.read();
  return tasks.some((task) => task.kind === kind && isSo(task));
}

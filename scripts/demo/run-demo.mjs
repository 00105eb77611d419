import { setTimeout as sleep } from 'node:timers/promises';
import { addProducts, readDemoShop, receiptLine } from '../launcher/demo-shop.mjs';
import { Api } from './api.mjs';
import { Counter } from './counter.mjs';
import { Courier } from './courier.mjs';
import { Desk } from './desk.mjs';
import { nextRun, OrderBook } from './order-book.mjs';
import { OrderInPlay } from './order-in-play.mjs';
import { Patience, TimeUp } from './patience.mjs';
import { Picker } from './picker.mjs';
import { Postbox } from './postbox.mjs';
import { chooseStories } from './repertoires.mjs';
import { takeStock } from './take-stock.mjs';
import { Watch } from './watch.mjs';

/** Below this part of its opening stock a product is bought again before the run. */
const RESTOCK_BELOW = 0.5;
const MAIL_LOOK_EVERY_MS = 1_000;
/** As long as mails keep coming the outbox is at work; then it is done. */
const MAIL_LOOKS_MAX = 15;

/**
 * Sends orders through the pipelines by placing them and playing the people of the shop, and looks at how each ended.
 * @param {object} options
 * @param {{url: string, apiKey: string}} options.service
 * @param {object} [options.shop] as `readDemoShop` answers it; the one that the command line names unless said
 * @param {number} options.count how many orders
 * @param {number} options.limitMs after this time what is still on its way is counted as failed
 * @param {(progress: {ended: number, count: number, byStatus: Record<string, number>,
 *   waiting: {number: string, waitsFor: string}[]}) => void} options.onProgress
 * @returns what became of each order, of the money and of the ledger: see `takeStock`
 */
export async function runDemo({ service, shop = readDemoShop(), count, limitMs, onProgress }) {
  const startedAt = Date.now();
  const api = new Api(service);
  const run = await nextRun(api);
  const book = new OrderBook(shop, run);
  await buyGoods(api, shop, run);

  const patience = new Patience(limitMs);
  const watch = new Watch(api, book.prefix);
  const postbox = await postboxOf(api, book);
  const picker = new Picker(postbox, book.prefix);
  const crew = {
    api,
    watch,
    patience,
    picker,
    courier: new Courier(api),
    counter: new Counter(postbox),
    desk: new Desk(book),
  };
  const orders = chooseStories(count, shop.stories).map(
    (story, place) => new OrderInPlay(crew, { n: place + 1, story, body: book.write(place + 1, story.place) }),
  );
  const underWay = new Set(orders);
  const show = () =>
    onProgress({
      count,
      ended: count - underWay.size,
      byStatus: watch.countByStatus(),
      waiting: [...underWay].map(({ number, waitsFor }) => ({ number, waitsFor })),
    });
  const floor = Promise.all([watch.run(show), picker.run()]);
  const played = orders.map(async (order) => {
    await play(order, crew);
    underWay.delete(order);
  });
  try {
    // A service that is gone for good ends the floor, and that the demonstration.
    await Promise.race([Promise.all(played), floor]);
    await untilMailsRest(postbox);
  } finally {
    patience.end();
    watch.end();
    picker.end();
  }
  await floor;
  await watch.look();
  show();
  return takeStock({
    api,
    orders,
    picker,
    postbox,
    run,
    seconds: Math.round((Date.now() - startedAt) / 1000),
  });
}

async function postboxOf(api, { prefix }) {
  const staff = await api.list('/users');
  return new Postbox(
    api,
    prefix,
    staff.map(({ email }) => email),
  );
}

/** A demonstration takes goods; the shop buys what is running low, so that there can always be another. */
async function buyGoods(api, { products }, run) {
  await addProducts(api, products);
  const available = new Map();
  for (const level of await api.list('/inventory')) {
    available.set(level.sku, (available.get(level.sku) ?? 0) + level.available);
  }
  const low = products.filter(({ sku, openingStock }) => available.get(sku) < openingStock * RESTOCK_BELOW);
  if (low.length === 0) return;
  const lines = low.map((product) => receiptLine(product, product.openingStock - available.get(product.sku)));
  await api.post('/inventory/receipts', { reference: `PO-DEMO-${run}`, lines }, `demo-${run}-receipt`);
}

/** One order from its placing to its expected end; what went wrong is written down with it. */
async function play(order, crew) {
  const { story } = order;
  crew.picker.setHabit(order.number, story.picker ?? 'all');
  try {
    await order.place();
    await story.play({ ...crew, order });
    await order.untilAsExpected();
  } catch (error) {
    order.problem = error instanceof TimeUp ? `waited for ${error.waitedFor}` : error.message;
  }
}

/** Until no more mails come about these orders. */
async function untilMailsRest(postbox) {
  let count = await postbox.look();
  for (let look = 0; look < MAIL_LOOKS_MAX; look += 1) {
    await sleep(MAIL_LOOK_EVERY_MS);
    const now = await postbox.look();
    if (now === count) return;
    count = now;
  }
}

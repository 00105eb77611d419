import { Chance } from '../../scripts/demo/chance.mjs';
import { OrderBook } from '../../scripts/demo/order-book.mjs';
import { chooseStories, repertoires } from '../../scripts/demo/repertoires.mjs';
import { join } from 'node:path';
import { readDemoShop } from '../../scripts/launcher/demo-shop.mjs';
import { placeOrderInput } from '../../server/orders/orders.schema';
import { ORDER_STATUSES } from '../../server/orders/order-moves';
import { PAYMENT_STATUSES } from '../../server/orders/payment-status';
import { readTransactionId } from '../../server/payments/transaction-ids';

type Json = Record<string, any>;

const shop = readDemoShop();
const counter = readDemoShop(join(__dirname, '../../demo/counter'));
const ORDERS = 60;

function writeRun(run: number, of: Json = shop): Json[] {
  const book = new OrderBook(of, run);
  return chooseStories(ORDERS, of.stories).map((story: Json, place: number) => book.write(place + 1, story.place));
}

describe('The demo’s orders', () => {
  it('are the same for the same run, and others for the next', () => {
    expect(writeRun(3)).toEqual(writeRun(3));
    expect(writeRun(3).map(({ lines }) => lines)).not.toEqual(writeRun(4).map(({ lines }) => lines));
  });

  it('never use a number or a transaction ID twice', () => {
    const all = [1, 2, 3, 40, 41].flatMap((run) => writeRun(run));
    const numbers = all.map(({ number }) => number);
    const ids = all.flatMap(({ paymentMethod, payment }) =>
      payment ? [`${paymentMethod} ${payment.transactionId}`] : [],
    );
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are what the service takes, with transaction IDs as wallets write them', () => {
    const runs = [1, 700, 9_999].flatMap((run) => [...writeRun(run), ...writeRun(run, counter)]);
    for (const order of runs) {
      expect(() => placeOrderInput.parse(order)).not.toThrow();
      if (order.payment) {
        expect(readTransactionId(order.paymentMethod, order.payment.transactionId)).toBe(order.payment.transactionId);
      }
    }
  });

  it('come from everywhere and are paid in every way the shop takes', () => {
    const orders = [1, 2, 3].flatMap((run) => writeRun(run));
    const methods = new Set(orders.map(({ paymentMethod }) => paymentMethod));
    expect([...methods].sort()).toEqual(['bank', 'bkash', 'card', 'cash', 'cod', 'nagad', 'rocket']);
    const cities = new Set(orders.flatMap(({ shippingAddress }) => shippingAddress?.city ?? []));
    expect([...cities].sort()).toEqual(['Chattogram', 'Dhaka', 'Sylhet']);
  });

  it('each have two units of something, so that one can be missing', () => {
    expect(writeRun(1).filter(({ lines }) => lines[0].quantity < 2)).toEqual([]);
  });
});

describe.each(Object.entries(repertoires) as [string, Json][])(
  'The demo’s stories of %s',
  (name, { stories, often }) => {
    it('end in a status and a payment that exist', () => {
      for (const { ends } of Object.values(stories) as Json[]) {
        expect(ORDER_STATUSES).toContain(ends.status);
        if (ends.paymentStatus) expect(PAYMENT_STATUSES).toContain(ends.paymentStatus);
      }
    });

    it('are all told in a run of twenty', () => {
      const told = new Set(chooseStories(20, name).map((story: Json) => story.name));
      expect([...told].sort()).toEqual(Object.keys(stories).sort());
      expect(Object.keys(stories)).toEqual(expect.arrayContaining(often));
    });
  },
);

describe('The counter’s orders', () => {
  it('buy what has a rule on purpose alone: for grown-ups with a story of its own', () => {
    const ruled = new Set(
      (counter.products as Json[])
        .filter(({ minimumAge, purchaseLimit }) => minimumAge || purchaseLimit)
        .map(({ sku }) => sku),
    );
    expect(ruled.size).toBe(2);
    const bought = writeRun(1, counter).filter(({ lines }) => lines.some(({ sku }: Json) => ruled.has(sku)));
    expect(bought).toHaveLength(1);
  });

  it('are fetched, and none is sent', () => {
    expect(new Set(writeRun(2, counter).map(({ fulfillmentMethod }) => fulfillmentMethod))).toEqual(
      new Set(['pickup']),
    );
  });
});

describe('The demo’s chance', () => {
  it('is spread evenly, and picks what weighs more more often', () => {
    const chance = new Chance(7);
    const counts = Array.from({ length: 6_000 }, () => chance.between(1, 6)).reduce<number[]>((seen, face) => {
      seen[face] = (seen[face] ?? 0) + 1;
      return seen;
    }, []);
    for (const face of [1, 2, 3, 4, 5, 6]) expect(Math.abs((counts[face] ?? 0) - 1_000)).toBeLessThan(150);
    const picks = Array.from({ length: 1_000 }, () => chance.pickWeighted({ often: 9, seldom: 1 }));
    expect(picks.filter((name) => name === 'often').length).toBeGreaterThan(800);
  });

  it('takes different things when it takes several', () => {
    const chance = new Chance(1);
    for (let times = 0; times < 200; times += 1) {
      const taken = chance.pickSome(['a', 'b', 'c', 'd'], 3);
      expect(new Set(taken).size).toBe(3);
    }
  });
});

import { Chance } from './chance.mjs';

const WALLETS = ['bkash', 'nagad', 'rocket'];
const PREPAID = ['card', 'bank'];
const LINES_MAX = 4;
/** Goods that one buys one of. */
const DEAR_MINOR = 90_000;

/** What customers order: the same for the same run number, and never twice the same order or transaction. */
export class OrderBook {
  #shop;
  #run;
  #chance;

  /** @param {number} run the number of this demonstration on this ledger */
  constructor(shop, run) {
    this.#shop = shop;
    this.#run = run;
    this.#chance = new Chance(run);
  }

  /** The start of every order number of this run. */
  get prefix() {
    return `DEMO-${this.#run}-`;
  }

  /**
   * The body of order `n`.
   * @param {{by: string, pays: 'wallet'|'prepaid'|'cod'|'cash', gives: 'id'|'nothing', buys: 'freely'|'ageRestricted'}} wanted
   *   how it leaves the shop, whether the customer names the transaction with the order, and what not everybody may buy
   */
  write(n, { by = 'delivery', pays, gives = 'id', buys = 'freely' }) {
    const chance = this.#chance;
    const { name, email, phone, address } = chance.pick(this.#shop.customers);
    const paymentMethod = this.#methodOf(pays);
    const hasId = gives === 'id' && pays !== 'cod' && pays !== 'cash';
    return {
      number: `${this.prefix}${String(n).padStart(2, '0')}`,
      fulfillmentMethod: by,
      paymentMethod,
      customer: { name, email, phone },
      ...(by === 'delivery' ? { shippingAddress: address } : {}),
      lines: this.#lines(buys),
      shippingMinor: by === 'delivery' ? this.#shippingMinor(address.city) : 0,
      taxMinor: 0,
      notes:
        chance.next() < 0.25
          ? chance.pick(['Please call before coming.', 'Gift, no price inside.', 'গেটে ফোন দিন'])
          : '',
      ...(hasId ? { payment: { transactionId: this.transactionId(paymentMethod, n), payerPhone: phone } } : {}),
    };
  }

  /** The wallet's own name for a transfer, in its format; `turn` tells an order's transfers apart. */
  transactionId(method, n, turn = 0) {
    const place = (this.#run * 1000 + n) * 10 + turn;
    const code = place.toString(36).toUpperCase();
    if (method === 'bkash') return `DK${code.padStart(8, '0')}`;
    if (method === 'nagad') return `7${code.padStart(7, '0')}`;
    if (method === 'rocket') return `70${String(place).padStart(8, '0')}`;
    return `${method.toUpperCase()}-${place}`;
  }

  #methodOf(pays) {
    if (pays === 'cod' || pays === 'cash') return pays;
    const among = pays === 'wallet' ? WALLETS : PREPAID;
    const mix = Object.entries(this.#shop.paymentMix).filter(([method]) => among.includes(method));
    return this.#chance.pickWeighted(Object.fromEntries(mix));
  }

  /** At least one line of two units, so that a picker can miss one. What has a rule is bought on purpose alone. */
  #lines(buys) {
    const chance = this.#chance;
    const free = this.#shop.products.filter(({ minimumAge, purchaseLimit }) => !minimumAge && !purchaseLimit);
    const asked = buys === 'ageRestricted' ? [this.#shop.products.find(({ minimumAge }) => minimumAge)] : [];
    const products = [...asked, ...chance.pickSome(free, chance.between(1, LINES_MAX))];
    return products.map(({ sku, priceMinor }, place) => ({
      sku,
      quantity: place === 0 ? 2 : priceMinor > DEAR_MINOR ? 1 : chance.between(1, 3),
      unitPriceMinor: priceMinor,
    }));
  }

  #shippingMinor(city) {
    const { shippingMinor } = this.#shop;
    return shippingMinor[city] ?? shippingMinor.elsewhere;
  }
}

/** How many digits a run number takes is not limited; the next is one more than the highest there is. */
export async function nextRun(service) {
  const { items } = await service.get('/orders?text=DEMO-&limit=200');
  const runs = items.map(({ number }) => Number(/^DEMO-(\d+)-/.exec(number)?.[1] ?? 0));
  return Math.max(0, ...runs) + 1;
}

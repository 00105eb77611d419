import {
  balancesOfDimension,
  balancesOfOrder,
  balancesOfSource,
  codDelivered,
  paid,
  placed,
  postEntry,
  undone,
} from '../../server/accounting';
import { sumDays } from '../../server/accounting/books';
import { openStock, type Stock } from '../inventory/open-stock';
import { DATABASES, emptyDatabase } from '../support/databases';

const DAY_MS = 86_400_000;

describe.each(DATABASES)('the books on %s', (kind) => {
  let stock: Stock;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const database = await emptyDatabase(kind);
    drop = database.drop;
    stock = await openStock(database.url);
  });

  afterEach(async () => {
    const broken = await stock.broken();
    await stock.close();
    await drop();
    expect(broken).toEqual([]);
  });

  const sale = placed({ salesMinor: 250_000, shippingMinor: 0, taxMinor: 0 });
  const post = (occurredAt: string, postings = sale, more: object = {}) =>
    stock.command((ctx) =>
      postEntry(ctx, {
        ...{ storeId: 'main', event: 'placed', sourceType: 'order', sourceId: 'o1', orderId: 'o1', currency: 'BDT' },
        ...{ occurredAt, postings },
        ...more,
      }),
    );
  const revenue = async (period: string): Promise<number> => {
    const { body } = await stock.call('GET', `/accounting/trial-balance?${period}`);
    expect(body.totalDebitMinor).toBe(body.totalCreditMinor);
    return body.accounts.find((account: { code: string }) => account.code === '4000').creditMinor;
  };
  const sumUp = () => sumDays(stock.room.workroom.jobContext('accounting.sum_days'));

  it('a new store has every account', async () => {
    const { body } = await stock.call('GET', '/accounting/accounts');
    expect(body.items).toHaveLength(24);
    expect(body.items[0]).toEqual({ code: '1000', name: 'Cash – till', kind: 'asset' });
  });

  it('keeps what an order, a payment and a consignment left in each account', async () => {
    const now = stock.clock.now();
    await post(now);
    const payment = { event: 'paid', sourceType: 'payment', sourceId: 'p1' };
    await post(now, paid({ method: 'bkash', amountMinor: 150_000, balanceDueMinor: 250_000 }), payment);
    await post(now, codDelivered({ amountMinor: 100_000, balanceDueMinor: 100_000, consignment: 'c1' }), {
      event: 'cod_delivered',
    });
    const read = stock.room.workroom.reader(stock.room.workroom.systemCaller('test'));
    expect(await balancesOfOrder(read, 'o1')).toEqual({ '1100': 0, '4000': 250_000, '1020': 150_000, '1200': 100_000 });
    expect(await balancesOfSource(read, 'payment', 'p1')).toEqual({ '1020': 150_000, '1100': -150_000 });
    expect(await balancesOfDimension(read, 'c1')).toEqual({ '1200': 100_000, '1100': -100_000 });
  });

  it('lists entries newest first, by order, event, day and account, page by page', async () => {
    const now = stock.clock.now();
    await post(now);
    await post(now, paid({ method: 'bkash', amountMinor: 250_000, balanceDueMinor: 250_000 }), { event: 'paid' });
    const first = (await stock.call('GET', '/accounting/entries?orderId=o1&limit=1')).body;
    expect(first.items).toMatchObject([
      { event: 'paid', postings: [{ debit: { name: 'Cash – bKash' }, amountMinor: 250_000 }] },
    ]);
    const second = (await stock.call('GET', `/accounting/entries?orderId=o1&limit=1&after=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ event: 'placed', businessDay: '2026-11-20' }], nextCursor: null });
    const events = async (filter: string): Promise<string[]> =>
      (await stock.call('GET', `/accounting/entries?${filter}`)).body.items.map(
        (entry: { event: string }) => entry.event,
      );
    expect(await events('account=4000')).toEqual(['placed']);
    expect(await events('event=paid&day=2026-11-20')).toEqual(['paid']);
    expect(await events('day=2026-11-19')).toEqual([]);
  });

  it('an entry is undone once', async () => {
    const id = await post(stock.clock.now());
    const undo = { event: 'undone', reversesEntryId: id };
    await post(stock.clock.now(), undone(sale), undo);
    await expect(post(stock.clock.now(), undone(sale), undo)).rejects.toThrow();
    expect(await stock.balance('4000')).toBe(0);
  });

  it('nothing to post leaves no entry', async () => {
    expect(await post(stock.clock.now(), [])).toBeNull();
  });

  it('sums by day give the same balances as the postings, also when something is told late', async () => {
    await post('2026-11-18T09:00:00.000Z');
    await post('2026-11-19T09:00:00.000Z');
    await post(stock.clock.now());
    const periods = ['', 'asOf=2026-11-18', 'from=2026-11-19&to=2026-11-19', 'from=2026-11-20'];
    const before = [750_000, 250_000, 250_000, 250_000];
    expect(await Promise.all(periods.map(revenue))).toEqual(before);
    await sumUp();
    expect(await Promise.all(periods.map(revenue))).toEqual(before);
    await post('2026-11-18T10:00:00.000Z');
    expect(await Promise.all(periods.map(revenue))).toEqual([1_000_000, 500_000, 250_000, 250_000]);
    await sumUp();
    await sumUp();
    expect(await Promise.all(periods.map(revenue))).toEqual([1_000_000, 500_000, 250_000, 250_000]);
  });

  it('a closed day is never rewritten: what arrives for it counts today and names the day', async () => {
    await post('2026-11-19T09:00:00.000Z');
    const closed = await stock.call('POST', '/accounting/periods/2026-11-19/close', {});
    expect(closed).toMatchObject({ status: 200, body: { storeId: 'main', closedThroughDay: '2026-11-19' } });
    expect((await stock.call('POST', '/accounting/periods/2026-11-19/close', {})).body).toEqual(closed.body);
    await post('2026-11-18T09:00:00.000Z');
    expect(await revenue('to=2026-11-19')).toBe(250_000);
    const { body } = await stock.call('GET', '/accounting/entries?day=2026-11-20');
    expect(body.items).toMatchObject([{ businessDay: '2026-11-20', adjustsDay: '2026-11-18' }]);
  });

  it('a day cannot be closed before it is over and what began in it has settled', async () => {
    const today = await stock.call('POST', '/accounting/periods/2026-11-20/close', {});
    expect(today).toMatchObject({ status: 409, body: { code: 'DAY_NOT_OVER', lastDay: '2026-11-19' } });
    stock.clock.set('2026-11-20T18:10:00.000Z');
    expect((await stock.call('POST', '/accounting/periods/2026-11-20/close', {})).status).toBe(409);
    stock.clock.advance(DAY_MS);
    expect((await stock.call('POST', '/accounting/periods/2026-11-20/close', {})).status).toBe(200);
  });

  it('profit is revenue less costs', async () => {
    await post(stock.clock.now());
    await post(stock.clock.now(), [{ debit: '5000', credit: '1300', amountMinor: 180_000 }]);
    await post(stock.clock.now(), [{ debit: '4100', credit: '2100', amountMinor: 10_000 }]);
    await post(stock.clock.now(), [{ debit: '1300', credit: '2000', amountMinor: 180_000 }]);
    const { body } = await stock.call('GET', '/accounting/profit-and-loss?from=2026-11-20&to=2026-11-20');
    expect(body).toMatchObject({
      currency: 'BDT',
      revenueMinor: 240_000,
      cogsMinor: 180_000,
      grossProfitMinor: 60_000,
      netProfitMinor: 60_000,
    });
    expect(body.income).toContainEqual({ code: '4100', name: 'Sales Returns', amountMinor: -10_000 });
  });
});

import { expectStatus } from '../../support/shop';
import { openPost, type Post } from '../../notifications/open-post';
import { type Body, CONSENT, lineFor, orderOf, product } from './shortage-floor';

const REASON = 'not on the shelf';

describe('The customer is told what becomes of missing goods', () => {
  let post: Post;
  beforeAll(async () => {
    post = await openPost('sqlite');
  });
  afterAll(() => post.close());

  const answer = (order: Body, door: string, body: Body) =>
    post.app.post(`/orders/${order.id}/${door}`, { reason: REASON, ...body });
  const notify = (order: Body, message = 'short') =>
    post.app.post('/notifications/customer', { orderId: order.id, message });
  const textsAbout = async (order: Body): Promise<string[]> => {
    await post.app.settled();
    return post.mails(order.number).map(({ text }) => text);
  };

  it('with the date it is expected, what comes instead at which difference, and what goes back, each answer once', async () => {
    const tea = await product(post.app, 9, { name: 'Assam' });
    const mint = await product(post.app, 9, { name: 'Mint', priceMinor: 62_000 });
    const order = await orderOf(post.app, [lineFor(tea, 5)]);
    const lines = (quantity: number): Body => ({ lines: [{ id: order.lines[0].id, quantity }] });
    expectStatus(await answer(order, 'backorders', { ...lines(1), expectedAt: '2090-11-30T12:00:00Z' }), 201);
    expectStatus(await notify(order), 201);
    post.clock.advance(60_000);
    const consent = { ...CONSENT, upToMinor: 12_000 };
    const [line] = order.lines;
    expectStatus(
      await answer(order, 'substitutions', { lineId: line.id, sku: mint, quantity: 1, pricePolicy: 'new', consent }),
      201,
    );
    expectStatus(await answer(order, 'short_lines', lines(2)), 201);
    expectStatus(await notify(order), 201);
    expectStatus(await notify(order), 200);
    const [first, second, ...more] = await textsAbout(order);
    expect(more).toEqual([]);
    expect(first).toContain('1 × Assam: comes later; we expect it by 30 November 2090');
    expect(second).not.toContain('comes later');
    expect(second).toContain('1 × Assam: you get 1 × Mint instead, for BDT 120.00 more');
    expect(second).toContain(
      '2 × Assam: taken off your order, so your bill is BDT 1,000.00 lower, of which you get BDT 880.00 back',
    );
    expect(second).toContain('We owe you BDT 880.00');
  });

  it('also when nothing else was ordered, so that the order ends', async () => {
    const tea = await product(post.app, 9, { name: 'Darjeeling' });
    const order = await orderOf(post.app, [lineFor(tea, 2)], { paymentMethod: 'cod' });
    expectStatus(await answer(order, 'short_lines', { lines: [{ id: order.lines[0].id }] }), 201);
    expectStatus(await notify(order), 201);
    const [text] = await textsAbout(order);
    expect(text).toContain('2 × Darjeeling: taken off your order, so you pay BDT 1,000.00 less');
    expect(text).not.toContain('We owe you');
  });

  it('as goods taken off, with what each cost and what comes in its place', async () => {
    const [tea, mint] = [
      await product(post.app, 9, { name: 'Ceylon' }),
      await product(post.app, 9, { name: 'Sencha' }),
    ];
    const order = await orderOf(post.app, [lineFor(tea, 3)]);
    const [line] = order.lines;
    expectStatus(await answer(order, 'short_lines', { lines: [{ id: line.id, quantity: 1 }] }), 201);
    expectStatus(
      await answer(order, 'substitutions', {
        lineId: line.id,
        sku: mint,
        quantity: 1,
        pricePolicy: 'keep',
        consent: CONSENT,
      }),
      201,
    );
    expectStatus(await notify(order, 'lines_cancelled'), 201);
    const [text] = await textsAbout(order);
    expect(text).toContain('1 x Ceylon: BDT 500.00 less');
    expect(text).toContain('in place of Ceylon');
    expect(text).toContain('We owe you BDT 500.00');
  });

  it('also by the invoice, which adds up to what is due', async () => {
    const tea = await product(post.app, 9, { name: 'Oolong' });
    const mint = await product(post.app, 9, { name: 'Pepper', priceMinor: 70_000 });
    const order = await orderOf(post.app, [lineFor(tea, 2)], { paymentMethod: 'cod' });
    const consent = { ...CONSENT, upToMinor: 20_000 };
    const [line] = order.lines;
    const body = { lineId: line.id, sku: mint, quantity: 1, pricePolicy: 'new', consent };
    expectStatus(await answer(order, 'substitutions', body), 201);
    const page = await fetch(`${post.app.url}/api/v1/orders/${order.id}/documents/invoice`, {
      headers: { authorization: `Bearer ${post.app.apiKey}` },
    });
    const text = (await page.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toMatch(/Subtotal BDT 1,000\.00 .*Sent instead: 1 × Pepper \(\S+\) BDT 700\.00/);
    expect(text).toMatch(/Cancelled, returned or credited BDT 500\.00 .*Due BDT 1,200\.00/);
  });
});

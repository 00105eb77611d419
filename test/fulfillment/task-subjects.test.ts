import { newProduct } from '../orders/open-orders';
import { shelvesIn } from '../../server/fulfillment/counts/shelves-in';
import { DATABASES } from '../support/databases';
import type { TestApp } from '../support/app';
import { expectStatus, prepareAll } from '../support/shop';
import { startCountFloor } from './count-floor';
import { type Body, mailsTo, openPicking, orderInProcess } from './floor';

describe.each(DATABASES)('The subject of a task’s mail, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startCountFloor(kind);
  });
  afterAll(() => app.close());

  const subjects = async (to: string): Promise<string[]> =>
    (await mailsTo(app, to)).map(({ subject }) => String(subject));
  const giveTo = async (order: Body, given: Body): Promise<string[]> => {
    const assigneeEmail = `${given.kind}-${order.number}@example.com`;
    expectStatus(await app.post('/tasks', { orderId: order.id, assigneeEmail, ...given }), 201);
    return subjects(assigneeEmail);
  };

  it('names of a count the product and its shelf, and how many more', async () => {
    const [one, other] = [await newProduct(app, 10), await newProduct(app, 10)];
    const order = await orderInProcess(app);
    const [single] = await giveTo(order, { kind: 'count', skus: [one] });
    expect(single).toBe('Count: Green tea 100 g, shelf A-3');
    expect(single).not.toContain(order.number);
    const several = await giveTo(await orderInProcess(app), { kind: 'count', skus: [one, other] });
    expect(several[0]).toMatch(/^Count: Green tea 100 g, shelf A-3, and 1 more$/);
  });

  it('names of every other task the order', async () => {
    const order = await orderInProcess(app);
    const assigneeEmail = 'picks@example.com';
    await openPicking(app, order.id, { assigneeEmail });
    expect(await subjects(assigneeEmail)).toEqual([`Picking: order ${order.number}`]);
    const packed = await orderInProcess(app);
    await prepareAll(app, packed);
    expect(await giveTo(packed, { kind: 'packing' })).toEqual([`Packing: order ${packed.number}`]);
  });
});

describe('What a count is about', () => {
  it.each([
    [[{ name: 'Green tea', shelf: 'A-3' }], 'Green tea, shelf A-3'],
    [[{ name: 'Green tea', shelf: null }], 'Green tea, no shelf'],
    [[{ name: 'x'.repeat(90), shelf: 'B' }], `${'x'.repeat(59)}…, shelf B`],
    [Array.from({ length: 4 }, (_, n) => ({ name: `P${n}`, shelf: `S${n}` })), 'P0, shelf S0, and 3 more'],
    [[], undefined],
    [undefined, undefined],
  ])('of %j is said so', (products, said) => {
    expect(shelvesIn(products)).toBe(said);
  });
});

import { fetchPaper } from '../documents/parcels';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, prepareAll } from '../support/shop';
import { type Body, readOrder, startFloor } from './floor';
import { lineId, openPacking, pickedOrder } from './packing/packing-floor';

describe.each(DATABASES)('Labels of parcels, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  const label = (order: Body, body: object = {}) => app.post(`/orders/${order.id}/labels`, body);
  const pack = async (order: Body, body: object = {}): Promise<Body> =>
    expectStatus(await app.put(`/orders/${order.id}/package`, body), 201).body;
  const labelsOf = async (order: Body): Promise<Body[]> => (await readOrder(app, order.id)).labels as Body[];

  async function twoPackages(): Promise<{ order: Body; first: Body; second: Body }> {
    const order = await pickedOrder(app);
    const items = [{ id: lineId(order, 'TEA-01'), quantity: 2 }];
    const first = await pack(order, { items, weightGrams: 250 });
    const second = await pack(order, { number: 2 });
    await move(app, order.id, 'fulfill');
    return { order, first, second };
  }

  it('are one for each package, told apart on paper', async () => {
    const { order, first, second } = await twoPackages();
    const one = expectStatus(await label(order), 201).body;
    const two = expectStatus(await label(order), 201).body;
    expect([one, two]).toMatchObject([
      { packageId: first.id, packageNumber: 1 },
      { packageId: second.id, packageNumber: 2 },
    ]);
    expect(expectStatus(await label(order), 200).body).toMatchObject({ id: one.id, changed: false });
    const paper = async (made: Body) => (await fetchPaper(app, order.id, `label.zpl?label=${made.id}`)).text;
    expect(await paper(one)).toContain('Parcel 1 of 2, 0.25 kg');
    expect(await paper(two)).toContain('Parcel 2 of 2');
    expect(one.documentUrl).toContain(`/documents/label.pdf?label=${one.id}`);
    expect((await fetchPaper(app, order.id, 'label')).text).toContain('Parcel 2 of 2');
    expect((await fetchPaper(app, order.id, 'label?label=no-such')).status).toBe(404);
    expect((await fetchPaper(app, order.id, 'label?colour=red')).status).toBe(422);
    const slip = (await fetchPaper(app, order.id, 'packing-slip')).text;
    for (const shown of ['In all parcels', 'Parcel 1 of 2', 'Parcel 2 of 2']) expect(slip).toContain(shown);
  });

  it('are made for the package that is named, and say why not for another', async () => {
    const { order, second } = await twoPackages();
    const other = await twoPackages();
    const made = expectStatus(await label(order, { packageId: second.id }), 201).body;
    expect(made.packageNumber).toBe(2);
    expect(expectStatus(await label(order, { packageId: second.id }), 200).body.id).toBe(made.id);
    expect(await label(order, { packageId: other.first.id })).toMatchObject({
      status: 422,
      body: { code: 'PACKAGE_UNKNOWN', errors: [{ path: 'packageId' }] },
    });
    expect((await label(order, { packageId: 7 })).status).toBe(422);
    expectStatus(await app.post(`/packages/${other.second.id}/void`, { reason: 'torn' }), 200);
    expect((await label(other.order, { packageId: other.second.id })).body.code).toBe('PACKAGE_VOID');
    const unsealed = await pickedOrder(app);
    const task = await openPacking(app, unsealed.id);
    const [line] = task.lines as Body[];
    expectStatus(await app.post(`/tasks/${task.id}/items`, { lines: [{ id: line?.id, doneQuantity: 1 }] }), 200);
    const [box] = (await readOrder(app, unsealed.id)).packages as Body[];
    expect((await label(unsealed, { packageId: box?.id })).body.code).toBe('PACKAGE_OPEN');
    expect((await labelsOf(unsealed)).length).toBe(0);
  });

  it('of a package that is made void are void, and the others stay', async () => {
    const { order, first } = await twoPackages();
    await label(order);
    await label(order);
    expectStatus(await app.post(`/packages/${first.id}/void`, { reason: 'torn' }), 200);
    await app.settled();
    expect(await labelsOf(order)).toMatchObject([
      { status: 'voided', voidReason: 'Its package was made void.' },
      { status: 'active', packageNumber: 2 },
    ]);
  });

  it('that were made before the order was packed are those of the first package', async () => {
    const order = await pickedOrder(app);
    const early = expectStatus(await label(order), 201).body;
    const only = await pack(order);
    expect(expectStatus(await label(order), 200).body).toMatchObject({ id: early.id, packageId: only.id });
    expect(await labelsOf(order)).toHaveLength(1);
  });

  it('of a part that has left make room for that of the next part, and outlive a cancellation of the rest', async () => {
    const order = await pickedOrder(app);
    const tea = lineId(order, 'TEA-01');
    expectStatus(await app.put(`/orders/${order.id}/items/${tea}/status`, { status: 'prepared', quantity: 1 }), 200);
    const lines = [{ id: tea, handling: 'backorder' }];
    await move(app, order.id, 'partially_fulfill', { reason: 'one is missing', lines });
    const first = expectStatus(await label(order), 201).body;
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(expectStatus(await label(order), 200).body.id).toBe(first.id);
    await move(app, order.id, 'resume', { reason: 'it came' });
    await app.settled();
    await app.post('/inventory/receipts', {
      lines: [{ sku: 'TEA-01', quantity: 5, unitCostMinor: 1 }],
      reference: 'PO-9',
    });
    await app.settled();
    const again = await readOrder(app, order.id);
    await prepareAll(app, again);
    const second = expectStatus(await label(order), 201).body;
    expect(second.id).not.toBe(first.id);
    await move(app, order.id, 'cancel', { reason: 'operational' });
    await app.settled();
    expect(await labelsOf(order)).toMatchObject([{ status: 'active' }, { status: 'voided' }]);
  });

  it('is one for each of two packages however many ask at once', async () => {
    const { order } = await twoPackages();
    const answers = await Promise.all(Array.from({ length: 6 }, () => label(order)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201, 201]);
    expect(await labelsOf(order)).toHaveLength(2);
  });
});

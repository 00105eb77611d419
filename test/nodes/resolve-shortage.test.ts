import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { type Body, lineFor, orderOf, pickSome, product, read } from '../orders/shortage/shortage-floor';
import { openFloor, type TestFloor } from './floor';
import { itemOf, type N8nRunner, ordersLeaving, outputsOf } from './n8n-runner';

const STEP = 'The resolveShortage';

describe('Resolve Shortage', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;
  let count = 0;

  beforeAll(async () => {
    floor = await openFloor(500);
    ({ app, n8n } = floor);
  });
  afterAll(() => floor.close());

  /** Three of something of which the picking finds one; a like product lies beside it. */
  async function shortOrder(more: Body = {}): Promise<Body> {
    const category = `kind-${(count += 1)}`;
    const sku = await product(app, 10, { category });
    await product(app, 10, { category, priceMinor: 60_000, name: 'Something like it' });
    const order = await orderOf(app, [lineFor(sku, 3)], more);
    await pickSome(app, order, [1]);
    return read(app, order);
  }
  const itemFor = (order: Body, eventId?: string) => ({ ...itemOf(order), ...(eventId ? { eventId } : {}) });
  function definitionOf(parameters: IDataObject = {}, more = {}): IWorkflowBase {
    return n8n.stepAlone('resolveShortage', parameters, more);
  }
  const run = (definition: IWorkflowBase, items: IDataObject[]): Promise<IRun> =>
    n8n.runWorkflow(definition, items, { executionId: `shortage-${(count += 1)}` });
  const ordersOn = (run: IRun) => ordersLeaving(run, STEP);
  const first = (ran: IRun, output: number): any => outputsOf(ran, STEP)[output]?.[0]?.json;
  async function taskOf(order: Body): Promise<Body> {
    const { body } = await app.get(`/tasks?orderId=${order.id}&kind=shortage_decision`);
    return body.items[0];
  }
  const decide = async (order: Body, answer: Body): Promise<void> => {
    const lines = [{ id: order.lines[0].id, ...answer }];
    const { id } = await taskOf(order);
    expectStatus(await app.post(`/tasks/${id}/shortage_decision`, { lines }), 200);
  };

  it('asks a manager and sleeps; then each item leaves by what was decided for its order', async () => {
    const orders = [await shortOrder(), await shortOrder(), await shortOrder(), await shortOrder()];
    const [waits, replaced, refunded, cancelled] = orders as [Body, Body, Body, Body];
    const definition = definitionOf();
    const asleep = await run(definition, orders.map(itemOf));
    expect(asleep.status).toBe('waiting');
    expect((await taskOf(waits)).assigneeEmail).toBe('mina@example.com');
    await decide(waits, { resolution: 'backorder', expectedAt: '2090-01-01T00:00:00Z' });
    await decide(replaced, { resolution: 'substitute', consent: { given: true, how: 'by phone' } });
    await decide(refunded, { resolution: 'refund' });
    await app.post(`/tasks/${(await taskOf(cancelled)).id}/cancel`, {});
    const { run: ran } = await n8n.resume(definition, asleep, await floor.callBack());
    expect(ordersOn(ran as IRun)).toEqual([[waits.id], [replaced.id], [refunded.id, cancelled.id]]);
    expect(first(ran as IRun, 0).task).not.toHaveProperty('url');
    expect(first(ran as IRun, 0)).toMatchObject({
      resolution: { resolution: 'backorder', lines: [{ quantity: 2, expectedAt: '2090-01-01T00:00:00.000Z' }] },
      task: { kind: 'shortage_decision', outcome: 'done' },
    });
    expect(first(ran as IRun, 1).resolution).toMatchObject({
      resolution: 'substitute',
      lines: [{ differenceMinor: 0 }],
    });
    expect(outputsOf(ran as IRun, STEP)[2]?.[1]?.json.resolution).toEqual({ resolution: 'cancelled', lines: [] });
  });

  it('keeps no link to the work on its items', async () => {
    const ran = await run(definitionOf(), [itemOf(await shortOrder())]);
    expect(ran.status).toBe('waiting');
    expect(JSON.stringify(ran.data.resultData.runData)).not.toContain('/t/');
  });

  it('asks for two steps when some items ask a person and some do not', async () => {
    const orders = [await shortOrder(), await shortOrder()];
    const mixed = definitionOf({ decide: '={{ $itemIndex === 0 ? "ask" : "refund" }}' });
    const ran = await run(mixed, orders.map(itemOf));
    expect(ran.status).toBe('error');
    expect(ran.data.resultData.error?.message).toBe('Some items ask a person and some do not');
    for (const order of orders) expect(await taskOf(order)).toBeUndefined();
  });

  it('does not ask again, nor sleep, when the run is started again for the same event', async () => {
    const order = await shortOrder();
    const item = itemFor(order, 'event-again');
    await run(definitionOf(), [item]);
    await decide(order, { resolution: 'refund' });
    const again = await run(definitionOf(), [item]);
    expect(again.status).toBe('success');
    expect(ordersOn(again)).toEqual([[], [], [order.id]]);
    expect(first(again, 2).resolution).toMatchObject({ resolution: 'refund', lines: [{ owedBackMinor: 100_000 }] });
    expect((await read(app, order)).lines[0].cancelledQuantity).toBe(2);
  });

  it.each([
    [0, 'backorder', { expectedAt: '2090-05-01T00:00:00' }, { backorderedQuantity: 2 }],
    [1, 'substitute', { agreed: 'at checkout' }, { substitutedQuantity: 2 }],
    [1, 'substitute', { override: 'the same in another box' }, { substitutedQuantity: 2 }],
    [2, 'refund', {}, { cancelledQuantity: 2 }],
  ])('leaves by output %i when the rule is to %s with %j', async (output, rule, more, counted) => {
    const order = await shortOrder();
    const definition = definitionOf({ decide: rule, ...more });
    const ran = await run(definition, [itemFor(order, `rule-${count}`)]);
    expect(ran.status).toBe('success');
    expect(ordersOn(ran)[output]).toEqual([order.id]);
    expect(first(ran, output)).toMatchObject({
      resolution: { resolution: rule, changed: true },
      order: { id: order.id },
    });
    expect((await read(app, order)).lines[0]).toMatchObject(counted);
  });

  it('answers the same again for the same event, though the step is another and nothing is missing', async () => {
    const order = await shortOrder();
    const item = itemFor(order, 'event-rule');
    await run(definitionOf({ decide: 'refund' }), [item]);
    const again = await run(definitionOf({ decide: 'refund', reference: 'another try' }), [item]);
    expect(first(again, 2).resolution).toMatchObject({ resolution: 'refund', changed: false });
    expect((await read(app, order)).lines[0].cancelledQuantity).toBe(2);
  });

  it('previews the money and the stock without touching either', async () => {
    const order = await shortOrder();
    const asked = await run(definitionOf({ previewOnly: true }), [itemOf(order)]);
    expect(asked.status).toBe('success');
    expect(first(asked, 0).preview.result).toMatchObject({ missingUnits: 2, refundAll: { owedBackMinor: 100_000 } });
    const ruled = await run(definitionOf({ decide: 'refund', previewOnly: true }), [itemOf(order)]);
    const { effects, result } = first(ruled, 2).preview;
    expect(effects.postings.length + effects.movements.length).toBeGreaterThan(1);
    expect(result.lines).toMatchObject([{ owedBackMinor: 100_000 }]);
    expect(await read(app, order)).toMatchObject({ version: order.version, resolutions: [] });
    expect(await taskOf(order)).toBeUndefined();
  });

  it.each([
    ['nothing is missing', { decide: 'refund' }, true, 'NOTHING_MISSING'],
    ['nothing is missing and a person would be asked', {}, true, 'NOTHING_MISSING'],
    ['nobody said that the customer agreed', { decide: 'substitute' }, false, 'CONSENT_REQUIRED'],
  ])('says so when %s, and lets the other items go on', async (_when, parameters, isWhole, code) => {
    const order = isWhole ? await orderOf(app, [lineFor(await product(app, 9), 1)]) : await shortOrder();
    const ran = await run(definitionOf(parameters, { onError: 'continueErrorOutput' }), [itemOf(order)]);
    expect(ran.status).toBe('success');
    expect(outputsOf(ran, STEP)[3]?.[0]?.json).toMatchObject({ details: { code } });
  });
});

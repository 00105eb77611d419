import { LoadOptionsContext } from 'n8n-core';
import type { INodeListSearchResult } from 'n8n-workflow';
import { startTestApp, type TestApp } from '../support/app';
import { placeOrder, stockProduct } from '../support/shop';
import { N8nRunner, workflowOf } from './n8n-runner';

describe('The pickers of the editor', () => {
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    app = await startTestApp();
    n8n = await N8nRunner.start(app);
    await stockProduct(app);
    const work = { role: 'fulfillment_specialist', storeIds: ['main'] };
    await app.post('/users', { name: 'Karim', email: 'karim@example.com', ...work });
    await app.post('/users', { name: 'Mina', email: 'mina@example.com', ...work });
  });
  afterAll(() => app.close());

  function search(method: string, filter?: string, parameters = {}): Promise<INodeListSearchResult> | undefined {
    const node = n8n.node(method === 'searchProducts' ? 'createOrder' : 'assignPickingTask', parameters);
    const workflow = n8n.open(workflowOf([node], {}));
    const context = new LoadOptionsContext(
      workflow,
      node,
      { ...n8n.additionalData('1'), currentNodeParameters: node.parameters },
      '',
    );
    return n8n.nodeTypes.getByNameAndVersion(node.type).methods?.listSearch?.[method]?.call(context, filter);
  }

  it('find an order by the beginning of its number', async () => {
    const order = await placeOrder(app, { number: 'A-17' });
    await placeOrder(app, { number: 'B-18' });
    expect((await search('searchOrders'))?.results).toHaveLength(2);
    expect((await search('searchOrders', 'A-'))?.results).toEqual([
      { name: 'A-17 · Rahima Akter · pending', value: order.id },
    ]);
  });

  it('find a product by its SKU or its name, in the store the step names', async () => {
    await stockProduct(app, { sku: 'PEN-9', name: 'Fountain pen', barcode: '8900000000099' }, 1);
    const pen = [{ name: expect.stringContaining('PEN-9 · Fountain pen'), value: 'PEN-9' }];
    expect((await search('searchProducts', 'PEN'))?.results).toEqual(pen);
    expect((await search('searchProducts', 'Fountain'))?.results).toEqual(pen);
    expect((await search('searchProducts'))?.results).toHaveLength(2);
    const elsewhere = search('searchProducts', 'PEN', { options: { storeId: 'nowhere' } });
    await expect(elsewhere).rejects.toThrow(/nowhere/);
  });

  it('find a person by any part of the name', async () => {
    expect((await search('searchUsers', 'KAR'))?.results).toEqual([
      { name: 'Karim (fulfillment_specialist)', value: 'karim@example.com' },
    ]);
  });
});

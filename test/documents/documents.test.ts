import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { bkashId, expectStatus, move, placeOrder, stockProduct } from '../support/shop';
import { type Body, orderInProcess, startFloor } from '../fulfillment/floor';
import { fetchPaper, fulfilledOrder, labelled } from './parcels';

const KINDS = ['label', 'packing-slip', 'receipt', 'invoice', 'refund-note'];

describe.each(DATABASES)('The papers of an order, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind, { env: { CHROMIUM_PATH: '/no/such/chromium' } });
    await stockProduct(app, { sku: 'VASE-1', barcode: '77', name: 'Vase', fragile: true } as object, 50);
  });
  afterAll(() => app.close());

  /** The words of a page without its styles, and as a reader sees them. */
  const words = (html: string): string =>
    html
      .replace(/<style>[\s\S]*?<\/style>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');

  it('show the label with who it is for, what it is and who sends it, and no price', async () => {
    const order = await labelled(app, { lines: [{ sku: 'VASE-1', quantity: 1, unitPriceMinor: 98_765 }] });
    const paper = await fetchPaper(app, order.id, 'label');
    expect(paper).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    const text = words(paper.text);
    for (const part of ['Rahima Akter', '01700000000', 'House 12, Road 5', 'Dhaka 1209', 'Bangladesh']) {
      expect(text).toContain(part);
    }
    for (const part of [order.number, 'From Main store', 'FRAGILE']) expect(text).toContain(part);
    expect(text).not.toMatch(/BDT|98[,.]?7|bkash|cash|rahima@/i);
    expect(paper.headers.get('cache-control')).toBe('no-store');
    expect(paper.headers.get('content-disposition')).toBe(`inline; filename="label-${order.number}.html"`);
  });

  it('name the carrier and its tracking number once they are known', async () => {
    const order = await labelled(app);
    await move(app, order.id, 'ship', { carrier: 'Pathao', trackingNumber: 'PT-778899' });
    expect(words((await fetchPaper(app, order.id, 'label')).text)).toMatch(/Pathao .*PT-778899/);
    const zpl = (await fetchPaper(app, order.id, 'label.zpl')).text;
    expect(zpl).toContain('^FDMA,PT-778899^FS');
    expect(zpl).toContain(`^BCN,170,N,N,N,A^FH^FD${order.number}^FS`);
  });

  it('name the courier that a parcel is booked with before it leaves', async () => {
    const order = await labelled(app);
    const booked = await app.post(`/orders/${order.id}/consignments`, { courier: 'steadfast' });
    expect(booked.status).toBe(201);
    await app.settled();
    const [consignment] = (await app.get(`/orders/${order.id}`)).body.consignments as Body[];
    expect(consignment?.trackingCode).toBeTruthy();
    const zpl = (await fetchPaper(app, order.id, 'label.zpl')).text;
    expect(zpl).toContain(`^FDMA,${consignment?.trackingCode}^FS`);
    expect(zpl).toContain('steadfast');
  });

  it('show what somebody typed as text, never as markup or as a printer’s command', async () => {
    const customer = { name: '<script>alert(1)</script> ^XZ {{number}}', phone: '01700000000' };
    const order = await labelled(app, { customer });
    for (const name of ['label', 'packing-slip', 'invoice']) {
      const { text } = await fetchPaper(app, order.id, name);
      expect(text).not.toContain('<script');
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; ^XZ {{number}}');
    }
    const { text, type } = await fetchPaper(app, order.id, 'label.zpl');
    expect(type).toContain('application/zpl');
    expect(text.match(/\^XZ/g)).toHaveLength(1);
    expect(text.match(/\^XA/g)).toHaveLength(1);
  });

  it('say on the packing slip what is in the parcel and what follows, without prices', async () => {
    const order = await fulfilledOrder(app);
    const text = words((await fetchPaper(app, order.id, 'packing-slip')).text);
    expect(text).toMatch(/In this parcel .*Cup CUP-01 1 .*Green tea 100 g TEA-01 2/);
    expect(text).not.toMatch(/BDT|500|To follow|bkash/i);
  });

  it('put what waits for goods under "To follow"', async () => {
    await stockProduct(app, { sku: `RARE-${kind}`, barcode: `5${kind}` }, 1);
    const lines = [{ sku: `RARE-${kind}`, quantity: 3, unitPriceMinor: 100, allowBackorder: true }];
    const order = await placeOrder(app, { paymentMethod: 'cod', lines });
    expect(words((await fetchPaper(app, order.id, 'packing-slip')).text)).toMatch(
      new RegExp(`In this parcel .*RARE-${kind} 1 .*To follow .*RARE-${kind} 2`),
    );
  });

  it('show amounts on invoice and receipt, and nobody’s wallet', async () => {
    const order = await placeOrder(app, { shippingMinor: 6_000, paymentMethod: 'bkash' });
    const invoiceText = words((await fetchPaper(app, order.id, 'invoice')).text);
    expect(invoiceText).toMatch(/Total BDT 1,060\.00.* Due BDT 1,060\.00.*To be paid by: bKash/);
    expect(await refusal(order, 'receipt')).toMatchObject({ status: 409, code: 'NOTHING_RECEIVED' });
    const transactionId = bkashId();
    const payment = { method: 'bkash', transactionId, payerPhone: '01999999999' };
    expectStatus(await app.post(`/orders/${order.id}/payments`, payment), 201);
    const receiptText = words((await fetchPaper(app, order.id, 'receipt')).text);
    expect(receiptText).toMatch(/Paid by .*bKash BDT 1,060\.00 .*Received BDT 1,060\.00/);
    expect(receiptText).not.toContain(transactionId);
    expect(receiptText).not.toContain('01999999999');
  });

  it('show what was cancelled, and what is owed back, on the refund note', async () => {
    const order = await orderInProcess(app);
    expect(await refusal(order, 'refund-note')).toMatchObject({ status: 409, code: 'NOTHING_REFUNDED' });
    await move(app, order.id, 'cancel', { reason: 'inventory' });
    const text = words((await fetchPaper(app, order.id, 'refund-note')).text);
    expect(text).toMatch(/Cancelled, returned or credited BDT 1,200\.00 .*Still to be refunded BDT 1,200\.00/);
    expect(await refusal(order, 'packing-slip')).toMatchObject({ status: 409, code: 'DOCUMENT_NOT_POSSIBLE' });
  });

  it('are for those who may read who the customer is, in their own stores', async () => {
    const order = await labelled(app);
    for (const name of [...KINDS, ...KINDS.map((one) => `${one}.pdf`), 'label.zpl']) {
      const reporting = await refusal(order, name, { apiKey: await app.keyFor('reporting') });
      expect(reporting).toMatchObject({ status: 403, code: 'ROLE_NOT_ALLOWED', permission: 'document.read' });
    }
    const elsewhere = await app.keyFor('customer_service', ['elsewhere']);
    expect(await refusal(order, 'label', { apiKey: elsewhere })).toMatchObject({ code: 'STORE_NOT_ALLOWED' });
    for (const role of ['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service']) {
      expect((await fetchPaper(app, order.id, 'label', { apiKey: await app.keyFor(role) })).status).toBe(200);
    }
    expect(await refusal(order, 'label', { apiKey: 'wrong' })).toMatchObject({ status: 401 });
  });

  it('that cannot be made say why, and count nothing', async () => {
    const order = await fulfilledOrder(app);
    expect(await refusal(order, 'label.pdf')).toMatchObject({ status: 404, code: 'LABEL_NOT_FOUND' });
    expect(await refusal({ id: 'no-such' }, 'label')).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    for (const name of ['poster', 'label.png', 'invoice.zpl', 'label.pdf.pdf', 'LABEL']) {
      expect(await refusal(order, name)).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    }
    const other = await labelled(app, { customer: { name: 'রহিমা', phone: '01700000000' } });
    expect(await refusal(other, 'label.zpl')).toMatchObject({ status: 409, code: 'LABEL_NEEDS_PDF', format: 'pdf' });
    expect(await refusal(other, 'label.pdf')).toMatchObject({
      status: 503,
      code: 'PDF_UNAVAILABLE',
      detail: expect.stringContaining('CHROMIUM_PATH'),
    });
    const { body } = await app.get(`/orders/${other.id}`);
    expect(body.labels).toMatchObject([{ reprints: 0, printedAt: null }]);
  });

  it('have names that a file may have, whatever the order number', async () => {
    const number = `A#1/../${kind}`;
    await placeOrder(app, { number, paymentMethod: 'cod' });
    const paper = await fetchPaper(app, `number:${number}`, 'invoice');
    expect(paper.headers.get('content-disposition')).toBe(`inline; filename="invoice-A-1-..-${kind}.html"`);
  });

  async function refusal(order: Body | { id: string }, name: string, options = {}): Promise<Body> {
    const paper = await fetchPaper(app, order.id, name, options);
    return { ...JSON.parse(paper.text), status: paper.status };
  }
});

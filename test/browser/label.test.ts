import { fetchPaper, labelled } from '../documents/parcels';
import { type Body, startFloor } from '../fulfillment/floor';
import { N8nRunner } from '../nodes/n8n-runner';
import { PDF_LIMITS } from '../../server/platform/pdf';
import type { TestApp } from '../support/app';
import { move, stockProduct } from '../support/shop';
import { codeOf, readPdf, type PdfPage } from '../support/read-pdf';
import { browserPids } from './children';

const FOUR_BY_SIX_PT = { widthPt: 288, heightPt: 432 };
const BANGLA = 'বাড়ি ১২, রোড ৫, ধানমন্ডি আবাসিক এলাকা, শংকর বাস স্ট্যান্ডের পাশে, ';

describe('A printed label', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor();
    await stockProduct(app, { sku: 'VASE-1', barcode: '77', name: 'Vase', fragile: true } as object, 500);
  });
  afterAll(async () => {
    await app.close();
    expect(browserPids()).toEqual([]);
  });

  const print = async (order: Body, name = 'label.pdf'): Promise<PdfPage[]> => {
    const paper = await fetchPaper(app, order.id, name);
    if (paper.status !== 200) throw new Error(paper.text);
    expect(paper.type).toBe('application/pdf');
    return readPdf(paper.content);
  };

  it('is 4 × 6 inches, names the recipient and the order, and scanners read both codes back', async () => {
    const lines = [{ sku: 'VASE-1', quantity: 1, unitPriceMinor: 98_765 }];
    const order = await labelled(app, { number: 'MAIN-2026/000123', lines, shippingMinor: 6_000 });
    const pages = await print(order);
    expect(pages).toHaveLength(1);
    const [page] = pages;
    expect(page).toMatchObject(FOUR_BY_SIX_PT);
    for (const part of ['Rahima Akter', '01700000000', 'House 12, Road 5', 'Dhaka 1209', 'Bangladesh', 'FRAGILE']) {
      expect(page?.text).toContain(part);
    }
    expect(page?.text).toContain('MAIN-2026/000123');
    expect(codeOf(page, 'Code128')).toBe('MAIN-2026/000123');
    expect(codeOf(page, 'QRCode')).toBe('MAIN-2026/000123');
    expect(page?.text).not.toMatch(/BDT|৳|987[.,]?65|60[.,]00|bkash|rahima@/i);
  });

  it('says the tracking code in its QR code once the courier gave one', async () => {
    const order = await labelled(app);
    await move(app, order.id, 'ship', { carrier: 'Pathao', trackingNumber: 'PT-778899' });
    const [page] = await print(order);
    expect(codeOf(page, 'QRCode')).toBe('PT-778899');
    expect(codeOf(page, 'Code128')).toBe(order.number);
    expect(page?.text).toMatch(/Pathao\s+PT-778899/);
  });

  it.each([
    ['in words', 'Llanfairpwllgwyngyll House '],
    ['in one word', 'W'],
    ['in Bangla', BANGLA],
    ['in mixed scripts', `${BANGLA} Flat 5B, 茶の家 `],
  ])('is one page with whole codes for the longest name and address %s', async (_kind, text) => {
    const fill = (length: number): string =>
      text
        .repeat(Math.ceil(length / text.length))
        .slice(0, length)
        .trim();
    const shippingAddress = { line1: fill(250), line2: fill(250), city: fill(120), region: fill(120), country: 'BD' };
    const order = await labelled(app, { customer: { name: fill(200), phone: '01700000000' }, shippingAddress });
    const pages = await print(order);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject(FOUR_BY_SIX_PT);
    expect(codeOf(pages[0], 'Code128')).toBe(order.number);
    expect(codeOf(pages[0], 'QRCode')).toBe(order.number);
    // The last line of the recipient is still there.
    expect(pages[0]?.text).toContain('Bangladesh');
  });

  it('comes although the browser is killed in the middle of it', async () => {
    const order = await labelled(app);
    await print(order);
    const [pid = 0] = browserPids();
    process.kill(pid, 'SIGSTOP');
    const printing = print(order);
    setTimeout(() => process.kill(pid, 'SIGKILL'), 400);
    expect(codeOf((await printing)[0], 'Code128')).toBe(order.number);
  });

  it('comes for ten who ask at once, from one browser, and each print is counted', async () => {
    const order = await labelled(app);
    const papers = await Promise.all(Array.from({ length: 10 }, () => fetchPaper(app, order.id, 'label.pdf')));
    expect(papers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(browserPids()).toHaveLength(1);
    expect((await app.get(`/orders/${order.id}`)).body.labels).toMatchObject([{ reprints: 9 }]);
  });

  it('is refused for a moment when very many ask at once, saying when to come back, and comes then', async () => {
    const order = await labelled(app);
    // Far more than may wait: some are printed while the last ones still arrive.
    const asked = 3 * PDF_LIMITS.waitingMax;
    const papers = await Promise.all(Array.from({ length: asked }, () => fetchPaper(app, order.id, 'label.pdf')));
    const refused = papers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, text } of refused) {
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
      expect(JSON.parse(text)).toMatchObject({ code: 'PDF_BUSY' });
    }
    const printed = papers.length - refused.length;
    expect((await app.get(`/orders/${order.id}`)).body.labels).toMatchObject([{ reprints: printed - 1 }]);
    expect(codeOf((await print(order))[0], 'Code128')).toBe(order.number);
  });

  it('has papers beside it that print on A4', async () => {
    const order = await labelled(app, { lines: [{ sku: 'VASE-1', quantity: 2, unitPriceMinor: 1_000 }] });
    for (const [name, words] of [
      ['packing-slip.pdf', 'Vase'],
      ['invoice.pdf', 'BDT 20.00'],
      ['receipt.pdf', 'BDT 20.00'],
    ] as const) {
      const [page] = await print(order, name);
      expect(Math.round(page?.widthPt ?? 0)).toBe(595);
      expect(page?.text).toContain(words);
      expect(codeOf(page, 'Code128')).toBe(order.number);
    }
  });

  describe('by the step Create Label', () => {
    it('goes on with the item as a file, beside the files that came', async () => {
      const n8n = await N8nRunner.start(app);
      const order = await labelled(app);
      const fetched = await n8n.runNode('createLabel', {}, [{ eventId: 'evt_1', order: summary(order) }], {
        binary: { invoice: { data: 'aGk=', mimeType: 'text/plain', fileName: 'hi.txt' } },
      });
      const [item] = fetched.outputs[0] ?? [];
      expect(item?.json).toMatchObject({ eventId: 'evt_1', label: { id: order.label.id, format: 'pdf' } });
      expect(item?.binary?.invoice).toMatchObject({ fileName: 'hi.txt' });
      expect(item?.binary?.label).toMatchObject({
        fileName: `label-${order.number}.pdf`,
        mimeType: 'application/pdf',
      });
      const content = Buffer.from(item?.binary?.label?.data ?? '', 'base64');
      expect(codeOf((await readPdf(content))[0], 'Code128')).toBe(order.number);
    });
  });

  const summary = ({ id, number, status, version }: Body) => ({ id, number, status, version });
});

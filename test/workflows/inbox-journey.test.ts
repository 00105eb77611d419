import type { Browser, Page } from 'puppeteer-core';
import { openOnPhone, scan, startBrowser, tap, textOf, waitForText } from '../browser/phone';
import { MANAGER, PipelineShop } from './pipeline-shop';
import type { Json } from './runs';

const PICKER = 'karim@example.com';
const TEA_CODE = '8901234567894';
const CUP = {
  sku: 'CUP-01',
  name: 'Cup',
  priceMinor: 20_000,
  costMinor: 9_000,
  barcode: '4006381333931',
  shelf: 'A-12',
};
const POT = { sku: 'POT-01', name: 'Pot', priceMinor: 90_000, costMinor: 40_000, barcode: '4012345678901' };

/** One order from its first mail to its last: the people have phones and mailboxes, the pipelines wait for them in n8n. */
describe('A warehouse that works from its inbox, in the real n8n', () => {
  let shop: PipelineShop;
  let browser: Browser;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([
      PipelineShop.open(['order-received.json', 'order-fulfillment.json', 'partial-fulfillment.json']),
      startBrowser(),
    ]);
    await shop.floor.call('POST', '/products', CUP);
    await shop.floor.call('POST', '/products', POT);
    const lines = [{ sku: CUP.sku, quantity: 20, unitCostMinor: CUP.costMinor }];
    await shop.floor.call('POST', '/inventory/receipts', { lines, reference: 'PO-8' });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  /** Waits for the mail, opens it in the mailbox on a phone and follows its link. */
  async function followMail(recipient: string, subject: string): Promise<Page> {
    await shop.untilMail(recipient, new RegExp(`^${subject}`));
    const list = await openOnPhone(browser, `${shop.service.url}/mailbox?to=${recipient}`, { scripts: true });
    const mails = await list.$$('.list a');
    const subjects: string[] = await Promise.all(
      mails.map((mail) => mail.evaluate((link) => String(link.textContent))),
    );
    await Promise.all([list.waitForNavigation(), mails[subjects.findIndex((text) => text.includes(subject))]?.click()]);
    const frame = await (await list.waitForSelector('iframe'))?.contentFrame();
    const link = await (await frame?.waitForSelector('a'))?.evaluate((anchor) => anchor.getAttribute('href'));
    await list.close();
    const page = await openOnPhone(browser, String(link), { scripts: true });
    await page.bringToFront();
    return page;
  }

  async function pick(order: Json): Promise<void> {
    const page = await followMail(PICKER, `Picking: order ${order.number}`);
    await scan(page, POT.barcode);
    await waitForText(page, '#said', 'Wrong item: Pot (POT-01) is not on this list. Put it back.');
    for (const times of [1, 2]) {
      await scan(page, TEA_CODE);
      await waitForText(page, '#said', `Green tea 100 g: ${times} of 2 picked.`);
    }
    await scan(page, TEA_CODE);
    await waitForText(page, '#said', 'Too many: Green tea 100 g (TEA-01)');
    await scan(page, CUP.barcode);
    await waitForText(page, '#said', 'Cup: 1 of 2 picked.');
    await tap(page, 'details[id^=missing-] summary');
    await page.select('select[id^=reason-]', 'not_found');
    await tap(page, 'button[id^=short-]');
    await waitForText(page, '#done-lines', '1 missing');
    await tap(page, 'input[name=confirmed]');
    await tap(page, '#finish');
    await waitForText(page, 'main', 'This task is finished with units missing.');
    await page.close();
  }

  async function refundTheMissing(order: Json): Promise<void> {
    const page = await followMail(MANAGER, `Missing goods: order ${order.number}`);
    expect(await textOf(page, '.answers')).toContain('BDT 200.00');
    await tap(page, 'input[type=radio][value=refund]');
    await tap(page, '#decide');
    await waitForText(page, 'main', 'There is nothing more to do.');
    await page.close();
  }

  async function pack(order: Json): Promise<void> {
    const page = await followMail(PICKER, `Packing: order ${order.number}`);
    for (const [code, said] of [
      [TEA_CODE, 'Green tea 100 g: 1 of 2 packed.'],
      [TEA_CODE, 'Green tea 100 g: 2 of 2 packed.'],
      [CUP.barcode, 'Cup: 1 of 1 packed.'],
    ]) {
      await scan(page, String(code));
      await waitForText(page, '#said', String(said));
    }
    const checks = await page.$$eval('.seal input[type=checkbox]', (boxes) => boxes.map(({ id }) => id));
    expect(checks).toHaveLength(8);
    for (const id of checks) await tap(page, `#${id}`);
    await page.type('.seal input[name=weightGrams]', '260');
    await tap(page, 'button[id^=seal-]');
    await waitForText(page, 'main', 'This task is finished.');
    await page.close();
  }

  async function giveToTheCourier(order: Json): Promise<void> {
    const page = await followMail(PICKER, `Pickup dispatch: order ${order.number}`);
    await page.type('#driver', 'Jamal');
    await tap(page, '#picked-up');
    await waitForText(page, 'main', 'Picked up by Jamal.');
    await page.close();
  }

  it('picks short, asks the manager, packs, hands to the courier and ships, and the books agree', async () => {
    const before = await shop.floor.stock();
    const placed = await shop.placePaid({
      lines: [
        { sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 },
        { sku: 'CUP-01', quantity: 2, unitPriceMinor: 20_000 },
      ],
    });
    await pick(placed);
    await refundTheMissing(placed);
    await pack(placed);
    await giveToTheCourier(placed);

    const order = await shop.untilStatus(placed, 'shipped');
    expect(order).toMatchObject({ refundsPayableMinor: 20_000, balanceDueMinor: 0 });
    const counted = (order.lines as Json[]).map((line) => [
      line.sku,
      line.preparedQuantity,
      line.packedQuantity,
      line.shippedQuantity,
      line.cancelledQuantity,
    ]);
    expect(counted).toEqual([
      ['TEA-01', 2, 2, 2, 0],
      ['CUP-01', 1, 1, 1, 1],
    ]);
    expect(await shop.floor.stock()).toMatchObject({ onHand: before.onHand - 2, outgoing: before.outgoing + 2 });
    const mails = (await shop.customerMails(placed)).map(({ subject }) => subject);
    expect(mails).toHaveLength(3);
    expect(mails.join('\n')).toMatch(/confirmed[\s\S]*order[\s\S]*(shipped|on its way)/i);
    expect(await shop.entriesOf(order)).toEqual(['paid', 'placed', 'short_shipped']);
    await shop.expectBooksAgree();
  }, 300_000);
});

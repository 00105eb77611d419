import { startTestApp } from '../support/app';
import { expectStatus } from '../support/shop';
import { type CourierDesk, openDesk } from './courier-desk';

const PUBLIC_URL = 'https://shop.example';

describe('Following a parcel of the pretended courier', () => {
  let desk: CourierDesk;

  beforeAll(async () => {
    desk = await openDesk('sqlite', { env: { PUBLIC_URL } });
  });
  afterAll(() => desk.close());

  async function open(link: string): Promise<{ status: number; html: string }> {
    const answer = await fetch(link.replace(PUBLIC_URL, desk.app.url));
    return { status: answer.status, html: await answer.text() };
  }

  it('leads to a page of the service itself, where people reach it, that says where the parcel stands', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { ship: true }), 201);
    const code = String(body.trackingCode);
    expect(body.trackingUrl).toBe(`${PUBLIC_URL}/sandbox/steadfast/t/${code.toLowerCase()}`);
    const told = await open(body.trackingUrl);
    expect([told.status, told.html]).toEqual([200, expect.stringContaining('The courier was told of the parcel.')]);
    expect(told.html).toContain(code);
    expect(told.html).toContain('belongs to the demonstration');
    for (const [status, words] of [
      ['in_transit', 'The parcel is on its way.'],
      ['cancelled', 'goes back to the shop'],
      ['unknown', 'cannot say where the parcel is'],
      ['delivered', 'The parcel was delivered.'],
    ] as const) {
      await desk.says(order.number, status);
      expect((await open(body.trackingUrl)).html).toContain(words);
    }
    for (const hidden of [order.number, 'Rahima', '01700000000', 'House 12']) expect(told.html).not.toContain(hidden);
  });

  it('stands behind the button in the customer’s mail', async () => {
    const order = await desk.ready();
    const { body } = expectStatus(await desk.book(order, { ship: true }), 201);
    expectStatus(await desk.app.post('/notifications/customer', { orderId: order.id, message: 'shipped' }), 201);
    await desk.app.settled();
    const { items } = (await (await fetch(`${desk.app.url}/mailbox.json`)).json()) as { items: { links: string[] }[] };
    expect(items[0]?.links).toContain(body.trackingUrl);
  });

  it('says so of a code that nobody has, whatever was typed', async () => {
    for (const code of ['ABCDEF01', '%3Cscript%3E', 'A'.repeat(500)]) {
      const { status, html } = await open(`${PUBLIC_URL}/sandbox/steadfast/t/${code}`);
      expect([status, html]).toEqual([404, expect.stringContaining('knows no parcel with this code')]);
      expect(html).not.toContain('<SCRIPT>');
    }
  });

  it('is there in a demonstration only', async () => {
    const app = await startTestApp({ env: { DEMO: 'false' } });
    const answer = await fetch(`${app.url}/sandbox/steadfast/t/ABCDEF01`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'ROUTE_NOT_FOUND']);
    await app.close();
  });
});

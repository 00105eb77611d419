import { addPayment } from '../../server/payments/payments.service';
import { bookOrder } from '../../server/fulfillment/consignments/book-order';
import { Couriers } from '../../server/shipping';
import { manualCourier } from '../../server/shipping/couriers/manual';
import { Steadfast } from '../../server/shipping/couriers/steadfast';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, leftByOrder, move } from '../support/shop';
import { type CodDesk, type Json, openCodDesk, TOLD, WITHOUT_CUP } from './cod-desk';

const ACCOUNTS = { receivable: '1100', clearing: '1200', refunds: '2100' };

describe.each(DATABASES)('The books of what a rider collected, on %s', (kind) => {
  let desk: CodDesk;

  beforeAll(async () => {
    desk = await openCodDesk(kind);
  });
  afterEach(() => expectIntegrity(desk.app));
  afterAll(() => desk.close());

  const left = ({ id }: Json): Promise<Json> => leftByOrder(desk.app, id, ACCOUNTS);
  const out = async (): Promise<{ order: Json; parcel: Json }> => {
    const { order, parcel } = await desk.booked();
    await desk.fulfilled(order);
    await move(desk.app, order.id, 'ship');
    return { order, parcel };
  };
  const shortAndOut = async (correct: boolean): Promise<{ order: Json; parcel: Json }> => {
    const { order, parcel } = await desk.booked();
    await desk.dropCup(order);
    await desk.fulfilled(order);
    if (correct) expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200);
    const overrides = correct ? undefined : [{ guard: 'cod', reason: 'nobody answers at the hub' }];
    await move(desk.app, order.id, 'ship', { overrides });
    return { order, parcel };
  };

  it('told 1,250.00 while 1,150.00 was due: the courier owes 1,250.00 and 100.00 goes back to the customer', async () => {
    const { order, parcel } = await shortAndOut(false);
    const delivered = await desk.arrives(order, parcel);
    expect(await left(order)).toEqual({ receivable: 0, clearing: TOLD, refunds: WITHOUT_CUP - TOLD });
    expect(delivered).toMatchObject({ status: 'delivered', clearingMinor: TOLD, refundsPayableMinor: 10_000 });
    const { problem, codAmountMinor, codDueMinor } = await desk.parcelView(parcel);
    expect({ codAmountMinor, codDueMinor }).toEqual({ codAmountMinor: TOLD, codDueMinor: WITHOUT_CUP });
    expect(problem).toMatchObject({ code: 'COD_DIFFERS', message: expect.stringContaining('BDT 100.00 too much') });
    const asked = await desk.app.post(`/orders/${order.id}/refund`, { reason: 'overcharged' });
    const { id } = expectStatus(asked, 201).body;
    expectStatus(await desk.app.post(`/refunds/${id}/execute`, { method: 'cash' }), 200);
    expectStatus(await desk.app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
    expect(await left(order)).toEqual({ receivable: 0, clearing: 0, refunds: 0 });
    expect((await desk.read(order)).status).toBe('completed');
  });

  it('told anew what is due: nothing is left over', async () => {
    const { order, parcel } = await shortAndOut(true);
    await desk.arrives(order, parcel);
    expect(await left(order)).toEqual({ receivable: 0, clearing: WITHOUT_CUP, refunds: 0 });
    expect((await desk.parcelView(parcel)).problem).toBeNull();
  });

  it('paid in full on the way, and told so: the courier owes nothing, and the order is complete', async () => {
    const { order, parcel } = await out();
    await desk.payDown(order, TOLD);
    expectStatus(await desk.confirm(parcel, 0), 200);
    expect((await desk.arrives(order, parcel)).status).toBe('completed');
    expect(await left(order)).toEqual({ receivable: 0, clearing: 0, refunds: 0 });
  });

  it('paid in full on the way, and never told: the customer has paid twice and gets it all back', async () => {
    const { order, parcel } = await out();
    await desk.payDown(order, TOLD);
    await desk.arrives(order, parcel);
    expect(await left(order)).toEqual({ receivable: 0, clearing: TOLD, refunds: -TOLD });
  });

  it('told less than is due: the rest stays open on the customer, and the order does not complete', async () => {
    const { order, parcel } = await desk.booked();
    const lines = [{ id: order.lines[1].id, quantity: 1 }];
    expectStatus(await desk.app.post(`/orders/${order.id}/backorders`, { lines, reason: 'not there' }), 201);
    expectStatus(await desk.confirm(parcel, WITHOUT_CUP), 200);
    const cups = [{ sku: 'CUP-01', quantity: 1, unitCostMinor: 5000 }];
    expectStatus(await desk.app.post('/inventory/receipts', { lines: cups, reference: `PO-${order.number}` }), 201);
    await desk.app.settled();
    await desk.fulfilled(order);
    await move(desk.app, order.id, 'ship', { overrides: [{ guard: 'cod', reason: 'a known customer' }] });
    expect(await desk.arrives(order, parcel)).toMatchObject({ status: 'delivered', balanceDueMinor: 10_000 });
    expect(await left(order)).toEqual({ receivable: 10_000, clearing: WITHOUT_CUP, refunds: 0 });
    expect((await desk.parcelView(parcel)).problem).toMatchObject({
      code: 'COD_DIFFERS',
      message: expect.stringContaining('BDT 100.00 less'),
    });
    await desk.payDown(order, 10_000);
    expectStatus(await desk.app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
    expect((await desk.read(order)).status).toBe('completed');
  });

  it('delivered by hand: the books follow what the rider was told too, and the parcel says so later', async () => {
    const { order, parcel } = await shortAndOut(false);
    await move(desk.app, order.id, 'deliver');
    await desk.app.settled();
    expect(await left(order)).toEqual({ receivable: 0, clearing: TOLD, refunds: WITHOUT_CUP - TOLD });
    await desk.arrives(order, parcel);
    expect(await left(order)).toEqual({ receivable: 0, clearing: TOLD, refunds: WITHOUT_CUP - TOLD });
    expect((await desk.parcelView(parcel)).problem.code).toBe('COD_DIFFERS');
  });

  it('a parcel that no courier was told of yet is sent with what is due', async () => {
    const order = await desk.inWork({ lines: [{ sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 }] });
    const access = { baseUrl: 'http://127.0.0.1:9', apiKey: 'not', secretKey: 'asked' };
    const couriers = new Couriers([manualCourier, new Steadfast(() => access, 1)]);
    // Booked and paid down in one breath: the courier is asked after the commit, with the row as it is then.
    const { workroom } = desk.app.service;
    const id = await workroom.jobContext('test').transaction(async (ctx) => {
      const { consignment } = await bookOrder(ctx, couriers, order.id, { courier: 'steadfast', ship: false });
      await addPayment(ctx, order.id, {
        method: 'cash',
        result: 'recorded',
        amountMinor: 40_000,
        acceptDifference: true,
      });
      return consignment.id;
    });
    await desk.app.settled();
    const parcel = await desk.parcelView({ id });
    expect(parcel).toMatchObject({ codAmountMinor: 60_000, codDueMinor: 60_000, problem: null });
    expect((await desk.parcelOf(parcel.reference))?.cod_amount).toBe(600);
  });

  it('a payment at the very moment of the booking: the courier was told what the ledger says it was', async () => {
    for (let n = 0; n < 6; n += 1) {
      const order = await desk.inWork({ lines: [{ sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000 }] });
      await Promise.all([desk.book(order), desk.payDown(order, 30_000)]);
      await desk.app.settled();
      const [parcel] = (await desk.read(order)).consignments as Json[];
      expect(parcel).toMatchObject({ codDueMinor: 70_000 });
      expect((await desk.parcelOf(parcel!.reference))?.cod_amount).toBe(parcel!.codAmountMinor / 100);
      expect(parcel!.problem === null).toBe(parcel!.codAmountMinor === 70_000);
    }
  });
});

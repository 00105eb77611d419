import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { readDemoShop, seedDemoShop } from '../../scripts/launcher/demo-shop.mjs';
import { ServiceClient } from '../../scripts/launcher/service.mjs';
import { withoutShop } from '../../scripts/launcher/shop-choice.mjs';
import { readWorkflows, shippedFiles } from '../../scripts/launcher/workflows.mjs';
import { startTestApp, type TestApp } from '../support/app';

type Json = Record<string, any>;

const shop: Json = readDemoShop();
const products = shop.products as Json[];
const customers = shop.customers as Json[];

/** The last digit of an EAN-13 makes the weighted sum of all thirteen a multiple of ten. */
function isEan13(code: string): boolean {
  const sum = [...code].reduce((total, digit, n) => total + Number(digit) * (n % 2 === 0 ? 1 : 3), 0);
  return /^\d{13}$/.test(code) && sum % 10 === 0;
}

function repeated(values: unknown[]): unknown[] {
  return values.filter((value, n) => values.indexOf(value) !== n);
}

describe('The demo shop’s data', () => {
  it('has enough products, of enough kinds, to look like a shop', () => {
    expect(products.length).toBeGreaterThanOrEqual(40);
    expect(new Set(products.map(({ category }) => category)).size).toBeGreaterThanOrEqual(6);
    expect(products.filter(({ fragile }) => fragile).length).toBeGreaterThanOrEqual(5);
  });

  it('has barcodes that a scanner accepts', () => {
    expect(products.filter(({ barcode }) => !isEan13(barcode))).toEqual([]);
  });

  it('names each product, barcode and person once', () => {
    for (const field of ['sku', 'name', 'barcode']) expect(repeated(products.map((one) => one[field]))).toEqual([]);
    expect(repeated(shop.users.map(({ email }: Json) => email))).toEqual([]);
    for (const field of ['name', 'email', 'phone']) expect(repeated(customers.map((one) => one[field]))).toEqual([]);
  });

  it('sells above cost, in whole paisa, from a shelf that can be found', () => {
    const wrong = products.filter(
      ({ priceMinor, costMinor, weightGrams, shelf, openingStock, lowStockThreshold }) =>
        ![priceMinor, costMinor, weightGrams, openingStock, lowStockThreshold].every(Number.isInteger) ||
        costMinor <= 0 ||
        priceMinor <= costMinor ||
        weightGrams <= 0 ||
        openingStock <= lowStockThreshold ||
        !/^[A-Z]-\d{2}$/.test(shelf),
    );
    expect(wrong).toEqual([]);
  });

  it('has somebody for each kind of work, and two who pick', () => {
    const people = (role: string): number => shop.users.filter((user: Json) => user.role === role).length;
    expect({
      managers: people('store_manager'),
      pickers: people('fulfillment_specialist'),
      cashiers: people('cashier'),
      desk: people('customer_service'),
    }).toEqual({ managers: 1, pickers: 2, cashiers: 1, desk: 1 });
  });

  it('reaches nobody: its mail addresses can never exist', () => {
    const addresses = [...shop.users, ...customers].map(({ email }: Json) => email as string);
    expect(addresses.filter((address) => !/(@example\.(com|net|org)|\.example)$/.test(address))).toEqual([]);
  });

  it('has customers whom a courier of the country accepts', () => {
    const cities = new Set(customers.map(({ address }) => address.city));
    expect([...cities].sort()).toEqual(['Chattogram', 'Dhaka', 'Sylhet']);
    expect(customers.filter(({ phone }) => !/^01[3-9]\d{8}$/.test(phone))).toEqual([]);
    expect(customers.filter(({ address }) => !/^\d{4}$/.test(address.postalCode))).toEqual([]);
    expect(customers.some(({ name }) => /[\u0980-\u09ff]/.test(name))).toBe(true);
  });
});

describe('The counter’s data', () => {
  const counter: Json = readDemoShop(join(__dirname, '../../demo/counter'));
  const goods = counter.products as Json[];

  it('has barcodes that a scanner accepts, a shelf and a name for each product, and rules for two', () => {
    expect(goods.filter(({ barcode, shelf }) => !isEan13(barcode) || !/^[A-Z]-\d{2}$/.test(shelf))).toEqual([]);
    for (const field of ['sku', 'name', 'barcode']) expect(repeated(goods.map((one) => one[field]))).toEqual([]);
    expect(goods.filter(({ minimumAge }) => minimumAge)).toHaveLength(1);
    expect(goods.filter(({ purchaseLimit }) => purchaseLimit)).toHaveLength(1);
  });

  it('has its people: somebody who picks, and a cashier who hands the goods over', () => {
    const roles = counter.users.map(({ role }: Json) => role);
    expect(roles).toEqual(['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service']);
    const addresses = [...counter.users, ...counter.customers].map(({ email }: Json) => email as string);
    expect(addresses.filter((address) => !/(@example\.com|\.example)$/.test(address))).toEqual([]);
  });

  it('runs its own pipelines, and the main shop all others', () => {
    const idsOf = (pipelines: Json): string[] => readWorkflows(shippedFiles(pipelines)).map(({ id }: Json) => id);
    expect(idsOf(counter.pipelines).sort()).toEqual(
      ['olCounterPickup', 'olDailyReport', 'olOnError', 'olOrderCancellation', 'olPaymentVerification'].sort(),
    );
    const main = idsOf(shop.pipelines);
    expect(main).not.toContain('olCounterPickup');
    expect(main).toEqual(expect.arrayContaining(['olPickupHandoff', 'olOrderFulfillment', 'olOrderReceived']));
    expect(main[0]).toBe('olOnError');
  });

  it('is refused by name when there is no such shop', async () => {
    expect(withoutShop(['--shop', 'counter', '50'])).toEqual(['50']);
    expect(withoutShop(['50', '--shop=counter'])).toEqual(['50']);
    for (const name of ['nowhere', '../etc', ''])
      expect(await outputOf(['build', '--shop', name])).toMatch(/There is no demo shop .*These exist: main, counter/);
  });

  it('is refused where it would share a database with another shop', async () => {
    const said = await outputOf(['demo', '--shop', 'counter'], { DATABASE_URL: 'sqlite:shared.sqlite' });
    expect(said).toContain('Unset DATABASE_URL, or leave --shop out.');
  });

  /** What the command writes; it ends before anything is built. */
  function outputOf(args: string[], env: Record<string, string> = {}): Promise<string> {
    const run = join(__dirname, '../../scripts/run.mjs');
    return new Promise((done) => {
      const options = { env: { ...process.env, ...env } };
      execFile(process.execPath, [run, ...args], options, (_error, stdout, stderr) => done(stdout + stderr));
    });
  }
});

describe('Filling the demo shop', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ env: { STORE_NAME: shop.store.name } });
  });
  afterAll(() => app.close());

  const client = (): ServiceClient => new ServiceClient(app.url, app.apiKey);
  const unitsOnHand = async (): Promise<number> =>
    (await client().list('/inventory')).reduce((sum: number, level: Json) => sum + level.onHand, 0);

  it('completes what a start that was killed had begun, and then leaves the shop alone', async () => {
    const { openingStock: _opening, ...first } = products[0] as Json;
    await app.post('/products', first);
    expect(await seedDemoShop(client())).toBe(true);
    const units = await unitsOnHand();
    expect(units).toBe(products.reduce((sum, { openingStock }) => sum + openingStock, 0));
    expect(await seedDemoShop(client())).toBe(false);
    expect(await unitsOnHand()).toBe(units);
    expect((await app.get('/users')).body.items).toHaveLength(shop.users.length);
    expect((await app.get('/stores')).body.items).toMatchObject([{ id: 'main', name: shop.store.name }]);
    expect((await app.get('/integrity')).body).toMatchObject({ ok: true });
  });

  it('charges by zone: the city, its suburbs and the rest of the country, with every customer in one of them', async () => {
    const zoneOf = async (place: Json): Promise<string> =>
      (await app.post('/shipping/quote', { country: 'BD', weightGrams: 900, ...place })).body.zone;
    const zones = (await client().list('/shipping/zones')) as Json[];
    expect(zones.map(({ name, rates }) => [name, rates[0].priceMinor])).toEqual([
      ['Inside Dhaka', 6_000],
      ['Dhaka suburbs', 10_000],
      ['Outside Dhaka', 12_000],
    ]);
    // What the demo's orders are charged is what its zones ask for a light parcel that is paid already.
    expect(shop.shippingMinor).toEqual({ Dhaka: 6_000, elsewhere: 12_000 });
    expect(await zoneOf({ city: 'Savar' })).toBe('Dhaka suburbs');
    expect(await zoneOf({ city: 'Ashulia', postalCode: '1341' })).toBe('Dhaka suburbs');
    for (const { address } of customers) {
      const { city, postalCode } = address as Json;
      expect(await zoneOf({ city, postalCode })).toBe(city === 'Dhaka' ? 'Inside Dhaka' : 'Outside Dhaka');
    }
  });
});

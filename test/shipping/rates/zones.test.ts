import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus } from '../../support/shop';
import { openOrders, type OrderBook } from '../../orders/open-orders';
import { addZones, COUNTRY, DHAKA, SUBURBS } from './zoned-shop';

type Json = Record<string, any>;

describe.each(DATABASES)('Shipping zones, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let zones: Json[];

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    zones = await addZones(app);
  });
  afterAll(async () => {
    await expectIntegrity(app);
    await book.close();
  });

  const listed = async (): Promise<Json[]> => (await app.get('/shipping/zones')).body.items;
  const patch = (path: string, body: Json) => app.call('PATCH', path, body);
  const remove = (path: string) => app.call('DELETE', path);
  const quote = (body: Json, options = {}) =>
    app.post('/shipping/quote', { country: 'BD', weightGrams: 800, ...body }, options);
  const audited = async (action: string): Promise<Json[]> =>
    (await app.get(`/audit?action=${action}`)).body.items as Json[];

  /** Beside the service, with the columns as SQL writes them. */
  const insertZone = ({ name, country = 'NULL', cities = '[]', days = 'NULL, NULL' }: Record<string, string>) => {
    const columns = 'id, store_id, name, country, cities, postal_patterns, cod_basis_points, cod_minimum_minor';
    const more = 'remote_minor, fragile_minor, round_up_to_minor, transit_days_min, transit_days_max';
    return app.service.workroom.database.sequelize.query(
      `INSERT INTO shipping_zones (${columns}, ${more}, created_at, updated_at)
       SELECT '${'0'.repeat(26)}', store_id, '${name}', ${country}, '${cities}', '[]', 0, 0, 0, 0, 1, ${days}, created_at, updated_at
       FROM shipping_zones WHERE id = '${zones[0]?.id}'`,
    );
  };

  it('are kept as they were given, their prices by weight', async () => {
    const [dhaka, suburbs, country] = await listed();
    expect(dhaka).toEqual(zones[0]);
    expect(dhaka).toMatchObject({
      ...{ name: 'Inside Dhaka', country: 'BD', cities: ['Dhaka', 'ঢাকা'], postalPatterns: [] },
      rates: [
        { upToGrams: 1000, priceMinor: 6_000 },
        { upToGrams: 2000, priceMinor: 7_500 },
      ],
      ...{ furtherKgMinor: 1_500, roundUpToMinor: 1, transitDays: { min: 1, max: 2 } },
      surcharges: { codPercent: 0, codMinimumMinor: 0, remoteMinor: 0, fragileMinor: 0 },
    });
    expect(suburbs).toMatchObject({ postalPatterns: SUBURBS.postalPatterns, surcharges: { codPercent: 1 } });
    expect(country).toMatchObject({ surcharges: COUNTRY.surcharges, transitDays: null, furtherKgMinor: null });
    const { items } = (await app.get(`/shipping/rates?zoneId=${dhaka?.id}`)).body;
    expect(items).toEqual(dhaka?.rates);
    expect((await app.get('/shipping/rates')).body.items).toHaveLength(5);
    for (const path of ['/shipping/zones', '/shipping/rates']) {
      const all = (await app.get(path)).body.items as Json[];
      const { body: first } = await app.get(`${path}?limit=2`);
      const { body: rest } = await app.get(`${path}?limit=9&after=${first.nextCursor}`);
      expect([...first.items, ...rest.items]).toEqual(all);
      expect(rest.nextCursor).toBeNull();
      expect((await app.get(`${path}?after=x`)).body.code).toBe('CURSOR_INVALID');
    }
  });

  it('quote a parcel line by line, with the days it takes, and need no key for that', async () => {
    const answer = expectStatus(await quote({ city: 'dhaka', postalCode: '1209' }, { key: null }), 200);
    expect(answer.body).toEqual({
      ...{ totalMinor: 6_000, currency: 'BDT', zone: 'Inside Dhaka', zoneId: zones[0]?.id },
      ...{ weightGrams: 800, codMinor: 0, fragile: false },
      lines: [{ kind: 'base', label: 'Base up to 1 kg', amountMinor: 6_000 }],
      transitDays: { min: 1, max: 2 },
      // The clock stands at 15:00 of the 20th in Dhaka.
      estimatedDelivery: { from: '2026-11-21', to: '2026-11-22' },
    });
    const dear = await quote({
      city: 'Savar',
      postalCode: '1340',
      weightGrams: 2_100,
      codMinor: 150_000,
      fragile: true,
    });
    expect(dear.body).toMatchObject({
      ...{ zone: 'Dhaka suburbs', totalMinor: 16_500, fragile: true, codMinor: 150_000 },
      lines: [
        { kind: 'base', amountMinor: 10_000 },
        { kind: 'further_weight', label: '2 further kg at BDT 20.00', amountMinor: 4_000 },
        { kind: 'fragile', amountMinor: 1_000 },
        { kind: 'cod', label: 'Cash on delivery, 1 % of BDT 1,500.00', amountMinor: 1_500 },
      ],
    });
    expect((await quote({ city: 'Sylhet' })).body).toMatchObject({
      ...{ zone: 'Outside Dhaka', totalMinor: 15_500, transitDays: null, estimatedDelivery: null },
    });
  });

  it('count the days of the store, not of Greenwich', async () => {
    book.clock.set('2026-11-20T19:00:00.000Z');
    expect((await quote({ city: 'Dhaka' })).body.estimatedDelivery).toEqual({ from: '2026-11-22', to: '2026-11-23' });
    book.clock.set('2026-11-20T09:00:00.000Z');
  });

  it('quote nothing where none covers the place, and nothing that is too heavy', async () => {
    expect((await quote({ country: 'IN', city: 'Kolkata' })).body).toMatchObject({
      ...{ status: 409, code: 'ADDRESS_NOT_SERVICEABLE', errors: [{ path: 'country' }] },
      detail:
        'None of the store’s shipping zones covers Kolkata, IN. Correct the address, or add a zone with POST /api/v1/shipping/zones.',
      zones: ['Inside Dhaka', 'Dhaka suburbs', 'Outside Dhaka'],
    });
    expect((await quote({ city: 'Sylhet', weightGrams: 5_001 })).body).toMatchObject({
      ...{ status: 409, code: 'PARCEL_TOO_HEAVY', errors: [{ path: 'weightGrams' }] },
      ...{ zone: 'Outside Dhaka', heaviestGrams: 5_000, weightGrams: 5_001 },
    });
  });

  it.each<[string, Json, string]>([
    ['no country', { country: undefined }, 'country'],
    ['a country in words', { country: 'Bangladesh' }, 'country'],
    ['no weight', { weightGrams: undefined }, 'weightGrams'],
    ['a weight below nothing', { weightGrams: -1 }, 'weightGrams'],
    ['half a gram', { weightGrams: 0.5 }, 'weightGrams'],
    ['more than a hundred tonnes', { weightGrams: 100_000_001 }, 'weightGrams'],
    ['a debt to collect', { codMinor: -1 }, 'codMinor'],
    ['a word for fragile', { fragile: 'yes' }, 'fragile'],
    ['an empty city', { city: ' ' }, 'city'],
  ])('quote nothing for %s', async (_title, body, path) => {
    expect((await quote(body)).body).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', errors: [{ path }] });
  });

  const rates = [{ upToGrams: 1000, priceMinor: 1 }];
  it.each<[string, Json, number, string, string]>([
    ['without a price', { rates: [] }, 422, 'VALIDATION_FAILED', 'rates'],
    [
      'with a price below 0',
      { rates: [{ upToGrams: 1, priceMinor: -1 }] },
      422,
      'VALIDATION_FAILED',
      'rates[0].priceMinor',
    ],
    [
      'with a price up to nothing',
      { rates: [{ upToGrams: 0, priceMinor: 1 }] },
      422,
      'VALIDATION_FAILED',
      'rates[0].upToGrams',
    ],
    ['with two prices for one weight', { rates: [...rates, ...rates] }, 422, 'RATE_EXISTS', 'rates[1].upToGrams'],
    [
      'where heavier is cheaper',
      { rates: [...rates, { upToGrams: 2000, priceMinor: 0 }] },
      422,
      'RATE_BELOW_LIGHTER',
      'rates[1].priceMinor',
    ],
    ['with a pattern that is none', { postalPatterns: ['1209', '12-'] }, 422, 'VALIDATION_FAILED', 'postalPatterns[1]'],
    ['with a range that ends first', { postalPatterns: ['1299-1200'] }, 422, 'VALIDATION_FAILED', 'postalPatterns[0]'],
    ['with cities of no country', { country: null, cities: ['Delhi'] }, 422, 'COUNTRY_MISSING', 'country'],
    ['that arrives before it can', { transitDays: { min: 3, max: 2 } }, 422, 'VALIDATION_FAILED', 'transitDays.max'],
    [
      'that takes more than is collected',
      { surcharges: { codPercent: 20.01 } },
      422,
      'VALIDATION_FAILED',
      'surcharges.codPercent',
    ],
    [
      'with a third of a percent',
      { surcharges: { codPercent: 0.333 } },
      422,
      'VALIDATION_FAILED',
      'surcharges.codPercent',
    ],
    ['rounded to nothing', { roundUpToMinor: 0 }, 422, 'VALIDATION_FAILED', 'roundUpToMinor'],
    [
      'with more cities than anybody lists',
      { cities: Array.from({ length: 201 }, (_city, n) => `City ${n}`) },
      422,
      'VALIDATION_FAILED',
      'cities',
    ],
    [
      'with more codes than anybody lists',
      { postalPatterns: Array.from({ length: 201 }, (_code, n) => `${1000 + n}`) },
      422,
      'VALIDATION_FAILED',
      'postalPatterns',
    ],
    ['with a field nobody knows', { city: 'Delhi' }, 422, 'VALIDATION_FAILED', 'city'],
    ['without a name', { name: ' ' }, 422, 'VALIDATION_FAILED', 'name'],
    ['with another’s name', { name: 'inside  DHAKA' }, 409, 'ZONE_EXISTS', 'name'],
    ['with another’s city', { country: 'BD', cities: ['Sylhet', 'dhaka'] }, 409, 'ZONE_OVERLAPS', 'cities[1]'],
    ['with another’s codes', { country: 'BD', postalPatterns: ['1320-1359'] }, 409, 'ZONE_OVERLAPS', 'postalPatterns'],
    ['for a whole country that has one', { country: 'BD' }, 409, 'ZONE_OVERLAPS', 'country'],
  ])('are refused %s', async (_title, more, status, code, path) => {
    const { body } = await app.post('/shipping/zones', { name: 'India', country: 'IN', rates, ...more });
    expect(body).toMatchObject({ status, code, errors: [{ path }] });
    expect(await listed()).toEqual(zones);
  });

  it('that share ground are not both made, though many managers make them at once', async () => {
    const nepal = (_one: unknown, n: number) =>
      app.post('/shipping/zones', { name: `Nepal ${n}`, country: 'NP', rates });
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 8 }, nepal));
      const [made, ...others] = answers.sort((a, b) => a.status - b.status).map(({ body }) => body);
      expect(made).toMatchObject({ name: expect.stringMatching(/^Nepal/) });
      for (const lost of others) {
        expect(lost).toMatchObject({ status: 409, code: 'ZONE_OVERLAPS', zoneId: made?.id, shared: 'all of NP' });
      }
      expectStatus(await remove(`/shipping/zones/${made?.id}`), 200);
    }
  });

  it('are made once, however often the same request comes', async () => {
    const make = () => app.post('/shipping/zones', { name: 'India', country: 'IN', rates }, { key: `india-${kind}` });
    const [first, again] = [await make(), await make()];
    expect(again.body).toEqual(first.body);
    expect(await listed()).toHaveLength(4);
    expectStatus(await remove(`/shipping/zones/${first.body.id}`), 200);
  });

  it('change from now on, by field, and say in the audit what was', async () => {
    const { id } = zones[1] as Json;
    const changed = expectStatus(
      await patch(`/shipping/zones/${id}`, { surcharges: { codPercent: 1.25 }, transitDays: null, roundUpToMinor: 1 }),
      200,
    ).body;
    expect(changed).toEqual({
      ...zones[1],
      surcharges: { ...zones[1]?.surcharges, codPercent: 1.25 },
      ...{ transitDays: null, roundUpToMinor: 1 },
    });
    expect((await listed())[1]).toEqual(changed);
    expect((await quote({ postalCode: '1340', codMinor: 100_000 })).body.totalMinor).toBe(11_250);
    expect((await audited('shipping_zone.change'))[0]).toMatchObject({
      subject: { type: 'shipping_zone', id },
      before: { codBasisPoints: 100, transitDaysMin: 2, roundUpToMinor: 100 },
      after: { codBasisPoints: 125, transitDaysMin: null, roundUpToMinor: 1 },
    });
    const { surcharges, transitDays, roundUpToMinor } = zones[1] as Json;
    await patch(`/shipping/zones/${id}`, { surcharges, transitDays, roundUpToMinor });
    expect((await patch(`/shipping/zones/${id}`, { cities: ['Savar', 'Dhaka'] })).body).toMatchObject({
      ...{ code: 'ZONE_OVERLAPS', zone: 'Inside Dhaka', errors: [{ path: 'cities[1]' }] },
    });
    expect((await patch(`/shipping/zones/${id}`, { country: null })).body.code).toBe('COUNTRY_MISSING');
    for (const nothing of [{}, { surcharges: {} }]) {
      expect((await patch(`/shipping/zones/${id}`, nothing)).body).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
    expect(await listed()).toEqual(zones);
  });

  it('get, change and lose single prices, never so that heavier is cheaper or none is left', async () => {
    const zoneId = zones[2]?.id as string;
    const add = (upToGrams: number, priceMinor: number) =>
      app.post('/shipping/rates', { zoneId, upToGrams, priceMinor });
    expect((await add(1000, 13_000)).body).toMatchObject({ status: 409, code: 'RATE_EXISTS' });
    expect((await add(2000, 12_999)).body).toMatchObject({
      ...{ status: 422, code: 'RATE_BELOW_LIGHTER', errors: [{ path: 'priceMinor' }] },
    });
    const { body: rate } = expectStatus(await add(2000, 15_000), 201);
    expect((await quote({ city: 'Sylhet', weightGrams: 1500 })).body.lines[0]).toMatchObject({
      ...{ label: 'Base up to 2 kg', amountMinor: 15_000 },
    });
    expect((await patch(`/shipping/rates/${rate.id}`, { priceMinor: 20_001 })).body.code).toBe('RATE_BELOW_LIGHTER');
    expect((await patch(`/shipping/rates/${rate.id}`, { upToGrams: 5000 })).body.code).toBe('RATE_EXISTS');
    expect((await patch(`/shipping/rates/${rate.id}`, { priceMinor: 16_000 })).body).toMatchObject({
      priceMinor: 16_000,
    });
    expectStatus(await remove(`/shipping/rates/${rate.id}`), 200);
    expect((await remove(`/shipping/rates/${rate.id}`)).body).toMatchObject({ status: 404, code: 'RATE_NOT_FOUND' });
    const [only] = zones[1]?.rates as Json[];
    expect((await remove(`/shipping/rates/${only?.id}`)).body).toMatchObject({ status: 409, code: 'RATE_NEEDED' });
    expect(await listed()).toEqual(zones);
    expect(await audited('shipping_rate.add')).toHaveLength(1);
    expect((await audited('shipping_rate.change'))[0]).toMatchObject({ before: { priceMinor: 15_000 } });
  });

  it('go with their prices, which the audit keeps', async () => {
    const { body: zone } = await app.post('/shipping/zones', { name: 'World', rates, furtherKgMinor: 700 });
    expectStatus(await remove(`/shipping/zones/${zone.id}`), 200);
    const [{ before }] = (await audited('shipping_zone.remove')) as [Json];
    expect(before).toEqual({
      ...{ name: 'World', country: null, cities: [], postalPatterns: [], rates, furtherKgMinor: 700 },
      ...{ codBasisPoints: 0, codMinimumMinor: 0, remoteMinor: 0, fragileMinor: 0, roundUpToMinor: 1 },
      ...{ transitDaysMin: null, transitDaysMax: null },
    });
    expect((await app.get(`/shipping/rates?zoneId=${zone.id}`)).body.items).toEqual([]);
    for (const answer of [
      await remove(`/shipping/zones/${zone.id}`),
      await patch('/shipping/zones/none', { name: 'x' }),
    ])
      expect(answer.body).toMatchObject({ status: 404, code: 'ZONE_NOT_FOUND' });
    expect((await app.post('/shipping/rates', { zoneId: zone.id, ...rates[0] })).body.code).toBe('ZONE_NOT_FOUND');
  });

  it('are a store manager’s to set and everybody’s to read', async () => {
    const zone = { name: 'India', country: 'IN', rates };
    for (const role of ['fulfillment_specialist', 'cashier', 'customer_service', 'reporting']) {
      const apiKey = await app.keyFor(role);
      expect((await app.post('/shipping/zones', zone, { apiKey })).body.code).toBe('ROLE_NOT_ALLOWED');
      expect((await app.post('/shipping/rates', { zoneId: zones[0]?.id, ...rates[0] }, { apiKey })).status).toBe(403);
      expect((await app.call('DELETE', `/shipping/zones/${zones[0]?.id}`, undefined, { apiKey })).status).toBe(403);
      expect((await app.get('/shipping/zones', { apiKey })).body.items).toHaveLength(3);
      expectStatus(await quote({ city: 'Dhaka' }, { apiKey }), 200);
    }
    const apiKey = await app.keyFor('store_manager');
    const made = expectStatus(await app.post('/shipping/zones', zone, { apiKey }), 201).body;
    expectStatus(await app.call('DELETE', `/shipping/zones/${made.id}`, undefined, { apiKey }), 200);
  });

  it('have one name each, also where only the database takes two names for one', async () => {
    const zone = (name: string, country: string) => app.post('/shipping/zones', { name, country, rates });
    const cafe = expectStatus(await zone('Café', 'FR'), 201).body;
    const other = await zone('Cafe', 'IT');
    if (kind === 'mysql') expect(other.body).toMatchObject({ status: 409, code: 'ZONE_EXISTS' });
    else expectStatus(await remove(`/shipping/zones/${other.body.id}`), 200);
    const second = expectStatus(await zone('Bistro', 'IT'), 201).body;
    const renamed = await patch(`/shipping/zones/${second.id}`, { name: 'café' });
    expect(renamed.body).toMatchObject({ status: 409, code: 'ZONE_EXISTS', errors: [{ path: 'name' }] });
    for (const { id } of [cafe, second]) expectStatus(await remove(`/shipping/zones/${id}`), 200);
    // Nor does the database itself take two zones of one name, or days that end before they begin.
    const write = (name: string, days: string) => insertZone({ name, days });
    await expect(write('Inside Dhaka', '1, 2')).rejects.toThrow();
    for (const days of ['2, 1', '1, NULL', 'NULL, 1']) await expect(write('Delhi', days)).rejects.toThrow();
    expect(await listed()).toEqual(zones);
  });

  it('are looked at again only where a change moves them', async () => {
    const [dhaka] = zones as [Json];
    const twin = '0'.repeat(26);
    await insertZone({ name: 'Twin', country: `'BD'`, cities: JSON.stringify(['Dhaka']) });
    expectStatus(await patch(`/shipping/zones/${dhaka.id}`, { furtherKgMinor: 1_600 }), 200);
    expectStatus(await patch(`/shipping/zones/${dhaka.id}`, { furtherKgMinor: 1_500, name: 'Inside Dhaka' }), 200);
    expect((await patch(`/shipping/zones/${dhaka.id}`, { cities: ['Dhaka'] })).body).toMatchObject({
      ...{ code: 'ZONE_OVERLAPS', zoneId: twin, shared: 'Dhaka' },
    });
    expectStatus(await remove(`/shipping/zones/${twin}`), 200);
    expect(await listed()).toEqual(zones);
  });

  it('are those of one store: another has its own, and its manager does not touch these', async () => {
    expectStatus(await app.post('/stores', { id: 'east', name: 'East', currency: 'USD', timezone: 'Asia/Dhaka' }), 201);
    const apiKey = await app.keyFor('store_manager', ['east']);
    const nowhere = await quote({ city: 'Dhaka' }, { apiKey });
    expect(nowhere.body).toMatchObject({ code: 'ADDRESS_NOT_SERVICEABLE', zones: [] });
    expect(nowhere.body.detail).toContain('no shipping zones yet');
    expect(nowhere.body.detail).toMatch(/zones yet\. Add a zone with POST/);
    const only = expectStatus(await app.post('/shipping/zones', DHAKA, { apiKey }), 201).body;
    const last = await app.call('DELETE', `/shipping/zones/${only.id}`, undefined, { apiKey });
    expect(last.body).toMatchObject({
      ...{ status: 409, code: 'ZONE_NEEDED', zoneId: only.id },
      detail: expect.stringMatching(/free of charge\. Change it with PATCH .* prices to 0/),
    });
    expect((await app.get('/shipping/zones', { apiKey })).body.items).toEqual([only]);
    expect((await quote({ city: 'Dhaka' }, { apiKey })).body.currency).toBe('USD');
    const { id, rates: own } = zones[0] as Json;
    for (const [method, path] of [
      ['PATCH', `/shipping/zones/${id}`],
      ['DELETE', `/shipping/zones/${id}`],
      ['DELETE', `/shipping/rates/${own[0].id}`],
    ] as const) {
      const answer = await app.call(method, path, method === 'PATCH' ? { name: 'Mine' } : undefined, { apiKey });
      expect(answer.body).toMatchObject({ status: 403, code: 'STORE_NOT_ALLOWED' });
    }
    const both = await app.keyFor('store_manager', ['main', 'east']);
    expect((await quote({ city: 'Dhaka' }, { apiKey: both })).body.code).toBe('STORE_MISSING');
    expect((await quote({ city: 'Dhaka', storeId: 'main' }, { apiKey: both })).body.currency).toBe('BDT');
  });
});

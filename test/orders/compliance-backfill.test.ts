import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import { customerKeys } from '../../server/orders/compliance/customer-key';
import { Database } from '../../server/platform/database/database';
import { migrations } from '../../server/platform/database/migrate';
import { DATABASES, emptyDatabase } from '../support/databases';

const BEFORE_KEYS = '20261121-0503-create-order-holds';
const WITH_KEYS = '20261121-0504-add-customer-keys';
const AT = '2026-11-20T09:00:00.000Z';

interface Contact {
  phone: string | null;
  email: string | null;
}

const typed: Contact[] = [
  { phone: '+880 1712-345678', email: 'Rahima@Example.com' },
  { phone: '(0088) 01712 345678', email: null },
  { phone: '12-34-56', email: ' a@b.example ' },
  { phone: '00000 0000', email: '' },
  { phone: '12345', email: null },
  { phone: null, email: null },
  ...fc
    .sample(fc.string({ unit: fc.constantFrom(...'0123456789 ()-'), minLength: 6, maxLength: 29 }), {
      numRuns: 100,
      seed: 7,
    })
    .map((phone) => ({ phone, email: null })),
];

describe.each(DATABASES)('Customers of orders from before they had a key, on %s', (kind) => {
  it('are known by the same key as those of new orders', async () => {
    const empty = await emptyDatabase(kind);
    const database = Database.open({ databaseUrl: empty.url, databasePoolSize: 2, idempotencyWaitMs: 1000 });
    const { sequelize } = database;
    await migrations(database).up({ to: BEFORE_KEYS });
    const insert = (table: string, row: Record<string, unknown>): Promise<unknown> => {
      const columns = Object.keys(row);
      const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`;
      return sequelize.query(sql, { replacements: row });
    };
    const counts = [
      'subtotal',
      'discount',
      'shipping',
      'tax',
      'total',
      'paid',
      'receivable',
      'refunds_payable',
      'refunded',
      'clearing',
    ];
    const minors = Object.fromEntries(counts.map((name) => [`${name}_minor`, 0]));
    await insert('stores', {
      ...{ id: 'main', name: 'Main', currency: 'BDT', timezone: 'Asia/Dhaka', day_ends_at: '00:00' },
      ...{ packing: 'optional', preparation: 'required', high_value_minor: 0, created_at: AT },
    });
    for (const [n, { phone, email }] of typed.entries()) {
      await insert('orders', {
        ...{
          id: String(n),
          store_id: 'main',
          number: String(n),
          status: 'pending',
          payment_status: 'unpaid',
          version: 1,
        },
        ...{ fulfillment_method: 'pickup', payment_method: 'cash', currency: 'BDT', customer_name: 'A customer' },
        ...{
          customer_email: email,
          customer_phone: phone,
          notes: '',
          handover: '{}',
          submitted_payments: 0,
          ...minors,
        },
        ...{ placed_at: AT, created_at: AT, updated_at: AT },
      });
    }
    await migrations(database).up({ to: WITH_KEYS });
    const sql = 'SELECT id, customer_phone_key AS phone, customer_email_key AS email FROM orders';
    const found = await sequelize.query<Contact & { id: string }>(sql, { type: QueryTypes.SELECT });
    for (const [n, contact] of typed.entries()) {
      const row = found.find(({ id }) => id === String(n));
      const keys = { customerPhoneKey: row?.phone, customerEmailKey: row?.email };
      expect({ contact, ...keys }).toEqual({ contact, ...customerKeys(contact) });
    }
    await database.close();
    await empty.drop();
  });
});

import { addColumns, dropColumns, key, type Migration, nullable, text } from '../columns';

const INDEXES = {
  orders_by_phone: 'customer_phone_key, store_id, placed_at',
  orders_by_email: 'customer_email_key, store_id, placed_at',
};

/** Who a customer is, whatever way the phone or the address was typed: what somebody bought before is found by it. */
export const up: Migration = async (schema) => {
  await addColumns(schema, 'orders', {
    customer_phone_key: nullable(key(10)),
    customer_email_key: nullable(text(254)),
  });
  const mysql = schema.sequelize.getDialect() === 'mysql';
  const digits = ['+', ' ', '(', ')', '-'].reduce((sql, sign) => `REPLACE(${sql}, '${sign}', '')`, 'customer_phone');
  const significant = mysql ? `TRIM(LEADING '0' FROM ${digits})` : `LTRIM(${digits}, '0')`;
  // From the right end, and all of a number that is shorter.
  const last = mysql ? `RIGHT(${significant}, 10)` : `SUBSTR(${significant}, -10)`;
  await schema.sequelize.query(
    `UPDATE orders SET customer_phone_key = ${last} WHERE customer_phone IS NOT NULL AND LENGTH(${significant}) >= 6`,
  );
  await schema.sequelize.query(
    "UPDATE orders SET customer_email_key = LOWER(TRIM(customer_email)) WHERE customer_email IS NOT NULL AND customer_email <> ''",
  );
  for (const [name, columns] of Object.entries(INDEXES)) {
    await schema.sequelize.query(`CREATE INDEX ${name} ON orders (${columns})`);
  }
};

export const down: Migration = async (schema) => {
  for (const name of Object.keys(INDEXES)) await schema.removeIndex('orders', name);
  await dropColumns(schema, 'orders', ['customer_phone_key', 'customer_email_key']);
};

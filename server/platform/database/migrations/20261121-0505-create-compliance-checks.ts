import {
  count,
  createTable,
  dropTable,
  id,
  json,
  key,
  type Migration,
  nullable,
  reference,
  text,
  time,
} from '../columns';

/** What was checked before goods that not everybody may buy leave us, and what blocked an order. */
export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'compliance_checks',
    {
      id: id(),
      order_id: reference('orders'),
      kind: key(16),
      verdict: key(16),
      minimum_age: nullable(count()),
      document_kind: nullable(key(32)),
      document: nullable(text(200)),
      covers: json(),
      note: text(500),
      actor_name: text(200),
      actor_role: key(32),
      at: time(),
    },
    { indexes: [['order_id', 'id']] },
  );
  await createTable(
    schema,
    'compliance_blocks',
    {
      id: id(),
      order_id: reference('orders'),
      store_id: reference('stores'),
      /** The rule with what it is about: one order is told of once for each. */
      rule: key(96),
      code: key(32),
      message: text(500),
      at: time(),
    },
    { unique: [['order_id', 'rule']], indexes: [['at', 'store_id']] },
  );
};

export const down: Migration = async (schema) => {
  await dropTable(schema, 'compliance_blocks');
  await dropTable(schema, 'compliance_checks');
};

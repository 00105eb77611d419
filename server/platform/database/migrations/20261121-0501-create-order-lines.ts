import {
  count,
  createTable,
  dropTable,
  id,
  type Migration,
  minor,
  nullable,
  reference,
  text,
  withDefault,
} from '../columns';

export const up: Migration = async (schema) => {
  const counter = () => withDefault(count(), 0);
  await createTable(
    schema,
    'order_lines',
    {
      id: id(),
      order_id: reference('orders'),
      position: count(),
      product_id: reference('products'),
      sku: text(64),
      name: text(200),
      unit_price_minor: minor(),
      discount_minor: minor(),
      total_minor: minor(),
      parent_line_id: nullable(reference('order_lines')),
      quantity: count(),
      prepared_quantity: counter(),
      packed_quantity: counter(),
      shipped_quantity: counter(),
      delivered_quantity: counter(),
      cancelled_quantity: counter(),
      backordered_quantity: counter(),
      substituted_quantity: counter(),
      returned_quantity: counter(),
    },
    {
      unique: [['order_id', 'position']],
      checks: [
        'quantity > 0',
        'prepared_quantity >= 0 AND prepared_quantity <= quantity',
        'shipped_quantity >= 0 AND shipped_quantity <= quantity',
        'delivered_quantity <= shipped_quantity AND returned_quantity <= shipped_quantity',
        'cancelled_quantity >= 0 AND cancelled_quantity + substituted_quantity <= quantity',
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'order_lines');

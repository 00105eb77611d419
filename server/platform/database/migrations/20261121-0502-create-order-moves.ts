import {
  count,
  createTable,
  dropTable,
  id,
  key,
  longText,
  type Migration,
  nullable,
  reference,
  text,
  time,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'order_moves',
    {
      id: id(),
      order_id: reference('orders'),
      move: key(24),
      from_status: key(24),
      to_status: key(24),
      event_id: nullable(key(64)),
      reason: nullable(text(64)),
      notes: nullable(longText()),
      actor_name: text(120),
      order_version: count(),
      at: time(),
    },
    // A run may make a move once; a person may make it as often as the table of moves allows.
    {
      unique: [
        ['order_id', 'order_version'],
        ['order_id', 'move', 'event_id'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'order_moves');

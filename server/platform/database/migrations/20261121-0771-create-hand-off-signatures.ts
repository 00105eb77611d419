import { createTable, dropTable, id, longText, type Migration, reference, time } from '../columns';

export const up: Migration = async (schema) => {
  // Apart from the hand-offs, which are read by the list and need no pictures then.
  await createTable(
    schema,
    'hand_off_signatures',
    { id: id(), hand_off_id: reference('hand_offs'), png_base64: longText(), at: time() },
    { unique: [['hand_off_id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'hand_off_signatures');

import { type Migration, resizeColumn, text } from '../columns';

/** Who cancels an order says up to so much, and keeps it when they have to ask. */
export const up: Migration = (schema) => resizeColumn(schema, 'cancellation_requests', 'note', text(2000));

export const down: Migration = (schema) => resizeColumn(schema, 'cancellation_requests', 'note', text(1000));

import type { ReadContext } from '../../platform/context';

const SHOWN_MAX = 50;

/** Shelves that count as being counted by a task that is over, so that no shortage would have them counted again. */
export function shelvesHeldByClosedCounts(ctx: ReadContext): Promise<Record<string, unknown>[]> {
  return ctx.select(
    `SELECT l.id, l.task_id, l.sku FROM count_lines l JOIN tasks t ON t.id = l.task_id
      WHERE l.open_marker = 1 AND t.open_marker IS NULL LIMIT ${SHOWN_MAX}`,
  );
}

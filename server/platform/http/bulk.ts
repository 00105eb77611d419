import type { Caller } from '../database/reader';
import { type FieldError, ForbiddenError, Refusal } from '../errors';
import type { Workroom } from '../workroom';
import { auditRefusal } from './audit-refusal';
import { requestHash } from './idempotency';
import { type BulkElement, Reply, type Route } from './route';
import { runOnce } from './run-once';

export interface BulkItem {
  id: string;
  done: boolean;
  result?: unknown;
  problem?: { status: number; code: string; detail: string; errors?: FieldError[] };
  /** Of a preview: what the element would move, post and send. */
  effects?: unknown;
}

/**
 * Each element is a command of its own with a key of its own: one that is refused leaves the others alone, and the same
 * request sent again, as after a crash in the middle, goes on where it ended.
 */
export async function runElements(
  workroom: Workroom,
  caller: Caller,
  route: Route,
  request: { key: string | undefined; target: string; elements: readonly BulkElement[] },
): Promise<{ items: BulkItem[]; doneCount: number; refusedCount: number }> {
  const items: BulkItem[] = [];
  for (const element of request.elements) items.push(await runElement(workroom, caller, route, request, element));
  const doneCount = items.filter(({ done }) => done).length;
  return { items, doneCount, refusedCount: items.length - doneCount };
}

async function runElement(
  workroom: Workroom,
  caller: Caller,
  route: Route,
  { key, target }: { key: string | undefined; target: string },
  { id, body, run }: BulkElement,
): Promise<BulkItem> {
  try {
    const once = {
      key: key && `${key}:${id}`,
      hash: requestHash(`${target} ${id}`, body, route.definition.volatileFields),
    };
    const { reply, effects } = await runOnce(workroom, caller, once, async (ctx) => new Reply(200, await run(ctx)));
    return { id, done: true, result: reply.body, ...(key ? {} : { effects }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error instanceof ForbiddenError) await auditRefusal(workroom, caller, `${target} ${id}`, error);
    const { status, code, message: detail, errors } = error;
    return { id, done: false, problem: { status, code, detail, ...(errors ? { errors } : {}) } };
  }
}

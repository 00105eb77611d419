import type { ErrorRequestHandler, Response, Router } from 'express';
import { plusMs } from '../../platform/clock';
import type { ReadContext, Role } from '../../platform/context';
import type { Caller } from '../../platform/database/reader';
import { ForbiddenError, NotFoundError, Refusal } from '../../platform/errors';
import { render } from '../../platform/render';
import type { Workroom } from '../../platform/workroom';
import { isClosed, type TaskStatus } from '../tasks/task-moves';
import { TASK_STATE } from './page-policy';

/** What is closed still says so behind its link for a while; then it is no link any more. */
const CLOSED_LINK_KEPT_MS = 30 * 24 * 3_600_000;

/** Somebody's work that a signed link leads to. */
interface Linked {
  id: string;
  storeId: string;
  status: TaskStatus;
  closedAt: string | null;
  assigneeName: string | null;
  assigneeEmail: string | null;
}

interface Wanted<Row> {
  thing: 'task' | 'wave';
  /** Undefined when the link was altered, or is not its newest. */
  find(ctx: ReadContext): Promise<Row | undefined>;
  /** Whose rights the holder of the link has. */
  roleOf(row: Row): Role;
}

/** What a link stands for, and its holder as the one who asks. Throws 403 LINK_INVALID when it was altered, replaced or is long over. */
export async function openLinked<Row extends Linked>(
  workroom: Workroom,
  response: Response,
  { thing, find, roleOf }: Wanted<Row>,
): Promise<{ row: Row; ctx: ReadContext; caller: Caller }> {
  const now = workroom.clock.now();
  const row = await find(workroom.reader({ ...workroom.systemCaller(`${thing}-page`), now }));
  if (!row || (row.closedAt !== null && row.closedAt < plusMs(now, -CLOSED_LINK_KEPT_MS))) {
    throw new ForbiddenError(
      'LINK_INVALID',
      `This link is not valid any more. Open the one in the newest mail, or ask for the ${thing} again.`,
    );
  }
  response.set(TASK_STATE, stateOf(row));
  const name = row.assigneeName ?? row.assigneeEmail ?? `Holder of the ${thing} link`;
  const caller: Caller = {
    actor: { kind: 'link', id: row.id, name, role: roleOf(row), storeIds: [row.storeId] },
    now,
    requestId: String(response.locals.requestId),
    execution: {},
  };
  return { row, ctx: workroom.reader(caller), caller };
}

export function stateOf({ status }: Pick<Linked, 'status'>): 'open' | 'closed' {
  return isClosed(status) ? 'closed' : 'open';
}

/** Hung up last: what no page took, and what every page refuses, is a sentence. */
export function endPages(router: Router): Router {
  router.use(() => {
    throw new NotFoundError('LINK_INCOMPLETE', 'This address is not complete. Open the link in the mail again.');
  });
  return router.use(refusalPage);
}

/** A person with a phone reads a sentence, not a problem document. */
const refusalPage: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof Refusal)) return next(error);
  response
    .status(error.status)
    .set(TASK_STATE, 'gone')
    .type('html')
    .send(render('console/task-refused', { sentence: error.message }));
};

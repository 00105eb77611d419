import { auditRow } from '../audit/append';
import { auditRows } from '../audit/audit.models';
import type { Caller } from '../database/reader';
import type { ForbiddenError } from '../errors';
import type { Workroom } from '../workroom';

const TARGET_LENGTH_MAX = 120;

/** Only refusals of rights are audited, in a transaction of their own, since the command's was undone. */
export async function auditRefusal(
  workroom: Workroom,
  caller: Caller,
  target: string,
  error: ForbiddenError,
): Promise<void> {
  await workroom.command(caller, (ctx) => {
    const after = { code: error.code, ...error.facts };
    const subjectId = target.slice(0, TARGET_LENGTH_MAX);
    ctx.insert(auditRows, auditRow(ctx, { action: 'right.refused', subjectType: 'route', subjectId, after }));
    return Promise.resolve();
  });
}

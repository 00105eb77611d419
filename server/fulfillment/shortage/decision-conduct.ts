import { z } from 'zod';
import { answerMissing, answerLines, OPEN_STATUSES, openOrder, viewResolution, viewShortage } from '../../orders';
import { ConflictError, ValidationError } from '../../platform/errors';
import type { CommandContext } from '../../platform/context';
import type { Finished, Finishing, TaskConduct } from '../tasks/task-conduct';
import type { TaskRow } from '../tasks/tasks.models';
import { decideForm } from './decision-form';
import { decisionPage } from './decision-page';

/** What a form or a program hands over: an answer for each line, and why. */
const decision = z.object({ lines: answerLines.optional(), reason: z.string().optional() });

/** Deciding what becomes of what is missing of an order. */
export const shortageConduct: TaskConduct = {
  finish: finishDecision,
  page: (ctx, { task, refused }) => decisionPage(ctx, task, refused),
  forms: { decide: decideForm },
  closed: ({ status, result }) => (status === 'done' ? CLOSED[String(result?.resolution)] : undefined),
};

const CLOSED: Readonly<Record<string, string>> = {
  substitute: 'Decided: something else is sent in its place. There is nothing more to do.',
  refund: 'Decided: it is taken off the bill. There is nothing more to do.',
  backorder: 'Decided: the customer waits for it. There is nothing more to do.',
  none: 'Nothing was missing any more. There is nothing more to do.',
};

/** Carries the answers out with the task's end, in one command; missing nothing, it only ends. */
async function finishDecision(ctx: CommandContext, { order, state, result }: Finishing): Promise<Finished> {
  const { lines = [], reason } = decision.parse(result ?? {});
  const { id, status } = order.order;
  const { lines: missing } = await viewShortage(ctx, id);
  if (missing.length === 0 || !OPEN_STATUSES.includes(status)) {
    if (lines.length === 0) return { result: { resolution: 'none', lines: [] } };
    throw new ConflictError(
      'SHORTAGE_CHANGED',
      'Nothing is missing any more. Look again, then finish without an answer.',
    );
  }
  const unanswered = missing.filter((line) => !lines.some((answer) => answer.id === line.id));
  if (unanswered.length > 0) {
    const errors = unanswered.map(({ id: lineId, name, sku }) => {
      const message = `Say what becomes of ${name} (${sku}): wait, replace or refund.`;
      return { path: 'lines', code: 'ANSWER_MISSING', message, lineId };
    });
    throw new ValidationError('ANSWER_MISSING', errors[0]?.message ?? '', { errors });
  }
  const resolved = await answerMissing(ctx, await openOrder(ctx, id), {
    lines,
    reason: reason ?? reasonOf(state.task),
    event: state.task.eventId ?? undefined,
  });
  const { resolution, rows } = resolved;
  return { result: { resolution, lines: rows.map(viewResolution) }, order: resolved.state };
}

function reasonOf({ assigneeName, assigneeEmail }: TaskRow): string {
  return `Decided by ${assigneeName ?? assigneeEmail ?? 'a manager'}`;
}

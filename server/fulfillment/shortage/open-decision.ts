import { lockState, nothingMissing, openOrder, type ShortageView, viewShortage } from '../../orders';
import { authorise, mayUse } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ForbiddenError } from '../../platform/errors';
import { eventIdOf } from '../recovery/event-id';
import { assignTasks, decideTasks } from '../rights';
import { announceTask } from '../tasks/announce';
import { type Assignee, chooseAssignee } from '../tasks/assignment';
import { linesOf, type TaskState } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import type { DecisionTaskInput } from './shortage.schema';

const NAMED_MAX = 8;
const ROUNDS = `order_id = :orderId AND kind = 'shortage_decision' ORDER BY round DESC`;

/**
 * Asks a manager what is to become of what is missing, once: while that is open, or when the same starting event had
 * it asked before, that one is the answer. Throws 409 NOTHING_MISSING, ORDER_NOT_OPEN or ASSIGNEE_NOT_FOUND, 403
 * ASSIGNEE_MAY_NOT_DECIDE.
 */
export async function openShortageDecision(
  ctx: CommandContext,
  urls: TaskUrls,
  idOrNumber: string,
  input: DecisionTaskInput,
): Promise<TaskState & { isNew: boolean }> {
  const eventId = eventIdOf(input.event ?? ctx.execution.eventId);
  const { order } = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, assignTasks, order.storeId);
  const rounds = await ctx.find(tasks, ROUNDS, { orderId: order.id });
  const asked = askedBefore(rounds, eventId);
  if (asked) return { task: asked, lines: await linesOf(ctx, [asked.id]), isNew: false };
  const state = await openOrder(ctx, order.id);
  const shortage = await viewShortage(ctx, order.id);
  if (shortage.missingUnits === 0) throw nothingMissing(state);
  const opened = await insertTask(ctx, state, {
    kind: 'shortage_decision',
    units: NO_UNITS,
    round: (rounds[0]?.round ?? 0) + 1,
    assignee: await chooseDecider(ctx, order.storeId, input),
    dueAt: input.dueAt ?? null,
    instructions: [missingSentence(shortage), input.instructions ?? order.notes].filter(Boolean).join('\n'),
    details: { missing: shortage.lines.map(({ id, sku, missingQuantity }) => ({ lineId: id, sku, missingQuantity })) },
    eventId,
  });
  await announceTask(ctx, urls, { order, ...opened });
  return { ...opened, isNew: true };
}

/** The one that is open, or the one that a run which walks through what is done had before. */
function askedBefore(rounds: readonly TaskRow[], eventId: string | null): TaskRow | undefined {
  const open = rounds.find(({ openMarker }) => openMarker === 1);
  return open ?? rounds.find((task) => eventId !== null && task.eventId === eventId);
}

/** The link gives a manager's rights, so who is none gives it to managers only. */
async function chooseDecider(
  ctx: CommandContext,
  storeId: string,
  { assigneeEmail: email, role = 'store_manager' }: DecisionTaskInput,
): Promise<Assignee> {
  const assignee = await chooseAssignee(ctx, { storeId, email, role });
  if (mayUse(ctx.actor, decideTasks)) return assignee;
  const decides = assignee.assigneeRole === 'admin' || decideTasks.roles.some((one) => one === assignee.assigneeRole);
  if (decides) return assignee;
  throw new ForbiddenError(
    'ASSIGNEE_MAY_NOT_DECIDE',
    `${email} may not decide this. Name a store manager, or nobody: then the one with the least to do is asked.`,
    { errors: [{ path: 'assigneeEmail', code: 'ASSIGNEE_MAY_NOT_DECIDE', message: 'Name a store manager.' }] },
  );
}

/** The facts in the mail, so that a manager can weigh them before opening the page. */
function missingSentence({ lines }: ShortageView): string {
  const named = lines
    .slice(0, NAMED_MAX)
    .map(({ missingQuantity, name, sku }) => `${missingQuantity} × ${name} (${sku})`);
  const more = lines.length > NAMED_MAX ? [`${lines.length - NAMED_MAX} more products`] : [];
  return `Missing: ${[...named, ...more].join(', ')}.`;
}

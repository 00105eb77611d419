import { findUsers } from '../../people';
import type { CommandContext, ReadContext, Role } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { plusMs } from '../../platform/clock';
import type { TaskRow } from './tasks.models';

/** How far back a member's last task counts when loads are equal. */
const RECENT_MS = 24 * 3_600_000;

export interface Member {
  id: string;
  name: string;
  email: string;
}

export interface Load {
  /** Tasks not yet finished. */
  open: number;
  /** When the member last got one; null when not lately. */
  lastAt: string | null;
}

/** Who a task is for. `id` is null for a person we know only by e-mail. */
export interface Assignee {
  assigneeId: string | null;
  assigneeEmail: string | null;
  assigneeName: string | null;
  assigneeRole: Role | null;
}

export const NOBODY: Assignee = { assigneeId: null, assigneeEmail: null, assigneeName: null, assigneeRole: null };

/** The member with the fewest open tasks; among equals the one who has waited longest for one. */
export function leastLoaded<M extends Member>(members: readonly M[], loads: ReadonlyMap<string, Load>): M | undefined {
  const load = (member: M): Load => loads.get(member.id) ?? { open: 0, lastAt: null };
  return [...members].sort((left, right) => {
    const [a, b] = [load(left), load(right)];
    return a.open - b.open || (a.lastAt ?? '').localeCompare(b.lastAt ?? '') || left.id.localeCompare(right.id);
  })[0];
}

/**
 * The person named by e-mail (who need not be a user), else the role's least-loaded member in the store.
 * Throws 409 ASSIGNEE_NOT_FOUND when nobody there has the role.
 */
export async function chooseAssignee(
  ctx: CommandContext,
  wanted: { storeId: string; email?: string; role: Role; except?: string },
): Promise<Assignee> {
  const assignee = await findAssignee(ctx, wanted);
  if (assignee) return assignee;
  throw new ConflictError(
    'ASSIGNEE_NOT_FOUND',
    `Nobody in this store is ${wanted.role}. Add one with POST /api/v1/users, or name a person with "assigneeEmail".`,
    { facts: { role: wanted.role, storeId: wanted.storeId } },
  );
}

/** As `chooseAssignee`, and undefined when there is nobody. `except` is the e-mail of who gets it only when there is nobody else. */
export async function findAssignee(
  ctx: ReadContext,
  {
    storeId,
    email,
    role,
    except,
  }: { storeId: string; email?: string; role: Role; except?: string | readonly string[] },
): Promise<Assignee | undefined> {
  if (email) {
    const [user] = await findUsers(ctx, { storeId, email });
    return user ? assigneeOf(user, user.role) : { ...NOBODY, assigneeEmail: email.toLowerCase() };
  }
  const all = await findUsers(ctx, { storeId, role });
  const spared = [except ?? []].flat();
  const others = all.filter((one) => !spared.includes(one.email));
  // Who should rather not do it does it all the same when there is nobody else.
  const members = others.length > 0 ? others : all;
  const member = leastLoaded(members, await loadsOf(ctx, members));
  return member && assigneeOf(member, role);
}

function assigneeOf({ id, name, email }: Member, role: Role): Assignee {
  return { assigneeId: id, assigneeEmail: email, assigneeName: name, assigneeRole: role };
}

async function loadsOf(ctx: ReadContext, members: readonly Member[]): Promise<Map<string, Load>> {
  if (members.length < 2) return new Map();
  const params = { ids: members.map(({ id }) => id), since: plusMs(ctx.now, -RECENT_MS) };
  const open = await ctx.select<{ assigneeId: string; openTasks: number }>(
    'SELECT assignee_id, COUNT(*) AS open_tasks FROM tasks WHERE assignee_id IN (:ids) AND open_marker = 1 GROUP BY assignee_id',
    params,
  );
  const last = await ctx.select<{ assigneeId: string; lastAt: string }>(
    `SELECT assignee_id, MAX(created_at) AS last_at FROM tasks
      WHERE assignee_id IN (:ids) AND created_at > :since GROUP BY assignee_id`,
    params,
  );
  const lastAt = new Map(last.map((row) => [row.assigneeId, row.lastAt]));
  const counts = new Map(open.map((row) => [row.assigneeId, Number(row.openTasks)]));
  return new Map(params.ids.map((id) => [id, { open: counts.get(id) ?? 0, lastAt: lastAt.get(id) ?? null }]));
}

/** Whom something is given to, as people name them. */
export function nameOfAssignee({ assigneeName, assigneeEmail, assigneeRole }: Assignee): string | null {
  return assigneeName ?? assigneeEmail ?? assigneeRole;
}

/** Writes down that a task goes from one to another; `facts` say what else it had to do with. */
export function auditAssignment(
  ctx: CommandContext,
  task: Pick<TaskRow, 'id' | 'storeId' | 'orderId'> & Assignee,
  to: Assignee,
  facts: Record<string, unknown> = {},
): void {
  ctx.audit({
    action: 'task.assign',
    subjectType: 'task',
    subjectId: task.id,
    storeId: task.storeId,
    orderId: task.orderId,
    before: { assignee: nameOfAssignee(task) },
    after: { assignee: nameOfAssignee(to), ...facts },
  });
}

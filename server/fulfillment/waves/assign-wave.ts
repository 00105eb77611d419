import type { CommandContext } from '../../platform/context';
import { assignTasks } from '../rights';
import { tellAssigned } from '../tasks/announce';
import { type Assignee, auditAssignment, chooseAssignee, nameOfAssignee } from '../tasks/assignment';
import { taskKinds } from '../tasks/task-kinds';
import type { AssignInput } from '../tasks/tasks.schema';
import { announceWave } from './announce-wave';
import type { WaveUrls } from './wave-links';
import { assertOpen, lockWithOrders, readWave, type Slot, type WaveState } from './wave-state';
import { type WaveRow, waves } from './waves.models';

/**
 * Gives an open wave to somebody else, the orders' tasks with it, and ends the links of the one who had it; what was
 * collected and sorted stays as it is. A role means somebody else of it, if there is anybody; neither person nor role
 * means who has it. The same person until the same time changes nothing; with another time, the mail goes out again with
 * the link it had.
 * Throws 409 WAVE_CLOSED or ASSIGNEE_NOT_FOUND.
 */
export async function assignWave(
  ctx: CommandContext,
  urls: WaveUrls,
  id: string,
  input: AssignInput,
): Promise<{ state: WaveState; changed: boolean }> {
  const state = await lockWithOrders(ctx, id, assignTasks);
  const { wave } = state;
  assertOpen(wave);
  const assignee = await chosen(ctx, wave, input);
  const isSame = assignee.assigneeEmail === wave.assigneeEmail;
  const dueAt = input.dueAt ?? wave.dueAt;
  if (isSame && dueAt === wave.dueAt) return { state, changed: false };
  const set: Partial<WaveRow> = {
    ...assignee,
    dueAt,
    // Who has just got it, or more time for it, has not been reminded yet.
    overdueAt: null,
    escalatedAt: null,
    linkNumber: isSame ? wave.linkNumber : wave.linkNumber + 1,
    version: wave.version + 1,
    updatedAt: ctx.now,
  };
  await ctx.update(waves, set, 'id = :id', { id });
  if (!isSame) await giveTasks(ctx, state, assignee);
  auditHandOver(ctx, { ...wave, ...set }, { before: nameOfAssignee(wave), dueBefore: wave.dueAt });
  const given = await readWave(ctx, id);
  await announceWave(ctx, urls, given, 'assigned');
  return { state: given, changed: true };
}

async function chosen(ctx: CommandContext, wave: WaveRow, { assigneeEmail, role }: AssignInput): Promise<Assignee> {
  if (assigneeEmail === undefined && role === undefined) return holderOf(wave);
  return chooseAssignee(ctx, {
    storeId: wave.storeId,
    email: assigneeEmail,
    role: role ?? taskKinds.picking.role,
    except: wave.assigneeEmail ?? undefined,
  });
}

function holderOf({ assigneeId, assigneeEmail, assigneeName, assigneeRole }: Assignee): Assignee {
  return { assigneeId, assigneeEmail, assigneeName, assigneeRole };
}

/** The link of the one who had a task ends with this; who gets it hears of the wave only. */
async function giveTasks(ctx: CommandContext, { wave, slots }: WaveState, assignee: Assignee): Promise<void> {
  const open = slots.filter(({ task }) => task.openMarker === 1);
  if (open.length === 0) return;
  const columns = 'assignee_id = :assigneeId, assignee_email = :assigneeEmail, assignee_name = :assigneeName';
  await ctx.execute(
    `UPDATE tasks SET ${columns}, assignee_role = :assigneeRole, link_number = link_number + 1, version = version + 1,
       updated_at = :now WHERE id IN (:ids) AND open_marker = 1`,
    { ...assignee, now: ctx.now, ids: open.map(({ task }) => task.id) },
  );
  for (const slot of open) tellHandOver(ctx, wave, slot, assignee);
}

function tellHandOver(ctx: CommandContext, wave: WaveRow, { task, order: { order } }: Slot, to: Assignee): void {
  auditAssignment(ctx, task, to, { wave: wave.number });
  tellAssigned(ctx, { order, task: { ...task, ...to } });
}

function auditHandOver(
  ctx: CommandContext,
  wave: WaveRow,
  { before, dueBefore }: { before: string | null; dueBefore: string | null },
): void {
  ctx.audit({
    action: 'wave.assign',
    subjectType: 'wave',
    subjectId: wave.id,
    storeId: wave.storeId,
    before: { assignee: before, dueAt: dueBefore },
    after: { assignee: nameOfAssignee(wave), dueAt: wave.dueAt },
  });
}

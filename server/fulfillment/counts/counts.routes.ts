import type { ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { command, query, type Route } from '../../platform/http/route';
import { decideTasks, readTasks, workOnTasks } from '../rights';
import { completeTask } from '../tasks/close-task';
import { readTask, type TaskState } from '../tasks/find-tasks';
import { type TaskKind, taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { viewTask } from '../tasks/task-view';
import { taskChange, taskParams } from '../tasks/tasks.schema';
import type { FindingRow } from './counts.models';
import { countInput, decisionInput, findingList } from './counts.schema';
import { type Choice, unitsNow } from './decide-stock';
import { readShelfFacts, type ShelfNow } from './shelf-facts';
import { findingsOf } from './stock-decision';

const tag = 'fulfillment';

export function countRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/tasks/:id/count',
      tag,
      summary: 'Finish a count with what lies on the shelves; what differs goes to a manager',
      permission: workOnTasks,
      params: taskParams,
      body: countInput,
      response: taskChange,
      run: async (ctx, { params: { id }, body: { lines, ...rest } }) => {
        assertKind(await readTask(ctx, id), 'count');
        const counted = lines.map(({ note = null, ...line }) => ({ ...line, note }));
        const { changed, ...state } = await completeTask(ctx, urls, id, { allDone: true, ...rest }, { counted });
        return { ...viewTask(state, ctx, urls), changed };
      },
    }),
    query({
      method: 'get',
      path: '/tasks/:id/findings',
      tag,
      summary: 'What a stock decision is about, with the difference as it stands now',
      permission: readTasks,
      params: taskParams,
      response: findingList,
      run: async (ctx, { params: { id } }) => {
        assertKind(await readTask(ctx, id), 'stock_decision');
        return { items: await viewFindings(ctx, id), nextCursor: null };
      },
    }),
    command({
      method: 'post',
      path: '/tasks/:id/stock_decision',
      tag,
      summary: 'Decide on what was found: correct the record, count again, or leave it',
      permission: decideTasks,
      params: taskParams,
      body: decisionInput,
      response: taskChange,
      run: async (ctx, { params: { id }, body: { decision, reason, choices, ...rest } }) => {
        assertKind(await readTask(ctx, id), 'stock_decision');
        const open = await findingsOf(ctx, id);
        const chosen: Choice[] =
          choices ?? open.map((finding) => ({ id: finding.id, decision: decision ?? 'leave', reason }));
        const input = { allDone: true, ...rest };
        const { changed, ...state } = await completeTask(ctx, urls, id, input, { choices: chosen });
        return { ...viewTask(state, ctx, urls), changed };
      },
    }),
  ];
}

/** Throws 409 TASK_KIND_WRONG. */
function assertKind({ task }: TaskState, wanted: TaskKind): void {
  if (task.kind === wanted) return;
  throw new ConflictError(
    'TASK_KIND_WRONG',
    `This task is of the kind ${task.kind}, not ${wanted}. Finish it on its page, or with POST /api/v1/tasks/${task.id}/complete.`,
    { facts: { kind: task.kind, title: taskKinds[task.kind].title } },
  );
}

async function viewFindings(ctx: ReadContext, taskId: string): Promise<Record<string, unknown>[]> {
  const findings = await findingsOf(ctx, taskId);
  const shelves = await readShelfFacts(
    ctx,
    findings.map(({ productId }) => productId),
  );
  return findings.map((finding) => viewFinding(finding, shelves(finding)));
}

function viewFinding(finding: FindingRow, shelf: ShelfNow): Record<string, unknown> {
  const { id, kind, productId, sku, name, onHand, inHand, setForWriteOff, counted, units, note, status } = finding;
  const { foundBy, foundAt, reason, appliedUnits, adjustmentId, decidedBy, decidedAt } = finding;
  const isOpen = status === 'proposed';
  const now = isOpen ? unitsNow(finding, shelf) : (appliedUnits ?? 0);
  return {
    ...{ id, kind, productId, sku, name, shelf: finding.shelf, onHand, inHand, setForWriteOff, counted, units, note },
    unitsNow: now,
    valueMinor: isOpen ? shelf.worthOf(now) : (finding.valueMinor ?? 0),
    ...{ foundBy, foundAt, status, reason, appliedUnits, adjustmentId, decidedBy, decidedAt },
  };
}

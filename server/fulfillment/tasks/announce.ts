import { emitForOrder, type OrderRow } from '../../orders';
import { findUsers, storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import type { TaskState } from './find-tasks';
import { taskConducts } from './task-conduct';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { openUnits } from './task-progress';
import type { TaskRow } from './tasks.models';

type Announced = TaskState & { order: OrderRow };

interface Recipient {
  email: string;
  name: string | null;
}

/** Tells the pipelines and the person that there is work. */
export async function announceTask(ctx: CommandContext, urls: TaskUrls, announced: Announced): Promise<void> {
  tellAssigned(ctx, announced);
  await mailTask(ctx, urls, announced, { template: 'emails/task-assigned', to: assigneeOf(announced) });
}

/** Tells the pipelines only. */
export function tellAssigned(ctx: CommandContext, { order, task }: { order: OrderRow; task: TaskRow }): void {
  const { id: taskId, kind, round, assigneeName, assigneeRole, dueAt } = task;
  emitForOrder(ctx, order, 'task.assigned', { taskId, kind, round, assigneeName, assigneeRole, dueAt });
}

/** Tells once that a task is late, and reminds the person. */
export async function announceOverdue(ctx: CommandContext, urls: TaskUrls, announced: Announced): Promise<void> {
  const { id: taskId, kind, assigneeName, assigneeRole, dueAt } = announced.task;
  emitForOrder(ctx, announced.order, 'task.overdue', { taskId, kind, assigneeName, assigneeRole, dueAt });
  await mailTask(ctx, urls, announced, { template: 'emails/task-overdue', to: assigneeOf(announced) });
}

/** Tells the store's managers that a reminder did not help. */
export async function escalateTask(ctx: CommandContext, urls: TaskUrls, announced: Announced): Promise<void> {
  const managers = await findUsers(ctx, { storeId: announced.task.storeId, role: 'store_manager' });
  await mailTask(ctx, urls, announced, { template: 'emails/task-escalated', to: managers });
}

function assigneeOf({ task }: Announced): Recipient[] {
  return task.assigneeEmail ? [{ email: task.assigneeEmail, name: task.assigneeName }] : [];
}

async function mailTask(
  ctx: CommandContext,
  urls: TaskUrls,
  { order, task, lines }: Announced,
  { template, to }: { template: string; to: readonly Recipient[] },
): Promise<void> {
  if (to.length === 0) return;
  const store = await storeSettings(ctx, task.storeId);
  const open = lines.filter((line) => openUnits(line) > 0);
  const data = {
    title: taskKinds[task.kind].title,
    linkText: taskKinds[task.kind].linkText,
    orderNumber: task.orderNumber,
    // Subjects name the order where its kind names nothing else.
    about: taskConducts.of(task.kind).about?.(task) ?? null,
    storeName: store.name,
    timezone: store.timezone,
    // The picker may need to call a name at the counter; nothing else of the customer leaves in this mail.
    customerFirstName: firstWord(order.customerName),
    holder: task.assigneeName ?? task.assigneeEmail,
    instructions: task.instructions,
    dueAt: task.dueAt,
    lines: open.map((line) => ({ ...lineFacts(line), quantity: openUnits(line) })),
    url: urls.urlOf(task),
  };
  for (const { email, name } of to) {
    const mail = { template, to: email, storeId: task.storeId, orderId: task.orderId };
    await queueMail(ctx, { ...mail, data: { ...data, readerFirstName: firstWord(name ?? '') } });
  }
}

function lineFacts({ sku, name, shelf, barcode }: TaskState['lines'][number]): Record<string, unknown> {
  return { sku, name, shelf, barcode };
}

function firstWord(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}

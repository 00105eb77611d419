import { emitForOrder, type OrderRow } from '../../orders';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import type { TaskState } from './find-tasks';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { openUnits } from './task-progress';

type Announced = TaskState & { order: OrderRow };

/** Tells the pipelines and the person that there is work. */
export async function announceTask(ctx: CommandContext, urls: TaskUrls, announced: Announced): Promise<void> {
  const { order, task } = announced;
  const { id: taskId, kind, round, assigneeName, assigneeRole, dueAt } = task;
  emitForOrder(ctx, order, 'task.assigned', { taskId, kind, round, assigneeName, assigneeRole, dueAt });
  await mailTask(ctx, urls, announced, 'emails/task-assigned');
}

/** Tells once that a task is late. */
export async function announceOverdue(ctx: CommandContext, urls: TaskUrls, announced: Announced): Promise<void> {
  const { id: taskId, kind, assigneeName, assigneeRole, dueAt } = announced.task;
  emitForOrder(ctx, announced.order, 'task.overdue', { taskId, kind, assigneeName, assigneeRole, dueAt });
  await mailTask(ctx, urls, announced, 'emails/task-overdue');
}

async function mailTask(
  ctx: CommandContext,
  urls: TaskUrls,
  { order, task, lines }: Announced,
  template: string,
): Promise<void> {
  if (!task.assigneeEmail) return;
  const store = await storeSettings(ctx, task.storeId);
  const open = lines.filter((line) => openUnits(line) > 0);
  await queueMail(ctx, {
    template,
    to: task.assigneeEmail,
    storeId: task.storeId,
    orderId: task.orderId,
    data: {
      title: taskKinds[task.kind].title,
      orderNumber: task.orderNumber,
      storeName: store.name,
      timezone: store.timezone,
      // The picker may need to call a name at the counter; nothing else of the customer leaves in this mail.
      customerFirstName: firstWord(order.customerName),
      assigneeFirstName: firstWord(task.assigneeName ?? ''),
      instructions: task.instructions,
      dueAt: task.dueAt,
      lines: open.map((line) => ({
        quantity: openUnits(line),
        sku: line.sku,
        name: line.name,
        shelf: line.shelf,
        barcode: line.barcode,
      })),
      url: urls.urlOf(task),
    },
  });
}

function firstWord(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}

import { orderOpenWork, orderSections } from '../orders';
import type { Registry } from '../platform/registry';
import type { Workroom } from '../platform/workroom';
import type { Couriers } from '../shipping';
import { installConsignments } from './consignments';
import { installCounts } from './counts';
import { installHandOffs } from './handoffs';
import { labelRoutes } from './labels/labels.routes';
import { voidCancelled, voidOutdated, voidUnpacked } from './labels/labels.service';
import { labelsOfOrders } from './labels/label-view';
import { photoRoutes } from './photos/photos.routes';
import { installPacking } from './packing';
import { expectRun, recordAwake, recordRun, type TakenEvent } from './recovery/runs';
import { recoveryRoutes } from './recovery/recovery.routes';
import { restartStalled } from './recovery/stalls';
import { shippingCostRoutes } from './shipping-cost/shipping-cost.routes';
import { taskPages } from './task-page/task-pages';
import { endTasksOfOrder, openTaskSentences, tasksOfOrders, tellOverdue } from './tasks/order-tasks';
import { endRefundTask, openRefundTask } from './tasks/refund-task';
import { taskUrls } from './tasks/task-links';
import { taskRoutes } from './tasks/tasks.routes';
import { RESUME_OPTIONS, resumeRun } from './waits/resume.jobs';
import { RESUME_JOB } from './waits/settle-waits';
import { waitRoutes } from './waits/waits.routes';
import { installWaves } from './waves';
import { eventIdOf } from './recovery/event-id';
import { installShortageDecisions } from './shortage';

export { CODE_WORDS, type HandOffRow, openHandOffOf } from './handoffs';
export { activeLabel } from './labels/label-view';
export type { LabelFormat, LabelRow } from './labels/labels.models';
export { recordPrint } from './labels/labels.service';
export { type LabelledParcel, labelledParcel } from './labels/parcels';
export { packagesHere } from './packing/find-packages';
export { openWork } from './open-work';
export { reportIncident } from './recovery/incidents';
export { restsWhileAsked } from './tasks/stop-work';
export type { TaskUrls } from './tasks/task-links';
export { announceTask } from './tasks/announce';
export { findAssignee, NOBODY } from './tasks/assignment';
export { cancelTask, completeTask } from './tasks/close-task';
export { insertTask, openTask } from './tasks/open-task';
export {
  type Act,
  type Finished,
  type Finishing,
  type PagePart,
  type TaskConduct,
  taskConducts,
} from './tasks/task-conduct';
export { NO_UNITS } from './tasks/task-units';
export { readFields } from './task-page/task-forms';
export { type PaperMaker, taskPapers } from './task-page/task-papers';
export { putBackState, type PutBackState } from './tasks/put-back-state';
export { taskUrls };

const hasLabels = 'EXISTS (SELECT 1 FROM labels WHERE order_id = heard.order_id)';
const OVERDUE_EVERY_MS = 30_000;
const STALLS_EVERY_MS = 10_000;

export function install(registry: Registry, workroom: Workroom, couriers: Couriers): void {
  const { config } = registry;
  const { publicUrl, sessionSecret: secret, pipelineStallMs } = config;
  const urls = taskUrls({ publicUrl, secret });
  registry.addRoutes(...taskRoutes(urls), ...waitRoutes(urls), ...recoveryRoutes);
  registry.addRoutes(...photoRoutes, ...shippingCostRoutes);
  registry.addPages('/t', taskPages({ workroom, urls, secret }));
  for (const topic of ['order.cancelled', 'order.rejected']) {
    registry.on(topic, `fulfillment.end_tasks_${topic}`, (job, event) => endTasksOfOrder(job, urls, event));
  }
  registry.on('refund.failed', 'fulfillment.open_refund_task', (job, event) => openRefundTask(job, urls, event));
  registry.on('refund.settled', 'fulfillment.end_refund_task', (job, event) => endRefundTask(job, urls, event));
  registry.addRoutes(...labelRoutes(publicUrl));
  registry.on('order.cancelled', 'fulfillment.void_label', voidCancelled, hasLabels);
  registry.on('order.edited', 'fulfillment.void_outdated_label', voidOutdated, hasLabels);
  registry.on('package.voided', 'fulfillment.void_unpacked_label', voidUnpacked, hasLabels);
  registry.job(RESUME_JOB, (job, payload) => resumeRun(job, payload, pipelineStallMs), RESUME_OPTIONS);
  registry.every('fulfillment.overdue', OVERDUE_EVERY_MS, (job) => tellOverdue(job, urls));
  registry.every('fulfillment.stalls', STALLS_EVERY_MS, (job) => restartStalled(job, pipelineStallMs));
  registry.onCommand(async (ctx, orderId) => {
    const { executionId, eventId } = ctx.execution;
    if (executionId) await recordAwake(ctx, executionId);
    const startedBy = eventIdOf(eventId);
    if (startedBy) await recordRun(ctx, { eventId: startedBy, orderId, pipelineStallMs });
  });
  registry.on('webhook.delivered', 'fulfillment.expect_run', (job, event) =>
    job.transaction((ctx) => expectRun(ctx, event.data as unknown as TakenEvent, pipelineStallMs)),
  );
  installConsignments(registry, couriers);
  installPacking(registry, urls);
  installCounts(registry, urls);
  installShortageDecisions(registry, urls);
  installHandOffs(registry, urls);
  installWaves(registry, workroom, urls);
  orderSections.add('tasks', tasksOfOrders);
  orderSections.add('labels', labelsOfOrders(publicUrl));
  orderOpenWork.add('tasks', openTaskSentences);
}

import type { Registry } from '../platform/registry';
import { DELIVER_JOB } from './deliveries';
import { Listeners } from './listeners';
import { deliver, DELIVER_OPTIONS, fanOut, onPipelineStalled, pruneDelivered, takeUpOverdue } from './webhooks.jobs';
import { webhookRoutes } from './webhooks.routes';

export { deliverAgain } from './deliveries';

const TAKE_UP_EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 10 * 60_000;

const somebodyListens = 'EXISTS (SELECT 1 FROM webhook_subscriptions WHERE active = 1)';

export function install(registry: Registry): void {
  registry.addRoutes(...webhookRoutes);
  const listeners = new Listeners();
  registry.on('*', 'webhooks.fanOut', (job, event) => fanOut(job, event, listeners), somebodyListens);
  registry.on('pipeline.stalled', 'webhooks.deliverAgain', onPipelineStalled);
  registry.job(DELIVER_JOB, deliver, DELIVER_OPTIONS);
  registry.every('webhooks.takeUpOverdue', TAKE_UP_EVERY_MS, takeUpOverdue);
  registry.every('webhooks.prune', PRUNE_EVERY_MS, pruneDelivered);
}

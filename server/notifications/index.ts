import { openTask, taskUrls } from '../fulfillment';
import { orderOpenWork, orderSections } from '../orders';
import { ConflictError } from '../platform/errors';
import type { Registry } from '../platform/registry';
import { failedSentences, messagesOfOrders } from './list-messages';
import { type GiveManualMessage, onMailFailed, onMailSent } from './mail-fate';
import { notificationsRoutes } from './notifications.routes';

export { managementMessages, type MessageContent } from './management-messages';

export function install(registry: Registry): void {
  const { publicUrl, sessionSecret: secret } = registry.config;
  const urls = taskUrls({ publicUrl, secret });
  const giveTask: GiveManualMessage = async (ctx, task) => {
    try {
      await openTask(ctx, urls, { kind: 'manual_message', ...task });
    } catch (error) {
      // A shop without customer service has the event and the order's explanation instead.
      if (!(error instanceof ConflictError && error.code === 'ASSIGNEE_NOT_FOUND')) throw error;
    }
  };
  registry.addRoutes(...notificationsRoutes);
  registry.on('mail.sent', 'notifications.mail_sent', onMailSent);
  registry.on('mail.failed', 'notifications.mail_failed', (job, event) => onMailFailed(job, event, giveTask));
  orderSections.add('messages', messagesOfOrders);
  orderOpenWork.add('messages', failedSentences);
}

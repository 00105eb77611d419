import { taskConducts, type TaskUrls } from '../../fulfillment';
import type { Registry } from '../../platform/registry';
import type { Workroom } from '../../platform/workroom';
import { ENDING_TOPICS, expireRequest } from './follow-orders';
import { requestConduct } from './request-conduct';

export { cancelOrAsk, requestRoutes } from './requests.routes';
export { askToCancel } from './ask-to-cancel';

/** Few orders are. */
const isAskedAbout = 'EXISTS (SELECT 1 FROM cancellation_requests WHERE order_id = heard.order_id AND open_marker = 1)';

/** Requests to cancel while work is under way: a hold, a word to everyone at work, and a manager's decision. */
export function installRequests(registry: Registry, workroom: Workroom, urls: TaskUrls): void {
  taskConducts.set('cancellation_decision', requestConduct(workroom));
  for (const topic of ENDING_TOPICS) {
    registry.on(
      topic,
      `cancellations.expire_request_${topic}`,
      (job, event) => expireRequest(job, urls, event),
      isAskedAbout,
    );
  }
}

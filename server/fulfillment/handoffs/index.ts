import { orderSections } from '../../orders';
import { lateWords } from '../../platform/mail';
import type { Registry } from '../../platform/registry';
import { taskConducts } from '../tasks/task-conduct';
import type { TaskUrls } from '../tasks/task-links';
import { readHandOff } from './find-hand-offs';
import { followOrder, tellOverdueHandOff } from './follow-order';
import { handOffCode } from './hand-off-code';
import { handOffConduct } from './hand-off-conduct';
import { endedBy } from './hand-off-moves';
import { handOffsOfOrders } from './hand-off-view';
import { handOffRoutes } from './hand-offs.routes';
import { pickupConduct } from './pickup-conduct';

export { openHandOffOf } from './find-hand-offs';
export type { HandOffRow } from './hand-offs.models';

/** The name under which a mail asks for the code of an open hand-off. */
export const CODE_WORDS = 'hand_off_code';

/** Most orders leave with a courier and wait for nobody. */
const waits = 'EXISTS (SELECT 1 FROM hand_offs WHERE order_id = heard.order_id AND open_marker = 1)';

/** Goods change hands: at the counter, at the kerb, with a delivery service, and with the courier who picks them up. */
export function installHandOffs(registry: Registry, urls: TaskUrls): void {
  const { sessionSecret: secret } = registry.config;
  const counter = { urls, secret };
  registry.addRoutes(...handOffRoutes(counter));
  for (const topic of Object.keys(endedBy)) {
    registry.on(topic, `fulfillment.end_hand_off_${topic}`, (job, event) => followOrder(job, urls, event), waits);
  }
  registry.on('task.overdue', 'fulfillment.tell_overdue_hand_off', tellOverdueHandOff);
  lateWords.add(CODE_WORDS, async (job, { handOffId }) => {
    const { id, status, confirmBy } = await readHandOff(job.read, String(handOffId));
    return { handOffCode: status === 'open' && confirmBy === 'code' ? handOffCode(id, secret) : null };
  });
  orderSections.add('handoffs', handOffsOfOrders);
  taskConducts.set('hand_off', handOffConduct(counter));
  taskConducts.set('pickup_dispatch', pickupConduct);
}

import { unitsHeld } from '../../inventory';
import type { Registry } from '../../platform/registry';
import { taskConducts } from '../tasks/task-conduct';
import type { TaskUrls } from '../tasks/task-links';
import { countConduct } from './count-conduct';
import { checkFoundGoods, checkShortShelves } from './count-events';
import { COUNT_ON_JOB, countOn } from './count-on';
import { countRoutes } from './counts.routes';
import { shelvesHeldByClosedCounts } from './integrity';
import { decisionConduct } from './decision-conduct';
import { unitsHeldAt } from './units-in-hand';

/** What is true about the shelf: counts, what they find, and what a manager makes of it. */
export function installCounts(registry: Registry, urls: TaskUrls): void {
  taskConducts.set('count', countConduct);
  taskConducts.set('stock_decision', decisionConduct);
  registry.addRoutes(...countRoutes(urls));
  unitsHeld.set(unitsHeldAt);
  registry.integrityCheck('shelves-counted-by-open-tasks', shelvesHeldByClosedCounts);
  registry.job(COUNT_ON_JOB, (job, payload) => countOn(job, urls, payload));
  registry.on('line.short', 'fulfillment.check_short_shelves', (job, event) => checkShortShelves(job, urls, event));
  registry.on('stock.found', 'fulfillment.check_found_goods', (job, event) => checkFoundGoods(job, urls, event));
}

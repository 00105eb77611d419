import { provideShortPicked } from '../../orders';
import type { Registry } from '../../platform/registry';
import { taskConducts } from '../tasks/task-conduct';
import type { TaskUrls } from '../tasks/task-links';
import { shortageConduct } from './decision-conduct';
import { readShortPicked } from './short-picked';
import { shortageDecisionRoutes } from './shortage.routes';

/** What a picking did not find, and the manager who says what becomes of it. */
export function installShortageDecisions(registry: Registry, urls: TaskUrls): void {
  provideShortPicked(readShortPicked);
  taskConducts.set('shortage_decision', shortageConduct);
  registry.addRoutes(...shortageDecisionRoutes(urls));
}

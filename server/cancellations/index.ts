import { orderCommands, orderOpenWork, orderSections } from '../orders';
import { taskUrls } from '../fulfillment';
import type { Registry } from '../platform/registry';
import type { Workroom } from '../platform/workroom';
import { cancelByMove, cancellationsRoutes } from './cancellations.routes';
import { cancellationOf, openStepSentences } from './case-view';
import { installCasesByFact } from './case-by-fact';
import { installFollowing } from './follow-steps';
import { installRequests } from './requests';

export { CANCELLATION_REASONS } from './cancel-reasons';

export function install(registry: Registry, workroom: Workroom): void {
  const { publicUrl, sessionSecret: secret } = registry.config;
  const urls = taskUrls({ publicUrl, secret });
  registry.addRoutes(...cancellationsRoutes(urls));
  orderCommands.set('cancel', cancelByMove(urls));
  installRequests(registry, workroom, urls);
  orderSections.add('cancellation', cancellationOf);
  orderOpenWork.add('cancellation', openStepSentences);
  installCasesByFact(registry);
  installFollowing(registry);
}

import { orderCommands, orderOpenWork, orderSections } from '../orders';
import type { Registry } from '../platform/registry';
import { cancelByMove, cancellationsRoutes } from './cancellations.routes';
import { cancellationOf, openStepSentences } from './case-view';
import { installFollowing } from './follow-steps';

export { CANCELLATION_REASONS } from './cancel-reasons';

export function install(registry: Registry): void {
  registry.addRoutes(...cancellationsRoutes);
  orderCommands.set('cancel', cancelByMove);
  orderSections.add('cancellation', cancellationOf);
  orderOpenWork.add('cancellation', openStepSentences);
  installFollowing(registry);
}

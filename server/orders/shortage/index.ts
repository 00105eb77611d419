import { orderSections } from '../order-extensions';
import type { Registry } from '../../platform/registry';
import { resolutionsOfOrders } from './resolutions';
import { shortageRoutes } from './shortage.routes';

export { provideShortPicked, type ShortPicked } from './missing-units';
export { answerMissing, answerShortages, nothingMissing, OPEN_STATUSES, openOrder } from './resolve-shortage';
export { resolutionsOfOrder, viewResolution } from './resolutions';
export { type ShortageView, viewShortage } from './shortage-view';
export type { ResolutionRow } from './shortage.models';
export { answerLines, type Consent, PRICE_POLICIES, type Resolution, RESOLUTIONS } from './shortage.schema';

export function installShortage(registry: Registry): void {
  registry.addRoutes(...shortageRoutes);
  orderSections.add('resolutions', resolutionsOfOrders);
}

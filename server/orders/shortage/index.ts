import { orderSections } from '../order-extensions';
import type { Registry } from '../../platform/registry';
import { resolutionsOfOrders } from './resolutions';
import { shortageRoutes } from './shortage.routes';

export { provideShortPicked, type ShortPicked } from './missing-units';
export { resolutionsOfOrder } from './resolutions';
export { giveAnswers, nothingMissing, openOrder, type Resolved } from './resolve-shortage';
export { type ShortageView, viewShortage } from './shortage-view';
export type { ResolutionRow } from './shortage.models';
export { type Consent, PRICE_POLICIES, type PricePolicy, type Resolution, RESOLUTIONS } from './shortage.schema';

export function installShortage(registry: Registry): void {
  registry.addRoutes(...shortageRoutes);
  orderSections.add('resolutions', resolutionsOfOrders);
}

import { taskPapers } from '../fulfillment';
import type { Registry } from '../platform/registry';
import { documentRoutes, packingSlipOf, type PrintShop } from './documents.routes';

export function install(registry: Registry, shop: PrintShop): void {
  registry.addRoutes(...documentRoutes(shop));
  taskPapers.set('packing-slip', packingSlipOf(shop));
}

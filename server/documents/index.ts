import type { Registry } from '../platform/registry';
import { documentRoutes, type PrintShop } from './documents.routes';

export function install(registry: Registry, shop: PrintShop): void {
  registry.addRoutes(...documentRoutes(shop));
}

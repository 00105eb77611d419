import type { Registry } from '../platform/registry';
import { integrityRoute } from './integrity.route';

export function install(registry: Registry): void {
  registry.addRoutes(integrityRoute(registry));
}

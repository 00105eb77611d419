import type { Registry } from '../platform/registry';
import type { KeyRing } from './api-keys';
import { peopleRoutes } from './people.routes';

export { KeyRing, makeKey } from './api-keys';
export type { StoreRow, UserRow } from './people.models';
export { apiKeys, stores } from './people.models';
export { storeInput } from './people.schema';
export { openStore, resolveStore, storeSettings } from './stores';
export { findUsers } from './users';

export function install(registry: Registry, keyRing: KeyRing): void {
  registry.addRoutes(...peopleRoutes(registry, keyRing));
}

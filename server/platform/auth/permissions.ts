import type { Actor, Role } from '../context';
import { ForbiddenError } from '../errors';

/** A right by name and the roles that hold it. Admin and the system itself hold every right. */
export interface Permission {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Slices declare their own rights: `permission('stock.adjust', ['store_manager'])`. */
export function permission(name: string, roles: readonly Role[]): Permission {
  return { name, roles };
}

export function mayUse(actor: Actor, right: Permission): boolean {
  return actor.role === 'admin' || actor.role === 'system' || right.roles.includes(actor.role);
}

export function worksInStore(actor: Actor, storeId: string): boolean {
  return actor.storeIds === 'all' || actor.storeIds.includes(storeId);
}

/** Refuses with 403 ROLE_NOT_ALLOWED or STORE_NOT_ALLOWED; the command route writes the refusal to the audit. */
export function authorise(actor: Actor, right: Permission, storeId?: string): void {
  if (!mayUse(actor, right)) {
    throw new ForbiddenError(
      'ROLE_NOT_ALLOWED',
      `The role ${actor.role} may not do this (${right.name}). Ask someone who is ${['admin', ...right.roles].join(' or ')}.`,
      { facts: { permission: right.name, role: actor.role, allowedRoles: ['admin', ...right.roles] } },
    );
  }
  if (storeId !== undefined && !worksInStore(actor, storeId)) {
    throw new ForbiddenError('STORE_NOT_ALLOWED', 'This key does not work in that store. Use a key of the store.', {
      facts: { permission: right.name, storeId },
    });
  }
}

import type { Actor, CommandContext, ReadContext, Role } from '../platform/context';
import { authorise, permission, worksInStore } from '../platform/auth/permissions';
import { ConflictError } from '../platform/errors';
import { users, type UserRow } from './people.models';
import type { UserInput } from './people.schema';

export const manageUsers = permission('people.users', ['store_manager']);

const USERS_SHOWN_MAX = 500;

/** Those who work in a store of the one who asks; who works in every store stands with each. */
export async function listUsers(ctx: ReadContext): Promise<UserRow[]> {
  const rows = await ctx.find(users, `1 = 1 ORDER BY id LIMIT ${USERS_SHOWN_MAX}`);
  return rows.filter(({ storeIds }) => storeIds.length === 0 || storeIds.some((id) => worksInStore(ctx.actor, id)));
}

/** Nobody gives more than they have: throws 403 ROLE_NOT_ALLOWED or STORE_NOT_ALLOWED. */
function assertMayGive(actor: Actor, { role, storeIds }: UserInput): void {
  if (role === 'admin') authorise(actor, permission('people.admins', []));
  if (actor.storeIds === 'all') return;
  for (const storeId of storeIds.length > 0 ? storeIds : ['']) authorise(actor, manageUsers, storeId);
}

/** Throws 409 USER_EXISTS, 403 ROLE_NOT_ALLOWED or STORE_NOT_ALLOWED. */
export async function addUser(ctx: CommandContext, input: UserInput): Promise<UserRow> {
  assertMayGive(ctx.actor, input);
  const email = input.email.toLowerCase();
  if (await ctx.get(users, 'email = :email', { email })) {
    throw new ConflictError('USER_EXISTS', `${email} is a user already.`, {
      errors: [{ path: 'email', code: 'USER_EXISTS', message: 'Use another address, or the user who is there.' }],
    });
  }
  const row: UserRow = { id: ctx.newId(), ...input, email, active: true, createdAt: ctx.now };
  ctx.insert(users, row);
  ctx.audit({ action: 'user.add', subjectType: 'user', subjectId: row.id, after: { email, role: row.role } });
  return row;
}

/** Active people of a store, by role or by e-mail; those without stores of their own work in every store. */
export async function findUsers(
  ctx: ReadContext,
  wanted: { storeId: string; role?: Role; email?: string },
): Promise<UserRow[]> {
  const conditions = ['active = 1'];
  if (wanted.role) conditions.push('role = :role');
  if (wanted.email) conditions.push('email = :email');
  const rows = await ctx.find(users, `${conditions.join(' AND ')} ORDER BY id`, {
    role: wanted.role,
    email: wanted.email?.toLowerCase(),
  });
  return rows.filter((row) => row.storeIds.length === 0 || row.storeIds.includes(wanted.storeId));
}

import type { CommandContext, ReadContext, Role } from '../platform/context';
import { permission } from '../platform/auth/permissions';
import { ConflictError } from '../platform/errors';
import { users, type UserRow } from './people.models';
import type { UserInput } from './people.schema';

export const manageUsers = permission('people.users', ['store_manager']);

/** Throws 409 USER_EXISTS. */
export async function addUser(ctx: CommandContext, input: UserInput): Promise<UserRow> {
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

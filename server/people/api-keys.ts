import { createHash } from 'node:crypto';
import type { Actor, CommandContext, ReadContext } from '../platform/context';
import { NotFoundError } from '../platform/errors';
import { randomToken } from '../platform/ids';
import { permission } from '../platform/auth/permissions';
import { type ApiKeyRow, apiKeys } from './people.models';
import type { ApiKeyInput } from './people.schema';

export const manageKeys = permission('people.api_keys', []);

const KEY_PREFIX = 'olk_';
const HINT_LENGTH = 8;
/** How long a key that was found valid is believed without asking the ledger; a revoked key dies within this. */
const BELIEVED_MS = 5_000;

/** Keys are long random words, so a plain SHA-256 keeps them: there is nothing to guess. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Makes a key; the answer is the only place where it can be read. */
export function makeKey(ctx: CommandContext, input: ApiKeyInput, given?: string): ApiKeyRow & { key: string } {
  const key = given ?? `${KEY_PREFIX}${randomToken()}`;
  const row: ApiKeyRow = {
    id: ctx.newId(),
    ...input,
    hint: `${key.slice(0, HINT_LENGTH)}…`.replace('…', '...'),
    hash: hashKey(key),
    createdAt: ctx.now,
    revokedAt: null,
  };
  ctx.insert(apiKeys, row);
  ctx.audit({
    action: 'api_key.make',
    subjectType: 'api_key',
    subjectId: row.id,
    after: { name: row.name, role: row.role, storeIds: row.storeIds },
  });
  return { ...row, key };
}

/** Throws 404 API_KEY_NOT_FOUND. */
export async function revokeKey(ctx: CommandContext, id: string): Promise<ApiKeyRow> {
  const row = await ctx.get(apiKeys, 'id = :id', { id });
  if (!row) throw new NotFoundError('API_KEY_NOT_FOUND', 'There is no such API key. GET /api/v1/api-keys lists them.');
  if (row.revokedAt) return row;
  await ctx.update(apiKeys, { revokedAt: ctx.now }, 'id = :id', { id });
  ctx.audit({ action: 'api_key.revoke', subjectType: 'api_key', subjectId: id });
  return { ...row, revokedAt: ctx.now };
}

/** Answers who holds a key. The database looks up a hash, so comparing takes the same time for every wrong key. */
export class KeyRing {
  private readonly believed = new Map<string, { actor: Actor; until: number }>();

  constructor(
    private readonly read: () => ReadContext,
    private readonly nowMs: () => number,
  ) {}

  async holder(key: string): Promise<Actor | undefined> {
    const hash = hashKey(key);
    const known = this.believed.get(hash);
    if (known && known.until > this.nowMs()) return known.actor;
    this.believed.delete(hash);
    const row = await this.read().get(apiKeys, 'hash = :hash AND revoked_at IS NULL', { hash });
    if (!row) return undefined;
    const actor: Actor = {
      kind: 'key',
      id: row.id,
      name: row.name,
      role: row.role,
      storeIds: row.storeIds.length > 0 ? row.storeIds : 'all',
    };
    this.believed.set(hash, { actor, until: this.nowMs() + BELIEVED_MS });
    return actor;
  }

  /** After a key was revoked here, it is refused at once. */
  forget(): void {
    this.believed.clear();
  }
}

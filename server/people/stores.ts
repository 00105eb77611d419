import { authorise, permission } from '../platform/auth/permissions';
import type { Actor, CommandContext, ReadContext } from '../platform/context';
import { ConflictError, NotFoundError, ValidationError } from '../platform/errors';
import type { StoreOpener } from '../platform/registry';
import { type StoreRow, stores } from './people.models';
import type { StoreChange, StoreInput } from './people.schema';

export const manageStores = permission('people.stores', []);
export const changeStores = permission('people.store_settings', ['store_manager']);

/** Several slices ask for the same store within one command; it is read once. */
const readInThisCommand = new WeakMap<ReadContext, Map<string, StoreRow>>();

/** Currency, time zone and rules of one store. Throws 404 STORE_NOT_FOUND. */
export async function storeSettings(ctx: ReadContext, storeId: string): Promise<StoreRow> {
  const known = readInThisCommand.get(ctx)?.get(storeId);
  if (known) return known;
  const row = await findStore(ctx, storeId);
  if (row) return remember(ctx, row);
  throw new NotFoundError('STORE_NOT_FOUND', `There is no store "${storeId}". GET /api/v1/stores lists them.`);
}

function remember(ctx: ReadContext, row: StoreRow): StoreRow {
  const rows = readInThisCommand.get(ctx) ?? new Map<string, StoreRow>();
  readInThisCommand.set(ctx, rows.set(row.id, row));
  return row;
}

/**
 * The store a request means: the one it names, else the only one its key works in.
 * Throws 403 STORE_NOT_ALLOWED, 404 STORE_NOT_FOUND or 422 STORE_MISSING.
 */
export async function resolveStore(ctx: ReadContext, storeId?: string): Promise<StoreRow> {
  const wanted = storeId ?? (await onlyStore(ctx, ctx.actor));
  authorise(ctx.actor, permission('store.use', [ctx.actor.role]), wanted);
  return storeSettings(ctx, wanted);
}

async function onlyStore(ctx: ReadContext, actor: Actor): Promise<string> {
  const ids =
    actor.storeIds === 'all'
      ? (await ctx.find(stores, '1 = 1 ORDER BY id LIMIT 2')).map((row) => remember(ctx, row).id)
      : actor.storeIds;
  if (ids.length === 1 && ids[0]) return ids[0];
  throw new ValidationError('STORE_MISSING', 'This key works in several stores. Say which one with "storeId".', {
    errors: [{ path: 'storeId', code: 'REQUIRED', message: 'Name the store.' }],
  });
}

async function findStore(ctx: ReadContext, storeId: string): Promise<StoreRow | undefined> {
  return ctx.get(stores, 'id = :storeId', { storeId });
}

/** Makes a store and lets the higher slices set up their part of it. Throws 409 STORE_EXISTS. */
export async function openStore(
  ctx: CommandContext,
  input: StoreInput,
  openers: readonly StoreOpener[],
): Promise<StoreRow> {
  const id = input.id ?? ctx.newId();
  if (await findStore(ctx, id)) throw new ConflictError('STORE_EXISTS', `There is a store "${id}" already.`);
  const row: StoreRow = { ...input, id, createdAt: ctx.now };
  ctx.insert(stores, row);
  for (const open of openers) await open(ctx, id);
  ctx.audit({ action: 'store.open', subjectType: 'store', subjectId: id, storeId: id, after: { ...input } });
  return row;
}

export async function listStores(ctx: ReadContext): Promise<StoreRow[]> {
  const rows = await ctx.find(stores, '1 = 1 ORDER BY id');
  return rows.filter((row) => ctx.actor.storeIds === 'all' || ctx.actor.storeIds.includes(row.id));
}

/** Changes a store's name and rules from now on. Throws 404 STORE_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function changeStore(ctx: CommandContext, storeId: string, change: StoreChange): Promise<StoreRow> {
  await storeSettings(ctx, storeId);
  authorise(ctx.actor, changeStores, storeId);
  const [row] = await ctx.lock(stores, 'id = :storeId', { storeId });
  const now = row as StoreRow;
  const fields = (Object.keys(change) as (keyof StoreChange)[]).filter((name) => change[name] !== now[name]);
  if (fields.length === 0) return now;
  const pick = (from: Partial<StoreRow>) => Object.fromEntries(fields.map((name) => [name, from[name]]));
  await ctx.update(stores, pick(change), 'id = :storeId', { storeId });
  ctx.audit({
    action: 'store.change',
    subjectType: 'store',
    subjectId: storeId,
    storeId,
    before: pick(now),
    after: pick(change),
  });
  return remember(ctx, { ...now, ...change });
}

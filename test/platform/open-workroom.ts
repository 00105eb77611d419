import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../server/platform/clock';
import { systemClock } from '../../server/platform/clock';
import { Config } from '../../server/platform/config';
import { Database } from '../../server/platform/database/database';
import { migrations } from '../../server/platform/database/migrate';
import { createLogger, type Logger } from '../../server/platform/logger';
import { Registry } from '../../server/platform/registry';
import { Workroom } from '../../server/platform/workroom';

export const silent = createLogger({ logLevel: 'silent' });

export interface Room {
  workroom: Workroom;
  registry: Registry;
  config: Config;
  close(): Promise<void>;
}

/** A ledger and a registry without slices, for tests of what lies below them. */
export async function openRoom(
  options: { databaseUrl?: string; clock?: Clock; logger?: Logger; settings?: Record<string, string> } = {},
): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-test-'));
  const config = new Config({
    DATABASE_URL: options.databaseUrl ?? 'sqlite::memory:',
    DATA_FOLDER: folder,
    RELAY_POLL_MS: '20',
    ...options.settings,
  });
  const database = Database.open(config);
  await migrations(database).up();
  const registry = new Registry(config);
  const workroom = new Workroom(database, registry, options.clock ?? systemClock, options.logger ?? silent);
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { workroom, registry, config, close };
}

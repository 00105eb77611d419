import { createDatabase } from './mariadb';

/** Every suite about the ledger runs on both databases. */
export const DATABASES: readonly ('sqlite' | 'mysql')[] = ['sqlite', 'mysql'];

/** An empty database of this kind, and how to get rid of it. */
export async function emptyDatabase(kind: 'sqlite' | 'mysql'): Promise<{ url: string; drop(): Promise<void> }> {
  if (kind === 'sqlite') return { url: 'sqlite::memory:', drop: () => Promise.resolve() };
  return createDatabase();
}

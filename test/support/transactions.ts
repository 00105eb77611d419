import { MySqlSession } from '../../server/platform/database/mysql-session';
import type { Session, Statement } from '../../server/platform/database/session';
import { SqliteSession } from '../../server/platform/database/sqlite-session';

type CarryOut = (this: Session, batch: readonly Statement[]) => Promise<unknown>;
interface Carries {
  carryOut: CarryOut;
}

const SESSIONS = [SqliteSession, MySqlSession].map(({ prototype }) => prototype as unknown as Carries);

/** What each transaction asked of the database while `work` went on, statement by statement. */
export async function transactionsDuring(work: () => Promise<unknown>): Promise<string[][]> {
  const seen = new Map<Session, string[]>();
  const before = SESSIONS.map(({ carryOut }) => carryOut);
  SESSIONS.forEach((session, n) => {
    session.carryOut = function (batch) {
      seen.set(this, [...(seen.get(this) ?? []), ...batch.map(({ sql }) => sql)]);
      return (before[n] as CarryOut).call(this, batch);
    };
  });
  try {
    await work();
  } finally {
    SESSIONS.forEach((session, n) => {
      session.carryOut = before[n] as CarryOut;
    });
  }
  return [...seen.values()];
}

import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { lifecycleOf, skuOf } from './lifecycle';
import { rounded } from './percentiles';
import type { Target } from './targets';

/** What the database did for one order, by its own counters and its log. */
export interface StatementFigures {
  orders: number;
  /** Everything the server was asked, the relay's and the sweeps' work included. */
  statements: number;
  selects: number;
  inserts: number;
  updates: number;
  commits: number;
  /** Packets sent and answered. */
  roundTrips: number;
  /** Of those, the ones between claiming an Idempotency-Key and the commit: what requests wait for. */
  commandRoundTrips: number;
}

const COUNTERS = {
  statements: 'Questions',
  selects: 'Com_select',
  inserts: 'Com_insert',
  updates: 'Com_update',
  commits: 'Com_commit',
} as const;

/** The relay is given so long to finish what an order left behind, so that its part is counted too. */
const AFTERMATH_MS = 1_500;

/** Takes orders through one at a time and counts what each costs the database. */
export async function countStatements(server: string, target: Target, orders: number): Promise<StatementFigures> {
  const database = await createConnection(server);
  try {
    const counted = await countersOver(database, () => takeThrough(target, orders));
    await database.query("SET GLOBAL log_output = 'TABLE'");
    await database.query('TRUNCATE mysql.general_log');
    await database.query('SET GLOBAL general_log = 1');
    await takeThrough(target, orders);
    await database.query('SET GLOBAL general_log = 0');
    const trips = await readTrips(database);
    const each = (count: number): number => rounded(count / orders, 1);
    return {
      orders,
      ...(Object.fromEntries(Object.entries(counted).map(([name, count]) => [name, each(count)])) as typeof counted),
      roundTrips: each(trips.all),
      commandRoundTrips: each(trips.ofCommands),
    };
  } finally {
    await database.end();
  }
}

async function takeThrough({ client }: Target, orders: number): Promise<void> {
  for (let n = 0; n < orders; n += 1) {
    const steps = lifecycleOf(client, skuOf(n));
    while (!(await steps.next()).done);
  }
  await new Promise((done) => setTimeout(done, AFTERMATH_MS));
}

type Counted = Record<keyof typeof COUNTERS, number>;

async function countersOver(database: Connection, work: () => Promise<void>): Promise<Counted> {
  const read = async (): Promise<Map<string, number>> => {
    const [rows] = await database.query<RowDataPacket[]>('SHOW GLOBAL STATUS');
    return new Map(rows.map(({ Variable_name: name, Value: value }) => [String(name), Number(value)]));
  };
  const before = await read();
  await work();
  const after = await read();
  const delta = (counter: string): number => (after.get(counter) ?? 0) - (before.get(counter) ?? 0);
  return Object.fromEntries(Object.entries(COUNTERS).map(([name, counter]) => [name, delta(counter)])) as Counted;
}

/** The log has one row for each packet, however many statements travel in it. */
async function readTrips(database: Connection): Promise<{ all: number; ofCommands: number }> {
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT thread_id AS thread, CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log
      WHERE command_type = 'Query' ORDER BY event_time`,
  );
  const inCommand = new Set<number>();
  let ofCommands = 0;
  for (const { thread, text } of rows as unknown as { thread: number; text: string }[]) {
    if (/^INSERT INTO idempotency_keys/m.test(text)) inCommand.add(thread);
    if (inCommand.has(thread)) ofCommands += 1;
    if (/^(COMMIT|ROLLBACK)$/m.test(text)) inCommand.delete(thread);
  }
  return { all: rows.length, ofCommands };
}

import { MovableClock } from '../../server/platform/clock';
import type { CommandContext, JobContext, Params } from '../../server/platform/context';
import { createLogger } from '../../server/platform/logger';
import { assertConditions, Relay } from '../../server/platform/outbox';
import { Claims, LEASE_MS } from '../../server/platform/outbox/claims';
import { outbox, type OutboxRow } from '../../server/platform/outbox/outbox.models';
import { DATABASES, emptyDatabase } from '../support/databases';
import { openRoom, type Room } from './open-workroom';

const SOUND = 'EXISTS (SELECT 1 FROM settings WHERE name = heard.order_id)';
const BROKEN = 'EXISTS (SELECT 1 FROM no_such_table WHERE order_id = heard.order_id)';

describe.each(DATABASES)('Conditions of handlers, on %s', (kind) => {
  let room: Room;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let relay: Relay;
  let errors: { msg: string; fields: Record<string, unknown> }[];

  beforeEach(async () => {
    database = await emptyDatabase(kind);
    room = await openRoom({ clock: new MovableClock(), databaseUrl: database.url });
    errors = [];
    const log = createLogger({ logLevel: 'silent' });
    log.error = ((fields: Record<string, unknown>, msg: string) =>
      void errors.push({ msg, fields })) as typeof log.error;
    relay = new Relay(room.workroom, log);
  });
  afterEach(async () => {
    await relay.stop();
    await room.close();
    await database.drop();
  });

  const reader = () => room.workroom.jobContext('test').read;
  const rows = (): Promise<OutboxRow[]> => reader().find(outbox, '1 = 1 ORDER BY id');

  /** A handler of each condition and a job, with one event of a strange order and one job for them. */
  async function tellAll(): Promise<string[]> {
    const ran: string[] = [];
    for (const [name, condition] of [
      ['sound', SOUND],
      ['broken', BROKEN],
    ] as const) {
      room.registry.on('order.shipped', name, () => Promise.resolve(void ran.push(name)), condition);
    }
    room.registry.job('mail', () => Promise.resolve(void ran.push('mail')));
    await room.workroom.jobContext('test').transaction((ctx) => {
      ctx.emit({ topic: 'order.shipped', storeId: 'main', orderId: 'STRANGE', data: {} });
      ctx.enqueue('mail', {});
      return Promise.resolve();
    });
    return ran;
  }

  it('that cannot be asked stop nothing: every handler runs, and the log names the broken one once', async () => {
    const ran = await tellAll();
    await relay.idle();
    await relay.idle();
    expect(ran.sort()).toEqual(['broken', 'mail', 'sound']);
    expect((await rows()).map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    expect(errors).toMatchObject([
      { msg: expect.stringContaining('without conditions'), fields: { handlers: ['broken'] } },
    ]);
  });

  it('are not blamed when it is the database that is away', async () => {
    await tellAll();
    await room.workroom.database.sequelize.getQueryInterface().dropTable('outbox');
    const claims = new Claims((name) => room.workroom.jobContext(name), { subscriptions: room.registry.subscriptions });
    await expect(claims.claim(10)).rejects.toThrow(/outbox/);
    expect(errors).toEqual([]);
  });

  it('are asked once before the service starts, of nothing, and a broken one is named', async () => {
    await tellAll();
    await expect(assertConditions(reader(), room.registry.subscriptions)).rejects.toThrow(
      'The condition of broken cannot be asked.',
    );
    const sound = room.registry.subscriptions.filter(({ name }) => name !== 'broken');
    await expect(assertConditions(reader(), sound)).resolves.toBeUndefined();
  });
});

describe('A row that is finished while the marks of others come to their end', () => {
  /** Answers each mark at once; `afterFirst` is called as soon as the first has been written. */
  function claimsWith(afterFirst: () => void): { claims: Claims; marked: unknown[] } {
    const marked: unknown[] = [];
    const ctx = { now: '2026-11-20T09:00:00.000Z', executeLater: (_sql: string, { ids }: Params) => marked.push(ids) };
    const transaction = (run: (ctx: CommandContext) => Promise<unknown>): Promise<unknown> => {
      const written = run(ctx as unknown as CommandContext);
      if (marked.length === 1) void written.then(afterFirst);
      return written;
    };
    return { claims: new Claims(() => ({ transaction }) as unknown as JobContext, { leaseMs: LEASE_MS }), marked };
  }

  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
  };

  it.each([0, 1, 2, 3, 4, 5, 6])('is marked as well, %i turns later', async (count) => {
    let second: Promise<void> | undefined;
    const [one, two] = [1, 2].map((id) => ({ id, claimedBy: 'us' }) as OutboxRow);
    const { claims, marked } = claimsWith(() => {
      second = turns(count).then(() => claims.finish(two as OutboxRow));
    });
    await claims.finish(one as OutboxRow);
    await second;
    expect(marked).toEqual([[1], [2]]);
  });
});

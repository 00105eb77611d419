import { MovableClock, systemClock } from '../../server/platform/clock';
import { PermanentFailure, Relay } from '../../server/platform/outbox';
import { LEASE_MS, Claims } from '../../server/platform/outbox/claims';
import { outbox, type OutboxRow } from '../../server/platform/outbox/outbox.models';
import { DONE_KEPT_MS, pruneDone } from '../../server/platform/outbox/pruning';
import { UNKNOWN_HANDLER_WAIT_MS } from '../../server/platform/outbox/runner';
import { Workroom } from '../../server/platform/workroom';
import { openRoom, type Room, silent } from './open-workroom';

import { DATABASES, emptyDatabase } from '../support/databases';
import { transactionsDuring } from '../support/transactions';

describe.each(DATABASES)('on %s', (kind) => {
  let room: Room;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let clock: MovableClock;
  let relay: Relay;

  beforeEach(async () => {
    clock = new MovableClock();
    database = await emptyDatabase(kind);
    room = await openRoom({ clock, databaseUrl: database.url });
    relay = new Relay(room.workroom, silent);
  });

  afterEach(async () => {
    await relay.stop();
    await room.close();
    await database.drop();
  });

  function enqueue(
    job: string,
    payload: Record<string, unknown> = {},
    options: { after?: string } = {},
  ): Promise<void> {
    return room.workroom.jobContext('test').transaction((ctx) => Promise.resolve(ctx.enqueue(job, payload, options)));
  }

  function rows(): Promise<OutboxRow[]> {
    return room.workroom.jobContext('test').read.find(outbox, '1 = 1 ORDER BY id');
  }

  it('tells every handler that hears an event, each once, with the same event id', async () => {
    const heard: string[][] = [];
    for (const [topic, name] of [
      ['order.placed', 'exact'],
      ['order.*', 'family'],
      ['*', 'all'],
      ['stock.*', 'other'],
    ]) {
      room.registry.on(topic, name, (_job, event) => {
        heard.push([name, event.id, event.topic, event.orderId ?? '', String(event.orderVersion), event.occurredAt]);
        return Promise.resolve();
      });
    }
    await room.workroom.jobContext('test').transaction((ctx) => {
      ctx.emit({ topic: 'order.placed', storeId: 'main', orderId: 'ORDER', orderVersion: 3, data: { totalMinor: 5 } });
      return Promise.resolve();
    });
    await relay.idle();
    const [{ eventId }] = await rows();
    expect(heard.sort()).toEqual(
      ['all', 'exact', 'family'].map((name) => [
        name,
        eventId,
        'order.placed',
        'ORDER',
        '3',
        '2026-11-20T09:00:00.000Z',
      ]),
    );
  });

  /** Two orders of which only one is known to a table of its own, told to a handler that minds only such orders. */
  async function tellOfTwoOrders(): Promise<string[]> {
    const heard: string[] = [];
    const minds = 'EXISTS (SELECT 1 FROM settings WHERE name = heard.order_id)';
    const handle = (_job: unknown, event: { orderId?: string }) =>
      Promise.resolve(void heard.push(event.orderId ?? ''));
    room.registry.on('order.shipped', 'minding', handle, minds);
    await room.workroom.jobContext('test').transaction(async (ctx) => {
      for (const orderId of ['KNOWN', 'STRANGE'])
        ctx.emit({ topic: 'order.shipped', storeId: 'main', orderId, data: {} });
      await ctx.execute(
        "INSERT INTO settings (name, value, created_at) VALUES ('KNOWN', '1', '2026-11-20T09:00:00.000Z')",
      );
    });
    return heard;
  }

  it('runs a handler for the events that concern it, and is done with the others without a run', async () => {
    const heard = await tellOfTwoOrders();
    await relay.idle();
    expect(heard).toEqual(['KNOWN']);
    expect(await rows()).toMatchObject([
      { orderId: 'KNOWN', status: 'done', attempts: 1, claimedBy: null },
      { orderId: 'STRANGE', status: 'done', attempts: 1, claimedBy: null },
    ]);
  });

  it('leaves a row that concerns nobody to whoever holds it', async () => {
    await tellOfTwoOrders();
    const unknowing = new Claims((name) => room.workroom.jobContext(name));
    expect((await unknowing.claim(10)).rows).toHaveLength(2);
    await relay.idle();
    expect((await rows()).map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  it('asks nothing of a job that has the name of a handler', async () => {
    const heard = await tellOfTwoOrders();
    let runs = 0;
    room.registry.job('minding', () => Promise.resolve(void (runs += 1)));
    await enqueue('minding');
    await relay.idle();
    expect([heard, runs]).toEqual([['KNOWN'], 1]);
  });

  it('takes up a crowd of rows in few statements, and every one of them', async () => {
    let runs = 0;
    room.registry.job('work', () => Promise.resolve(void (runs += 1)));
    await room.workroom.jobContext('test').transaction((ctx) => {
      for (let number = 0; number < 130; number += 1) ctx.enqueue('work', { number });
      return Promise.resolve();
    });
    const asked = (await transactionsDuring(() => relay.idle())).flat();
    expect(runs).toBe(130);
    const claims = asked.filter((sql) => sql.startsWith('UPDATE outbox SET claimed_by'));
    const marks = asked.filter((sql) => sql.startsWith("UPDATE outbox SET status = 'done'"));
    // One a row would be 130 of each; the queue holds fewer than that, so it is filled a few times.
    expect(claims.length).toBeLessThan(13);
    expect(marks.length).toBeLessThan(65);
    expect((await rows()).every(({ status, attempts }) => status === 'done' && attempts === 1)).toBe(true);
  });

  it('tries a job that failed twice a third time, after its waits, and is done once', async () => {
    const attempts: number[] = [];
    const handle = (_job: unknown, _payload: unknown, { attempt }: { attempt: number }) => {
      attempts.push(attempt);
      return attempt < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    };
    room.registry.job('flaky', handle, { backoffMs: [1000, 5000] });
    await enqueue('flaky');
    await relay.idle();
    await relay.idle();
    expect(attempts).toEqual([1]);
    expect((await rows())[0]).toMatchObject({ status: 'pending', lastError: 'not yet', attempts: 1 });
    clock.advance(1000);
    await relay.idle();
    clock.advance(4999);
    await relay.idle();
    expect(attempts).toEqual([1, 2]);
    clock.advance(1);
    await relay.idle();
    clock.advance(3_600_000);
    await relay.idle();
    expect(attempts).toEqual([1, 2, 3]);
    expect((await rows())[0]).toMatchObject({ status: 'done', lastError: null, claimedBy: null });
  });

  it('puts a job aside after its last attempt and tells its owner once', async () => {
    const dead: unknown[] = [];
    room.registry.job('hopeless', () => Promise.reject(new Error('never')), {
      backoffMs: [10],
      attempts: 2,
      onDead: (_job, payload, info) => Promise.resolve(void dead.push([payload, info.attempt])),
    });
    await enqueue('hopeless', { id: 7 });
    for (let round = 0; round < 5; round += 1) {
      await relay.idle();
      clock.advance(1000);
    }
    expect(dead).toEqual([[{ id: 7 }, 2]]);
    expect((await rows())[0]).toMatchObject({ status: 'dead', lastError: 'never' });
  });

  it('does not try again what the handler calls permanent', async () => {
    room.registry.job('refused', () => Promise.reject(new PermanentFailure('no such recipient')));
    await enqueue('refused');
    await relay.idle();
    expect((await rows())[0]).toMatchObject({ status: 'dead', attempts: 1, lastError: 'no such recipient' });
  });

  it('takes up the rows of a crashed relay when its lease has run out, and not before', async () => {
    let runs = 0;
    room.registry.job('work', () => Promise.resolve(void (runs += 1)));
    await enqueue('work');
    const crashed = new Claims((name) => room.workroom.jobContext(name));
    expect((await crashed.claim(10)).rows).toHaveLength(1);
    await relay.idle();
    clock.advance(LEASE_MS - 1);
    await relay.idle();
    expect(runs).toBe(0);
    clock.advance(1);
    await relay.idle();
    expect(runs).toBe(1);
    expect((await rows())[0]).toMatchObject({ status: 'done', attempts: 2 });
  });

  it('cannot mark a row done whose lease another relay has taken over', async () => {
    await enqueue('work');
    const slow = new Claims((name) => room.workroom.jobContext(name));
    const [row] = (await slow.claim(1)).rows;
    clock.advance(LEASE_MS);
    const fast = new Claims((name) => room.workroom.jobContext(name));
    const [taken] = (await fast.claim(1)).rows;
    await slow.finish(row);
    expect((await rows())[0]).toMatchObject({ status: 'pending', claimedBy: taken.claimedBy });
  });

  it('never runs a row twice at once with two relays on one database, and runs each once', async () => {
    const running = new Set<unknown>();
    const finished: unknown[] = [];
    room.registry.job('work', async (_job, { number }) => {
      if (running.has(number)) throw new Error('at once');
      running.add(number);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running.delete(number);
      finished.push(number);
    });
    await room.workroom.jobContext('test').transaction((ctx) => {
      for (let number = 0; number < 200; number += 1) ctx.enqueue('work', { number });
      return Promise.resolve();
    });
    const second = new Relay(new Workroom(room.workroom.database, room.registry, clock, silent), silent);
    await Promise.all([relay.idle(), second.idle()]);
    expect(finished.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 200 }, (_, number) => number));
    expect((await rows()).every(({ status, attempts }) => status === 'done' && attempts === 1)).toBe(true);
  });

  it('keeps a lease while a handler takes longer than it', async () => {
    let runs = 0;
    room.registry.job('slow', async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    });
    const second = await emptyDatabase(kind);
    const live = await openRoom({ clock: systemClock, databaseUrl: second.url });
    live.registry.job('slow', room.registry.jobs.get('slow')!.handle);
    const [one, other] = [
      live.workroom,
      new Workroom(live.workroom.database, live.registry, live.workroom.clock, silent),
    ].map((workroom) => new Relay(workroom, silent, { leaseMs: 600, pollMs: 10 }));
    one.start();
    other.start();
    await live.workroom.jobContext('test').transaction((ctx) => Promise.resolve(ctx.enqueue('slow', {})));
    const isDone = async (): Promise<boolean> =>
      (await live.workroom.jobContext('test').read.find(outbox, "status = 'done'")).length === 1;
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
    await one.stop();
    await other.stop();
    await live.close();
    await second.drop();
    expect(runs).toBe(1);
  });

  it('runs what a handler leaves behind itself, and a job only after its time', async () => {
    const order: string[] = [];
    room.registry.job('first', async (job) => {
      order.push('first');
      await job.transaction((ctx) => Promise.resolve(ctx.enqueue('second', {})));
    });
    room.registry.job('second', () => Promise.resolve(void order.push('second')));
    room.registry.job('later', () => Promise.resolve(void order.push('later')));
    await enqueue('later', {}, { after: '2026-11-20T10:00:00.000Z' });
    await enqueue('first');
    await relay.idle();
    expect(order).toEqual(['first', 'second']);
    clock.set('2026-11-20T10:00:00.000Z');
    await relay.idle();
    expect(order).toEqual(['first', 'second', 'later']);
  });

  it('lets rows wait whose handler nobody here knows, without counting an attempt', async () => {
    await enqueue('from.a.newer.version');
    await relay.idle();
    expect((await rows())[0]).toMatchObject({ status: 'pending', attempts: 0, claimedBy: null });
    room.registry.job('from.a.newer.version', () => Promise.resolve());
    clock.advance(UNKNOWN_HANDLER_WAIT_MS);
    await relay.idle();
    expect((await rows())[0]).toMatchObject({ status: 'done', attempts: 1 });
  });

  it('leaves room for others when one destination hangs', async () => {
    let release = (): void => undefined;
    const hung = new Promise<void>((resolve) => {
      release = resolve;
    });
    let mails = 0;
    room.registry.job('hanging', () => hung);
    room.registry.job('mail', () => Promise.resolve(void (mails += 1)));
    await room.workroom.jobContext('test').transaction((ctx) => {
      for (let number = 0; number < 100; number += 1) ctx.enqueue('hanging', { number });
      ctx.enqueue('mail', {});
      return Promise.resolve();
    });
    relay.start();
    for (let waited = 0; mails === 0 && waited < 200; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(mails).toBe(1);
    release();
  });

  it('goes on after the database was away', async () => {
    let runs = 0;
    room.registry.job('work', () => Promise.resolve(void (runs += 1)));
    await enqueue('work');
    const jobContext = room.workroom.jobContext.bind(room.workroom);
    let isDown = true;
    room.workroom.jobContext = (name) => {
      if (isDown) throw new Error('database is locked');
      return jobContext(name);
    };
    relay.start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    isDown = false;
    for (let waited = 0; runs === 0 && waited < 200; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(runs).toBe(1);
  });

  it('gives back on stopping what it has not begun', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    room.registry.job('work', () => {
      begun += 1;
      return gate;
    });
    await room.workroom.jobContext('test').transaction((ctx) => {
      for (let number = 0; number < 12; number += 1) ctx.enqueue('work', {});
      return Promise.resolve();
    });
    relay.start();
    while (begun < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = relay.stop();
    release();
    await stopped;
    const left = (await rows()).filter(({ status }) => status === 'pending');
    expect(left).toHaveLength(6);
    expect(left.every(({ attempts, claimedBy }) => attempts === 0 && claimedBy === null)).toBe(true);
  });

  it('forgets finished rows after a week and nothing else', async () => {
    room.registry.job('work', () => Promise.resolve());
    await enqueue('work');
    await relay.idle();
    await enqueue('work', {}, { after: '2027-01-01T00:00:00.000Z' });
    clock.advance(DONE_KEPT_MS + 1000);
    await pruneDone(room.workroom.jobContext('test'));
    expect((await rows()).map(({ status }) => status)).toEqual(['pending']);
  });

  it('asks for due rows through the index, whatever lies in the past', async () => {
    const explain = kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plan = await room.workroom.jobContext('test').read.select<{ detail?: string; key?: string }>(
      `${explain} SELECT id FROM outbox WHERE status = 'pending' AND available_at <= '2026'
       AND (claimed_until IS NULL OR claimed_until <= '2026') ORDER BY available_at, id LIMIT 16`,
    );
    expect(plan.map(({ detail, key }) => detail ?? key)).toEqual([
      expect.stringContaining('outbox_status_available_at_id'),
    ]);
  });
});

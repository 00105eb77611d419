import { MovableClock } from '../../server/platform/clock';
import type { JobContext } from '../../server/platform/context';
import { auditRows } from '../../server/platform/audit/audit.models';
import { sealAudit } from '../../server/platform/audit/sealer';
import { verifyAudit } from '../../server/platform/audit/verify';
import { openRoom, type Room } from './open-workroom';

import { DATABASES, emptyDatabase } from '../support/databases';

describe.each(DATABASES)('on %s', (kind) => {
  let room: Room;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let job: JobContext;

  beforeEach(async () => {
    database = await emptyDatabase(kind);
    room = await openRoom({ clock: new MovableClock(), databaseUrl: database.url });
    job = room.workroom.jobContext('test');
  });

  afterEach(async () => {
    await room.close();
    await database.drop();
  });

  function act(...names: string[]): Promise<void> {
    return job.transaction((ctx) => {
      for (const name of names) {
        const before = { quantity: 2, shelf: 'A-3' };
        ctx.audit({
          action: 'stock.adjust',
          subjectType: 'level',
          subjectId: name,
          orderId: 'ORDER',
          before,
          note: 'counted',
        });
      }
      return Promise.resolve();
    });
  }

  it('tells who did what, and seals it into a chain that verifies', async () => {
    await act('first', 'second');
    expect(await verifyAudit(job.read)).toMatchObject({ ok: true, sealed: 0, unsealed: 2 });
    await sealAudit(job);
    await act('third');
    await sealAudit(job);
    const rows = await job.read.find(auditRows, '1 = 1 ORDER BY id');
    expect(rows.map(({ sealNumber }) => sealNumber)).toEqual([1, 2, 3]);
    expect(rows[0]).toMatchObject({
      at: '2026-11-20T09:00:00.000Z',
      actorKind: 'system',
      actorName: 'test',
      role: 'system',
      beforeValues: { quantity: 2, shelf: 'A-3' },
      note: 'counted',
    });
    expect(await verifyAudit(job.read)).toMatchObject({
      ok: true,
      sealed: 3,
      unsealed: 0,
      broken: null,
      head: { number: 3, seal: rows[2].seal },
    });
  });

  it.each([
    ['a note', `UPDATE audit_rows SET note = 'nothing happened' WHERE subject_id = 'b'`],
    ['who did it', `UPDATE audit_rows SET actor_name = 'somebody else' WHERE subject_id = 'b'`],
    [
      'the values before',
      `UPDATE audit_rows SET before_values = '{"quantity":3,"shelf":"A-3"}' WHERE subject_id = 'b'`,
    ],
    ['the seal itself', `UPDATE audit_rows SET seal = '00' WHERE subject_id = 'b'`],
  ])('names the row in which %s was altered', async (_what, sql) => {
    await act('a', 'b', 'c');
    await sealAudit(job);
    await job.transaction((ctx) => ctx.execute(sql));
    const [altered] = await job.read.find(auditRows, `subject_id = 'b'`);
    expect(await verifyAudit(job.read)).toMatchObject({
      ok: false,
      sealed: 1,
      broken: { id: altered.id, sealNumber: 2, reason: 'altered' },
    });
  });

  it('names the row after which one was taken out', async () => {
    await act('a', 'b', 'c');
    await sealAudit(job);
    await job.transaction((ctx) => ctx.execute(`DELETE FROM audit_rows WHERE subject_id = 'b'`));
    expect(await verifyAudit(job.read)).toMatchObject({
      ok: false,
      broken: { sealNumber: 3, reason: 'missing_before' },
    });
  });

  it('does not mind how the database spells the same values', async () => {
    await act('a');
    await sealAudit(job);
    await job.transaction((ctx) =>
      ctx.execute(`UPDATE audit_rows SET before_values = '{ "shelf": "A-3", "quantity": 2 }'`),
    );
    expect(await verifyAudit(job.read)).toMatchObject({ ok: true });
  });

  it('seals rows once when several services seal at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      await act('a', 'b', 'c', 'd');
      await Promise.all([sealAudit(job), sealAudit(job), sealAudit(job)]);
    }
    await sealAudit(job);
    expect(await verifyAudit(job.read)).toMatchObject({ ok: true, sealed: 20, unsealed: 0 });
  });

  it('seals thousands of rows in one sweep', async () => {
    await act(...Array.from({ length: 2500 }, (_, number) => `subject ${number}`));
    await sealAudit(job);
    expect(await verifyAudit(job.read)).toMatchObject({ ok: true, sealed: 2500, unsealed: 0 });
  });
});

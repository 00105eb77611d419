import type { CommandContext } from '../../server/platform/context';
import { ConflictError } from '../../server/platform/errors';
import { createLogger } from '../../server/platform/logger';
import { outbox } from '../../server/platform/outbox/outbox.models';
import { openRoom, type Room } from './open-workroom';

let room: Room;

beforeEach(async () => {
  room = await openRoom();
});

afterEach(() => room.close());

/** Owes a job before it refuses, and another in its aftermath. */
const refusing = (ctx: CommandContext): Promise<never> => {
  ctx.enqueue('undone', {});
  const aftermath = (after: CommandContext): Promise<void> =>
    Promise.resolve(after.enqueue('kept', { by: after.actor.name }));
  return Promise.reject(new ConflictError('STOPPED', 'Stopped by a rule.', { aftermath }));
};
const owed = async (): Promise<string[]> => {
  const { read } = room.workroom.jobContext('test');
  return (await read.find(outbox, '1 = 1 ORDER BY id')).map(({ name }) => name);
};

it('keeps what a refusal wants written down, and nothing of the command itself', async () => {
  const caller = room.workroom.systemCaller('a request');
  await expect(room.workroom.command(caller, refusing)).rejects.toMatchObject({ code: 'STOPPED' });
  expect(await owed()).toEqual(['kept']);
});

it('does so for jobs, which are refused like anybody', async () => {
  await expect(room.workroom.jobContext('a job').transaction(refusing)).rejects.toMatchObject({ code: 'STOPPED' });
  expect(await owed()).toEqual(['kept']);
});

it('writes nothing down for a preview', async () => {
  const caller = room.workroom.systemCaller('a preview');
  await expect(room.workroom.command(caller, refusing, { dryRun: true })).rejects.toMatchObject({ code: 'STOPPED' });
  expect(await owed()).toEqual([]);
});

it('is what the caller hears even when writing it down fails, which the log tells', async () => {
  const lines: string[] = [];
  const logger = createLogger({ logLevel: 'error' }, { write: (line) => void lines.push(line) });
  const aftermath = (): Promise<void> => Promise.reject(new Error('the disk is full'));
  const work = (): Promise<never> => Promise.reject(new ConflictError('STOPPED', 'Stopped.', { aftermath }));
  const loud = await openRoom({ logger });
  const caller = loud.workroom.systemCaller('a request');
  await expect(loud.workroom.command(caller, work)).rejects.toMatchObject({ code: 'STOPPED' });
  await loud.close();
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ msg: 'command.aftermath_failed', code: 'STOPPED', requestId: caller.requestId }),
  ]);
  expect(lines.join()).toContain('the disk is full');
});

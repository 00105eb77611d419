import { setTimeout as sleep } from 'node:timers/promises';
import { Sweeper } from '../../server/platform/outbox';
import { openRoom, type Room, silent } from './open-workroom';

let room: Room;
let sweeper: Sweeper;

beforeEach(async () => {
  room = await openRoom();
  sweeper = new Sweeper(room.workroom, silent);
});

afterEach(async () => {
  await sweeper.stop();
  await room.close();
});

it('runs a sweep at its interval, never twice at once, however long it takes', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  room.registry.every('slow', 5, async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(30);
    runs += 1;
    running -= 1;
  });
  sweeper.start();
  await Promise.all([sleep(200), sweeper.runNow('slow'), sweeper.runNow('slow')]);
  expect(most).toBe(1);
  expect(runs).toBeGreaterThanOrEqual(4);
});

it('goes on after a sweep failed, and does not hold up the others', async () => {
  const runs = { failing: 0, other: 0 };
  room.registry.every('failing', 5, () => {
    runs.failing += 1;
    return Promise.reject(new Error('no'));
  });
  room.registry.every('other', 5, () => Promise.resolve(void (runs.other += 1)));
  sweeper.start();
  await sleep(100);
  expect(runs.failing).toBeGreaterThan(2);
  expect(runs.other).toBeGreaterThan(2);
});

it('waits on stopping for the sweep that is running, and runs none afterwards', async () => {
  let finished = 0;
  room.registry.every('slow', 1, async () => {
    await sleep(50);
    finished += 1;
  });
  sweeper.start();
  await sleep(20);
  await sweeper.stop();
  expect(finished).toBe(1);
  await sleep(80);
  expect(finished).toBe(1);
});

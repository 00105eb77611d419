import type { Actor, AuditEntry } from '../../server/platform/context';
import { auditRoutes } from '../../server/platform/audit/audit.routes';
import { MovableClock } from '../../server/platform/clock';
import { openRoom, type Room } from './open-workroom';

let room: Room;
let clock: MovableClock;

interface Page {
  items: { subject: { id: string }; after: Record<string, unknown> | null }[];
  nextCursor: string | null;
}

beforeEach(async () => {
  clock = new MovableClock();
  room = await openRoom({ clock });
});

afterEach(() => room.close());

async function act(actor: string, entry: Partial<AuditEntry>): Promise<void> {
  const given = { action: 'order.ship', subjectType: 'order', subjectId: 'a', storeId: 'dhaka', ...entry };
  await room.workroom.jobContext(actor).transaction((ctx) => Promise.resolve(ctx.audit(given)));
}

async function list(search: Record<string, string>, actor: Partial<Actor> = {}): Promise<Page> {
  const [route] = auditRoutes;
  const caller = room.workroom.systemCaller('reader');
  const reader = room.workroom.reader({ ...caller, actor: { ...caller.actor, ...actor } });
  const query = route.definition.query?.parse(search);
  return (await route.run(reader, { params: undefined, query, body: undefined, headers: {} } as never)) as Page;
}

const subjects = (page: Page) => page.items.map(({ subject }) => subject.id);

it('answers newest first, page by page', async () => {
  for (const subjectId of ['a', 'b', 'c']) await act('anna', { subjectId });
  const first = await list({ limit: '2' });
  expect(subjects(first)).toEqual(['c', 'b']);
  const second = await list({ limit: '2', after: String(first.nextCursor) });
  expect([subjects(second), second.nextCursor]).toEqual([['a'], null]);
});

it('finds by order, person, action, family of actions and time', async () => {
  await act('anna', { subjectId: 'a', orderId: 'ORDER' });
  clock.advance(60_000);
  await act('bilal', { subjectId: 'b', action: 'order.cancel' });
  await act('bilal', { subjectId: 'c', action: 'orders_export' });
  expect(subjects(await list({ orderId: 'ORDER' }))).toEqual(['a']);
  expect(subjects(await list({ actor: 'bilal' }))).toEqual(['c', 'b']);
  expect(subjects(await list({ action: 'order.ship' }))).toEqual(['a']);
  expect(subjects(await list({ action: 'order.*' }))).toEqual(['b', 'a']);
  expect(subjects(await list({ from: '2026-11-20T15:00:30+06:00' }))).toEqual(['c', 'b']);
  expect(subjects(await list({ to: '2026-11-20T09:00:30Z' }))).toEqual(['a']);
});

it('shows a store’s manager that store alone', async () => {
  await act('anna', { subjectId: 'a' });
  await act('anna', { subjectId: 'b', storeId: 'sylhet' });
  expect(subjects(await list({}, { role: 'store_manager', storeIds: ['sylhet'] }))).toEqual(['b']);
  expect(subjects(await list({}, { role: 'store_manager', storeIds: [] }))).toEqual([]);
});

it('hides who the customer is from those who read figures', async () => {
  await act('anna', { after: { phone: '01700000000', totalMinor: 5 } });
  const [{ after }] = (await list({}, { role: 'reporting' })).items;
  expect(after).toEqual({ phone: '[masked]', totalMinor: 5 });
  expect((await list({}, { role: 'store_manager' })).items[0].after).toEqual({ phone: '01700000000', totalMinor: 5 });
});

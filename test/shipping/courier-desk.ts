import { type Clock } from '../../server/platform/clock';
import { type Answer, startTestApp, type TestApp } from '../support/app';
import { emptyDatabase } from '../support/databases';
import { expectStatus, move, placeOrder, prepareAll, stockProduct } from '../support/shop';

/** A store whose parcels go to the pretended courier, and the strings that courier hangs on. */
export interface CourierDesk {
  app: TestApp;
  /** Parcels the courier has. */
  parcels(): Promise<Record<string, any>[]>;
  parcelOf(reference: string): Promise<Record<string, any> | undefined>;
  says(reference: string, status: string): Promise<void>;
  breaks(...faults: Record<string, unknown>[]): Promise<void>;
  /** An order that is processing, paid at the door unless said. */
  inWork(overrides?: Record<string, unknown>): Promise<Record<string, any>>;
  /** An order that is fulfilled. */
  ready(overrides?: Record<string, unknown>): Promise<Record<string, any>>;
  book(order: Record<string, any>, body?: Record<string, unknown>): Promise<Answer<Record<string, any>>>;
  read(order: Record<string, any>): Promise<Record<string, any>>;
  sync(id: string): Promise<Answer<Record<string, any>>>;
  runSweep(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(
  kind: 'sqlite' | 'mysql',
  { clock, env }: { clock?: Clock; env?: Record<string, string> } = {},
): Promise<CourierDesk> {
  const database = await emptyDatabase(kind);
  const app = await startTestApp({ databaseUrl: database.url, clock, env });
  await stockProduct(app, {}, 5000);
  const control = `${app.url}/sandbox/steadfast/control`;
  const put = async (path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(control + path, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const parcels = async () =>
    ((await (await fetch(`${control}/parcels`)).json()) as { items: Record<string, any>[] }).items;
  const inWork = async (overrides: Record<string, unknown> = {}) => {
    const order = await placeOrder(app, { paymentMethod: 'cod', ...overrides });
    return move(app, order.id, 'process');
  };
  return {
    app,
    parcels,
    parcelOf: async (reference) => (await parcels()).find(({ invoice }) => invoice === reference),
    says: (reference, status) => put(`/parcels/${encodeURIComponent(reference)}`, { status }),
    breaks: (...faults) => put('/faults', { faults }),
    inWork,
    ready: async (overrides) => {
      const order = await inWork(overrides);
      await prepareAll(app, order);
      return move(app, order.id, 'fulfill');
    },
    book: (order, body = {}) => app.post(`/orders/${order.id}/consignments`, { courier: 'steadfast', ...body }),
    read: async (order) => expectStatus(await app.get(`/orders/${order.id}`), 200).body,
    sync: (id) => app.post(`/consignments/${id}/sync`, {}),
    runSweep: async (name) => {
      const { workroom } = app.service;
      await workroom.registry.sweeps.find((sweep) => sweep.name === name)!.run(workroom.jobContext('test'));
    },
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

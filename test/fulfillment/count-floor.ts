import { newProduct, orderFor } from '../orders/open-orders';
import { type TestApp } from '../support/app';
import { type DATABASES } from '../support/databases';
import { expectStatus, move } from '../support/shop';
import { type Body, lineOf, openPicking, reach, startFloor } from './floor';

export const MANAGER = { name: 'Moushumi', email: 'boss@example.com', role: 'store_manager', storeIds: [] };
export const SECOND = { name: 'Rafi', email: 'rafi@example.com', role: 'fulfillment_specialist', storeIds: [] };

/** A floor with somebody more who counts, and a manager who decides. */
export async function startCountFloor(kind: (typeof DATABASES)[number]): Promise<TestApp> {
  const app = await startFloor(kind);
  for (const user of [MANAGER, SECOND]) expectStatus(await app.post('/users', user), 201);
  return app;
}

let clicks = 0;

/** What tests of counts do, in the app that is open when they do it. */
export function countDesk(app: () => TestApp) {
  const read = async (task: Body): Promise<Body> => (await app().get(`/tasks/${task.id}`)).body;

  /** An order of so many units, with its picking under way. */
  async function picking(sku: string, wanted: number, more: Body = {}): Promise<{ order: Body; task: Body }> {
    const order = await orderFor(app(), sku, wanted);
    await move(app(), order.id, 'process');
    return { order, task: await openPicking(app(), order.id, more) };
  }

  async function endShort(task: Body, reason: string, found: number): Promise<void> {
    const [{ sku }] = task.lines;
    const lines = [{ id: lineOf(task, sku).id, doneQuantity: found, shortReason: reason, note: 'box is wet' }];
    expectStatus(await app().post(`/tasks/${task.id}/complete`, { lines }), 200);
  }

  return {
    read,
    picking,
    endShort,
    /** Of that kind, the last round first. */
    async tasksOf(order: Body, kind: string): Promise<Body[]> {
      await app().settled();
      return (await app().get(`/tasks?orderId=${order.id}&kind=${kind}`)).body.items;
    },
    async findings(task: Body): Promise<Body[]> {
      return (await app().get(`/tasks/${task.id}/findings`)).body.items;
    },
    async open(task: Body): Promise<string> {
      return (await fetch(reach(app(), task.url))).text();
    },
    submit(task: Body, form: string, fields: Record<string, string>): Promise<Response> {
      clicks += 1;
      const body = new URLSearchParams({ clientActionId: `count-${clicks}`, ...fields });
      return fetch(`${reach(app(), task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
    },
    /** A count of an order's products that somebody asked for. */
    async askCount(order: Body, more: Body = {}): Promise<Body> {
      return expectStatus(await app().post('/tasks', { kind: 'count', orderId: order.id, ...more }), 201).body;
    },
    async count(task: Body, counted: number): Promise<Body> {
      const { products } = (await read(task)).details;
      const lines = (products as Body[]).map(({ id }) => ({ id, counted }));
      return expectStatus(await app().post(`/tasks/${task.id}/count`, { lines }), 200).body;
    },
    async shortPick(reason: string, more: Body = {}): Promise<{ sku: string; order: Body }> {
      const sku = await newProduct(app(), 10);
      const { order, task } = await picking(sku, 3, more);
      await endShort(task, reason, 1);
      return { sku, order };
    },
  };
}

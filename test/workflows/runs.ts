import { DatabaseSync } from 'node:sqlite';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually';
import type { Execution, TestN8n } from '../support/n8n';
import type { ServiceProcess } from '../support/service-process';
import { buildOrder } from '../support/shop';

export const RUN_WITHIN_MS = 180_000;

export type Json = Record<string, any>;

export function fixture(name: string): string {
  return resolve(__dirname, 'fixtures', name);
}

/** An execution as n8n has kept it. */
export interface Run {
  id: string;
  status: Execution['status'];
  error?: { message: string; description?: string; node?: { name: string } };
  /** For each time a node ran, its items by output. */
  outputsOf(node: string): Json[][][];
}

/** Starts a workflow as the outside does, and gives the execution's id. */
export async function fire(n8n: TestN8n, workflowId: string, path: string, body: Json): Promise<string> {
  const known = new Set((await n8n.executions(workflowId)).map(({ id }) => id));
  const answer = await fetch(`${n8n.url}/webhook/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`/webhook/${path} answered ${answer.status}: ${await answer.text()}`);
  const isNew = ({ id }: Execution): boolean => !known.has(id);
  return (await eventually('the execution', async () => (await n8n.executions(workflowId)).find(isNew))).id;
}

export function untilStatus(n8n: TestN8n, id: string, status: Execution['status']): Promise<Run> {
  return eventually(
    `execution ${id} to be ${status}`,
    async () => {
      const found = (await n8n.executions()).find((execution) => execution.id === id);
      if (found?.status !== status) throw new Error(`It is ${found?.status}`);
      return readRun(n8n, id);
    },
    RUN_WITHIN_MS,
  );
}

export async function readRun(n8n: TestN8n, id: string): Promise<Run> {
  const { status, data } = JSON.parse(await n8n.executionText(id)) as { status: Execution['status']; data: string };
  const { resultData } = unflatten(data) as Json;
  return {
    id,
    status,
    error: resultData.error,
    outputsOf: (node) =>
      (resultData.runData[node] ?? []).map((turn: Json) =>
        (turn.data?.main ?? []).map((items: Json[] | null) => (items ?? []).map(({ json }) => json as Json)),
      ),
  };
}

/** n8n keeps an execution as a flat list in which every text inside an object is the place of its value. */
function unflatten(text: string): unknown {
  const list = JSON.parse(text) as unknown[];
  const made = new Map<number, unknown>();
  const at = (place: number): unknown => {
    const entry = list[place];
    if (entry === null || typeof entry !== 'object') return entry;
    if (made.has(place)) return made.get(place);
    const copy: Json = Array.isArray(entry) ? [] : {};
    made.set(place, copy);
    for (const [name, value] of Object.entries(entry))
      copy[name] = typeof value === 'string' ? at(Number(value)) : value;
    return copy;
  };
  return at(0);
}

/** What the service posts, or will post, to wake an execution; the newest wait last. */
export interface WakeCall {
  url: string;
  body: { waitId: string };
  status: string;
}

export function wakeCalls(service: ServiceProcess, executionId: string): WakeCall[] {
  const ledger = new DatabaseSync(join(service.folder, 'ledger.sqlite'), { readOnly: true });
  try {
    const rows = ledger.prepare('SELECT id, resume_url, status FROM waits WHERE execution_id = ? ORDER BY id');
    return rows.all(executionId).map(({ id, resume_url: url, status }) => {
      return { url: String(url), body: { waitId: String(id) }, status: String(status) };
    });
  } finally {
    ledger.close();
  }
}

/** Posts it as the service would and gives n8n's answer. */
export async function wake({ url, body }: WakeCall): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
}

/** What the shipped pipelines have people do before a parcel leaves. */
export const ALL_WORK = ['picking', 'packing', 'pickup_dispatch'];

/** The people's and the shop's side of the service, as tests use it. */
export class Floor {
  constructor(private readonly service: ServiceProcess) {}

  async open(product: Json): Promise<void> {
    await this.call('POST', '/users', { name: 'Karim', email: 'karim@example.com', role: 'fulfillment_specialist' });
    await this.call('POST', '/products', product);
    const lines = [{ sku: product.sku, quantity: 500, unitCostMinor: product.costMinor }];
    await this.call('POST', '/inventory/receipts', { lines, reference: 'PO-7' });
  }

  place(): Promise<Json> {
    return this.call('POST', '/orders', buildOrder({ paymentMethod: 'cod' }));
  }

  async inProcess(): Promise<Json> {
    const order = await this.place();
    for (const move of ['confirm', 'process']) await this.call('PUT', `/orders/${order.id}/status`, { move });
    return order;
  }

  async ordersInProcess(count: number): Promise<Json[]> {
    const orders: Json[] = [];
    while (orders.length < count) orders.push(await this.inProcess());
    return orders;
  }

  /** Units of the shop's one product. */
  async stock(): Promise<Json> {
    const { items } = await this.call('GET', '/inventory?sku=TEA-01');
    const { onHand, reserved, available, unavailable, outgoing } = (items as Json[])[0] ?? {};
    return { onHand, reserved, available, unavailable, outgoing };
  }

  async tasksOf({ id }: Json): Promise<Json[]> {
    return (await this.call('GET', `/tasks?orderId=${id}`)).items;
  }

  openTask(order: Json, kind = 'picking'): Promise<Json> {
    const isIt = (task: Json): boolean => task.status === 'open' && task.kind === kind;
    return eventually(`the ${kind} task`, async () => (await this.tasksOf(order)).find(isIt), RUN_WITHIN_MS);
  }

  /** People do these kinds of work on the order, one after another as it is given to them. */
  async finish(order: Json, ...kinds: string[]): Promise<void> {
    for (const kind of kinds.length > 0 ? kinds : ['picking']) {
      await this.call('POST', `/tasks/${(await this.openTask(order, kind)).id}/complete`, { allDone: true });
    }
  }

  /** One unit of the first line could not be found. */
  async finishShort(order: Json): Promise<void> {
    const task = await this.call('GET', `/tasks/${(await this.openTask(order)).id}`);
    const lines = [{ id: task.lines[0].id, doneQuantity: 1, shortReason: 'not_found' }];
    await this.call('POST', `/tasks/${task.id}/complete`, { lines });
  }

  async cancel(order: Json): Promise<void> {
    await this.call('POST', `/tasks/${(await this.openTask(order)).id}/cancel`, { note: 'not today' });
  }

  /** How often each of these happened to the order. */
  async countActions({ id }: Json, ...actions: string[]): Promise<Record<string, number>> {
    const { items } = await this.call('GET', `/orders/${id}/history`);
    const times = (action: string): number => (items as Json[]).filter((one) => one.action === action).length;
    return Object.fromEntries(actions.map((action) => [action, times(action)]));
  }

  async call(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.service.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

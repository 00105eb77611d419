import { DatabaseSync } from 'node:sqlite';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { eventually } from '../support/eventually';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { bkashId, buildOrder, TEA } from '../support/shop';
import { Floor, type Json, RUN_WITHIN_MS } from './runs';

const WORKFLOWS = resolve(__dirname, '../../workflows');

export interface Mail {
  subject: string;
  to: string;
  messageId: string;
}

export const MANAGER = 'mina@example.com';
const MANAGER_USER = { name: 'Mina', email: MANAGER, role: 'store_manager' };

/** A small shop with shipped pipelines at work: the service and n8n as processes of their own, which can be killed. */
export class PipelineShop {
  private customers = 0;

  private constructor(
    readonly service: ServiceProcess,
    readonly n8n: TestN8n,
    readonly floor: Floor,
  ) {}

  static async open(workflows: string[], env: Record<string, string> = {}): Promise<PipelineShop> {
    const service = await startServiceProcess({ PIPELINE_STALL_MS: '5000', ...env });
    const floor = new Floor(service);
    await floor.open(TEA);
    await floor.call('POST', '/users', MANAGER_USER);
    const { key } = await floor.call('POST', '/api-keys', { name: 'pipelines', role: 'store_manager' });
    const n8n = await startTestN8n({ url: service.url, apiKey: key });
    await n8n.publish(['on-error.json', ...workflows]);
    return new PipelineShop(service, n8n, floor);
  }

  async close(): Promise<void> {
    await this.n8n.remove();
    await this.service.remove();
  }

  /** Each order has a customer of its own, so that their mails can be told apart. */
  place(overrides: Json = {}): Promise<Json> {
    this.customers += 1;
    const customer = { name: 'Rahima Akter', email: `customer${this.customers}@example.com`, phone: '01700000000' };
    return this.floor.call('POST', '/orders', buildOrder({ paymentMethod: 'cod', customer, ...overrides }));
  }

  /** The transaction ID came with the order. */
  placePaid(overrides: Json = {}): Promise<Json> {
    return this.place({ paymentMethod: 'bkash', payment: { transactionId: bkashId() }, ...overrides });
  }

  order({ id }: Json): Promise<Json> {
    return this.floor.call('GET', `/orders/${id}`);
  }

  untilStatus(order: Json, ...statuses: string[]): Promise<Json> {
    return eventually(
      `order ${order.number} to be ${statuses.join(' or ')}`,
      async () => {
        const now = await this.order(order);
        if (!statuses.includes(now.status)) throw new Error(`It is ${now.status}`);
        return now;
      },
      RUN_WITHIN_MS,
    );
  }

  until(what: string, holds: () => Promise<boolean>): Promise<boolean> {
    return eventually(what, holds, RUN_WITHIN_MS);
  }

  /** Caught mails, the newest first. */
  async mails(to?: string): Promise<Mail[]> {
    const { items } = (await (await fetch(`${this.service.url}/mailbox.json`)).json()) as { items: Mail[] };
    return items.filter((mail) => to === undefined || mail.to.includes(to));
  }

  /** What the customer of the order was sent, oldest first, once nothing is under way any more. */
  async customerMails({ customer }: Json): Promise<Mail[]> {
    await this.untilQuiet();
    return (await this.mails(customer.email)).reverse();
  }

  untilMail(to: string, subject: RegExp): Promise<Mail> {
    const isIt = (mail: Mail): boolean => subject.test(mail.subject);
    return eventually(`a mail to ${to} about ${subject}`, async () => (await this.mails(to)).find(isIt), RUN_WITHIN_MS);
  }

  /** Nothing is owed to mail, webhooks or jobs, and no run is at work; runs may sleep. */
  async untilQuiet(): Promise<void> {
    let quiet = 0;
    await eventually(
      'everything to be done',
      async () => {
        const owed = this.read(
          `SELECT name, topic, last_error FROM outbox WHERE status = 'pending' AND available_at <= :now`,
          { now: new Date().toISOString() },
        );
        const atWork = (await this.n8n.executions()).filter(({ status }) => ['new', 'running'].includes(status));
        quiet = owed.length + atWork.length === 0 ? quiet + 1 : 0;
        if (quiet < 2) throw new Error(JSON.stringify([...owed, ...atWork]));
        return true;
      },
      RUN_WITHIN_MS,
    );
    expect(this.read(`SELECT name, last_error FROM outbox WHERE status = 'dead'`)).toEqual([]);
  }

  /** Rows of the ledger, read beside the service. */
  read(sql: string, values: Record<string, string> = {}): Json[] {
    const ledger = new DatabaseSync(join(this.service.folder, 'ledger.sqlite'), { readOnly: true });
    try {
      return ledger.prepare(sql).all(values);
    } finally {
      ledger.close();
    }
  }

  /** What was posted for the order: the event of each entry, sorted. */
  async entriesOf({ id }: Json): Promise<string[]> {
    const { items } = await this.floor.call('GET', `/accounting/entries?orderId=${id}`);
    return (items as Json[]).map(({ event }) => event as string).sort();
  }

  async expectBooksAgree(): Promise<void> {
    const { checks } = await this.floor.call('GET', '/integrity');
    expect((checks as Json[]).filter(({ ok }) => !ok)).toEqual([]);
  }

  /** Every move of the order that the pipelines made says by which workflow, and was made once. */
  async expectMovedByPipeline({ id }: Json, moves: Record<string, string>): Promise<void> {
    const { items } = await this.floor.call('GET', `/audit?orderId=${id}&limit=100`);
    for (const [action, workflowId] of Object.entries(moves)) {
      const rows = (items as Json[]).filter((row) => row.action === action);
      expect(rows).toMatchObject([{ action, actor: { name: 'pipelines' }, execution: { workflowId } }]);
    }
  }

  /** A shipped workflow with something changed, as a user changes it in the editor. */
  changed(file: string, change: (workflow: Json) => void): string {
    const workflow = JSON.parse(readFileSync(join(WORKFLOWS, file), 'utf8')) as Json;
    change(workflow);
    const copy = join(this.service.folder, basename(file));
    writeFileSync(copy, JSON.stringify(workflow));
    return copy;
  }
}

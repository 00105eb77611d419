import type { Table } from './database/table';

export type Role =
  'admin' | 'store_manager' | 'fulfillment_specialist' | 'cashier' | 'customer_service' | 'reporting' | 'system';

/** Who is asking. `storeIds` is 'all' for those who work in every store. */
export interface Actor {
  kind: 'key' | 'user' | 'link' | 'system';
  id: string;
  name: string;
  role: Role;
  storeIds: readonly string[] | 'all';
}

/** The n8n run a request came from, so that audit rows and entries can point back at the step. */
export interface ExecutionLink {
  workflowId?: string;
  executionId?: string;
  node?: string;
  /** The event that started the run, as the trigger passed it on. */
  eventId?: string;
}

/** Ids of events are ours: 64 printable letters at most. */
export const EVENT_ID = /^[\x21-\x7e]{1,64}$/;

export type Params = Record<string, unknown>;

/** What a reader gets: the database, who is asking and when. Rows come back with camelCase keys. */
export interface ReadContext {
  readonly actor: Actor;
  /** The moment of the request, ISO 8601 UTC with milliseconds; rules take it from here and never read a clock. */
  readonly now: string;
  readonly requestId: string;
  readonly execution: ExecutionLink;
  readonly dialect: 'sqlite' | 'mysql';
  /** Rows of any statement; `:name` placeholders, arrays expand inside `IN (:ids)`. */
  select<Row>(sql: string, params?: Params): Promise<Row[]>;
  /** Rows of one table with JSON columns and flags decoded; `where` is everything after WHERE. */
  find<Row>(table: Table<Row>, where: string, params?: Params): Promise<Row[]>;
  /** The first such row. */
  get<Row>(table: Table<Row>, where: string, params?: Params): Promise<Row | undefined>;
}

export interface DomainEvent {
  /** Past tense, dotted: `order.placed`. */
  topic: string;
  storeId: string;
  orderId?: string;
  orderVersion?: number;
  /** What subscribers and webhooks are told; ids and figures, no more customer data than needed. */
  data: Record<string, unknown>;
}

export interface AuditEntry {
  /** Dotted verb: `order.ship`, `stock.adjust`. */
  action: string;
  subjectType: string;
  subjectId: string;
  storeId?: string;
  orderId?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** The person's reason or note, where the command asks for one. */
  note?: string;
}

export type EffectKind = 'movements' | 'postings' | 'messages' | 'events';

/**
 * One command's unit of work: everything done through it commits together or not at all.
 * Inserts are gathered and sent as multi-row statements; a later select, find or execute sends them first.
 */
export interface CommandContext extends ReadContext {
  readonly dryRun: boolean;
  newId(): string;
  /** As `find`, and the rows stay ours until commit (SELECT … FOR UPDATE on MySQL; SQLite has one writer anyway). */
  lock<Row>(table: Table<Row>, where: string, params?: Params): Promise<Row[]>;
  insert<Row>(table: Table<Row>, rows: Row | readonly Row[]): void;
  /** Guarded update by SQL; answers how many rows it touched. */
  execute(sql: string, params?: Params): Promise<number>;
  /** As `execute`, for a change whose count says nothing: it travels with whatever is sent next, at the latest the commit. */
  executeLater(sql: string, params?: Params): void;
  /** `UPDATE table SET … WHERE …`; answers how many rows it touched. */
  update<Row>(table: Table<Row>, set: Partial<Row>, where: string, params?: Params): Promise<number>;
  /** Sends the gathered inserts now, for those who must know at once whether a unique key holds. */
  flush(): Promise<void>;
  emit(event: DomainEvent): void;
  audit(entry: AuditEntry): void;
  /** A job for after the commit; it runs at least once, so its handler is idempotent. `after` is an ISO time. */
  enqueue(job: string, payload: Record<string, unknown>, options?: { after?: string; storeId?: string }): void;
  /** Shown by a preview (`dryRun`): what this command moved, posted and would send. */
  effect(kind: EffectKind, value: Record<string, unknown>): void;
}

/** What jobs, event handlers and sweeps get: reading, and a transaction of their own for each thing they change. */
export interface JobContext {
  readonly read: ReadContext;
  transaction<T>(run: (ctx: CommandContext) => Promise<T>): Promise<T>;
}

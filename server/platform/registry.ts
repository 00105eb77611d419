import type { Router } from 'express';
import type { CommandContext, DomainEvent, JobContext, ReadContext } from './context';
import type { Config } from './config';
import type { Route } from './http/route';

/** An event as its handlers get it; `id` is the same at every delivery. */
export interface DeliveredEvent extends DomainEvent {
  id: string;
  occurredAt: string;
}

export type EventHandler = (job: JobContext, event: DeliveredEvent) => Promise<void>;
export type JobHandler = (job: JobContext, payload: Record<string, unknown>, info: JobInfo) => Promise<void>;

export interface Subscription {
  /** Exact, or `order.*`, or `*`. */
  topic: string;
  /** The handler's own and unique. */
  name: string;
  handle: EventHandler;
  /**
   * A condition in SQL without which the event has nothing for this handler; its row is then done without a run. It
   * is asked for many events at once, after the commit that told them; `heard.order_id` is the event's order.
   */
  concerns?: string;
}

export interface JobInfo {
  /** The outbox row; the same at every attempt, so it can serve as a Message-ID or an idempotency key. */
  id: string;
  /** 1 for the first try. */
  attempt: number;
}

export interface JobOptions {
  /** Waits before the 2nd, 3rd … try, in milliseconds; the last one repeats until `attempts` is reached. */
  backoffMs?: readonly number[];
  attempts?: number;
  /** Called once when the last try has failed. */
  onDead?: JobHandler;
}

/** Finds what contradicts itself; an empty list means the books agree. */
export type IntegrityCheck = (ctx: ReadContext) => Promise<Record<string, unknown>[]>;

/** Runs inside every command's transaction, after its handler; `orderId` is the order it was about, if any. */
export type CommandObserver = (ctx: CommandContext, orderId: string | undefined) => Promise<void>;

/** What a slice sets up in a new store, in the transaction that makes the store. */
export type StoreOpener = (ctx: CommandContext, storeId: string) => Promise<void>;

export interface Sweep {
  name: string;
  everyMs: number;
  run: (job: JobContext) => Promise<void>;
}

/**
 * Where slices hang up what they offer at boot. Calls go down the ranks by import;
 * what must come back up (events, checks, routes) is registered here.
 */
export class Registry {
  readonly routes: Route[] = [];
  readonly pages: { path: string; router: Router }[] = [];
  readonly subscriptions: Subscription[] = [];
  readonly jobs = new Map<string, { handle: JobHandler; options: JobOptions }>();
  readonly sweeps: Sweep[] = [];
  readonly checks: { name: string; run: IntegrityCheck }[] = [];

  readonly commandObservers: CommandObserver[] = [];
  readonly storeOpeners: StoreOpener[] = [];

  constructor(readonly config: Config) {}

  onCommand(observe: CommandObserver): void {
    this.commandObservers.push(observe);
  }

  onStoreOpened(open: StoreOpener): void {
    this.storeOpeners.push(open);
  }

  addRoutes(...routes: Route[]): void {
    this.routes.push(...routes);
  }

  /** HTML pages outside /api/v1, such as /t/:token. */
  addPages(path: string, router: Router): void {
    this.pages.push({ path, router });
  }

  on(topic: string, name: string, handle: EventHandler, concerns?: Subscription['concerns']): void {
    this.subscriptions.push({ topic, name, handle, concerns });
  }

  job(name: string, handle: JobHandler, options: JobOptions = {}): void {
    this.jobs.set(name, { handle, options });
  }

  every(name: string, everyMs: number, run: Sweep['run']): void {
    this.sweeps.push({ name, everyMs, run });
  }

  integrityCheck(name: string, run: IntegrityCheck): void {
    this.checks.push({ name, run });
  }
}

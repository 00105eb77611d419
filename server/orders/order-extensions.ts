import type { CommandContext, ReadContext } from '../platform/context';
import type { Reply } from '../platform/http/route';
import type { GuardReason } from './guards';
import type { Guard, OrderMove } from './order-moves';
import type { OrderState } from './order-state';
import type { PlaceOrderInput, StatusInput } from './orders.schema';

/**
 * Orders does not know who works on it. Higher slices fill these at boot, each under a name of its own,
 * so that filling them twice changes nothing.
 */

/** A guard another slice brings, such as compliance; it may read. */
export type ExternalGuard = (ctx: ReadContext, state: OrderState) => Promise<GuardReason[]>;
/** Reads one section of the order's view for many orders at once; keys are order ids. */
export type SectionReader = (ctx: ReadContext, orderIds: readonly string[]) => Promise<Map<string, unknown>>;
/** Runs in the placing command's transaction; what it changes in the state is saved with it. */
export type PlacedHook = (ctx: CommandContext, state: OrderState, input: PlaceOrderInput) => Promise<void>;
/** Says what is open for an order, such as a task or an approval: one sentence a reason for `explain`. */
export type OpenWorkReader = (ctx: ReadContext, orderId: string) => Promise<string[]>;

/** Makes a move in its own way, such as a cancellation with its case; answers as `PUT /orders/:id/status` does, or 202. */
export type MoveCommand = (ctx: CommandContext, idOrNumber: string, input: StatusInput) => Promise<Reply>;

const commands = new Map<OrderMove, MoveCommand>();
export const orderCommands = {
  /** One slice owns a move; the last to say so wins. */
  set(move: OrderMove, command: MoveCommand): void {
    commands.set(move, command);
  },
  of(move: OrderMove): MoveCommand | undefined {
    return commands.get(move);
  },
  moves(): OrderMove[] {
    return [...commands.keys()];
  },
};

const guards = new Map<string, { guard: Guard; check: ExternalGuard }>();
export const orderGuards = {
  add(name: string, guard: Guard, check: ExternalGuard): void {
    guards.set(name, { guard, check });
  },
  of(guard: Guard): ExternalGuard[] {
    return [...guards.values()].filter((entry) => entry.guard === guard).map((entry) => entry.check);
  },
};

const sections = new Map<string, SectionReader>();
export const orderSections = {
  add(name: string, read: SectionReader): void {
    sections.set(name, read);
  },
  async read(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, Map<string, unknown>>> {
    const found = new Map<string, Map<string, unknown>>();
    if (orderIds.length === 0) return found;
    for (const [name, read] of sections) found.set(name, await read(ctx, orderIds));
    return found;
  },
};

const placedHooks = new Map<string, PlacedHook>();
export const orderPlaced = {
  add(name: string, hook: PlacedHook): void {
    placedHooks.set(name, hook);
  },
  async run(ctx: CommandContext, state: OrderState, input: PlaceOrderInput): Promise<void> {
    for (const hook of placedHooks.values()) await hook(ctx, state, input);
  },
};

/** Runs in the moving command's transaction, after the move was saved; the state is the order as it is then. */
export type MovedHook = (ctx: CommandContext, state: OrderState) => Promise<void>;

const movedHooks = new Map<string, { move: OrderMove; hook: MovedHook }>();
export const orderMoved = {
  add(name: string, move: OrderMove, hook: MovedHook): void {
    movedHooks.set(name, { move, hook });
  },
  async run(ctx: CommandContext, state: OrderState, move: OrderMove): Promise<void> {
    for (const { move: of, hook } of movedHooks.values()) if (of === move) await hook(ctx, state);
  },
};

/** Runs in the saving command's transaction when what is due for the order's goods may have changed; it saves no order. */
export type BillHook = (ctx: CommandContext, state: OrderState) => Promise<void>;

const billHooks = new Map<string, BillHook>();
export const orderBill = {
  onChange(name: string, hook: BillHook): void {
    billHooks.set(name, hook);
  },
  async changed(ctx: CommandContext, state: OrderState): Promise<void> {
    for (const hook of billHooks.values()) await hook(ctx, state);
  },
};

export interface Riders {
  /** What those who have the order's parcels were told to collect, in minor units; undefined when none has any. */
  told(ctx: ReadContext, orderId: string): Promise<number | undefined>;
  /** Hears what the books say all of them have collected, once somebody has said that the goods are there. */
  booked(ctx: CommandContext, orderId: string, collectedMinor: number): Promise<void>;
}

let riders: Riders = { told: () => Promise.resolve(undefined), booked: () => Promise.resolve() };
export const orderRiders = {
  /** One slice books couriers; the last to say so wins. */
  set(those: Riders): void {
    riders = those;
  },
  told: (ctx: ReadContext, orderId: string): Promise<number | undefined> => riders.told(ctx, orderId),
  booked: (ctx: CommandContext, orderId: string, collectedMinor: number): Promise<void> =>
    riders.booked(ctx, orderId, collectedMinor),
};

const openWorkReaders = new Map<string, OpenWorkReader>();
export const orderOpenWork = {
  add(name: string, read: OpenWorkReader): void {
    openWorkReaders.set(name, read);
  },
  async read(ctx: ReadContext, orderId: string): Promise<string[]> {
    const found = await Promise.all([...openWorkReaders.values()].map((read) => read(ctx, orderId)));
    return found.flat();
  },
};

/** Work that somebody can begin on orders. */
export type ToDo = 'picking';
const toDo = new Map<ToDo, string>();
export const ordersToDo = {
  /** The condition that such work can begin on a row of `orders`, in SQL; `:now` is a value of it. */
  set(work: ToDo, condition: string): void {
    toDo.set(work, condition);
  },
  condition(work: ToDo): string {
    return toDo.get(work) ?? '1 = 0';
  },
};

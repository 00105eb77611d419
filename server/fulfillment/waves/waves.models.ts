import type { Role } from '../../platform/context';
import { defineTable } from '../../platform/database/table';
import type { TaskOutcome, TaskStatus } from '../tasks/task-moves';
import type { ShortReason } from '../tasks/task-progress';

/** An order that was wanted for a wave and did not come into it. */
export interface LeftOut {
  orderId: string;
  number: string;
  code: string;
  message: string;
  /** The order's open picking task, where there is one. */
  taskId: string | null;
}

export interface WaveRow {
  id: string;
  storeId: string;
  /** 1, 2, 3 … in its store, as people call it. */
  number: number;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  /** 1 until the wave is closed, then null. */
  openMarker: 1 | null;
  assigneeId: string | null;
  assigneeEmail: string | null;
  assigneeName: string | null;
  assigneeRole: Role | null;
  linkNumber: number;
  dueAt: string | null;
  overdueAt: string | null;
  escalatedAt: string | null;
  leftOut: LeftOut[];
  note: string | null;
  eventId: string | null;
  workflowId: string | null;
  executionId: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

/** Who had an adopted task before, and until when; given back when the wave is cancelled. */
export interface BeforeWave {
  assigneeId: string | null;
  assigneeEmail: string | null;
  assigneeName: string | null;
  assigneeRole: Role | null;
  dueAt: string | null;
}

/** One order of a wave: the slot its goods are sorted into and the task that counts them. */
export interface WaveOrderRow {
  id: string;
  waveId: string;
  orderId: string;
  orderNumber: string;
  /** From 1, in the order in which the orders were placed. */
  slot: number;
  taskId: string;
  /** The task was there before the wave. */
  adopted: boolean;
  /** A run of its own goes on with the order once it is picked. */
  awaited: boolean;
  beforeWave: BeforeWave | null;
  openMarker: 1 | null;
}

/** One product of a wave. How many are needed is asked of the orders each time, since one may be cancelled meanwhile. */
export interface WaveLineRow {
  id: string;
  waveId: string;
  productId: string;
  sku: string;
  name: string;
  shelf: string | null;
  barcode: string | null;
  /** Taken from the shelf in all, less what was put back. */
  collectedQuantity: number;
  /** Given up on. What turns up later, or is no longer needed, is not short after all; see `countItem`. */
  shortQuantity: number;
  shortReason: ShortReason | null;
  note: string | null;
  /** The way through the shelves. */
  position: number;
}

export type WaveActionKind = 'collect' | 'short' | 'sort' | 'put_back' | 'undo' | 'finish';

/** Units put into a slot; `actionId` is the action that counted them on the order's task. */
export interface PlacedUnits {
  taskId: string;
  actionId: string;
  slot: number;
  orderNumber: string;
  units: number;
}

/** One thing a person did; append-only. A line's counters are the sums of these. */
export interface WaveActionRow {
  id: string;
  waveId: string;
  clientActionId: string | null;
  kind: WaveActionKind;
  /** As it was scanned. */
  code: string | null;
  waveLineId: string | null;
  collectedChange: number;
  shortChange: number;
  shortReason: ShortReason | null;
  placed: PlacedUnits[];
  undoesId: string | null;
  note: string | null;
  actorName: string;
  at: string;
}

export const waves = defineTable<WaveRow>('waves', { json: ['leftOut'] });
export const waveOrders = defineTable<WaveOrderRow>('wave_orders', {
  json: ['beforeWave'],
  flags: ['adopted', 'awaited'],
});
export const waveLines = defineTable<WaveLineRow>('wave_lines');
export const waveActions = defineTable<WaveActionRow>('wave_actions', { json: ['placed'] });

import type { Role } from '../../platform/context';
import { defineTable } from '../../platform/database/table';
import type { TaskKind } from './task-kinds';
import type { TaskOutcome, TaskStatus } from './task-moves';
import type { LineProgress, RecordedAction } from './task-progress';

export interface TaskRow {
  id: string;
  storeId: string;
  kind: TaskKind;
  orderId: string;
  orderNumber: string;
  /** 1 for an order's first task of the kind, 2 for what was left after that one closed, and so on. */
  round: number;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  /** 1 until the task is closed, then null: the database itself allows one open task per order and kind. */
  openMarker: 1 | null;
  /** Null for nobody, and for a person known only by e-mail. */
  assigneeId: string | null;
  assigneeEmail: string | null;
  assigneeName: string | null;
  assigneeRole: Role | null;
  /** Raised when the task is given to somebody else, which ends the link of the one who had it. */
  linkNumber: number;
  dueAt: string | null;
  /** When its lateness was told; it is told once. */
  overdueAt: string | null;
  /** When its lateness was told to the store's managers. */
  escalatedAt: string | null;
  instructions: string;
  /** What the person who finished or cancelled it wrote. */
  note: string | null;
  /** What its kind needs to know, such as the task that it is about; ids and figures. */
  details: Record<string, unknown> | null;
  /** What came of it beside the outcome, such as what was decided; tells the pipelines which way to go. */
  result: Record<string, unknown> | null;
  eventId: string | null;
  workflowId: string | null;
  executionId: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface TaskLineRow extends LineProgress {
  taskId: string;
  /** The order's line. */
  lineId: string;
  productId: string;
  sku: string;
  name: string;
  shelf: string | null;
  barcode: string | null;
  /** How many of the units stock keeps apart until they are put back. */
  setAsideQuantity: number;
  /** The way through the shelves. */
  position: number;
}

/** One thing a person did; append-only. The lines' counters are the sums of these. */
export interface TaskActionRow extends RecordedAction {
  taskId: string;
  clientActionId: string | null;
  /** As it was scanned. */
  code: string | null;
  note: string | null;
  actorName: string;
  at: string;
}

export const tasks = defineTable<TaskRow>('tasks', { json: ['details', 'result'] });
export const taskLines = defineTable<TaskLineRow>('task_lines');
export const taskActions = defineTable<TaskActionRow>('task_actions', { json: ['changes'] });

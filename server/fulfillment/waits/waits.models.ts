import { defineTable } from '../../platform/database/table';
import type { TaskOutcome } from '../tasks/task-moves';

/** waiting: for its items · settled: done, n8n not told yet · delivered: n8n said yes · superseded: by a newer wait of the run · failed: given up. */
export type WaitStatus = 'waiting' | 'settled' | 'delivered' | 'superseded' | 'failed';

/** One pause of one run at one node. */
export interface WaitRow {
  id: string;
  executionId: string;
  nodeId: string;
  round: number;
  resumeUrl: string;
  status: WaitStatus;
  eventId: string | null;
  workflowId: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: string;
  settledAt: string | null;
  deliveredAt: string | null;
}

export interface WaitItemRow {
  id: string;
  waitId: string;
  taskId: string;
  /** As the node listed them. */
  position: number;
  outcome: TaskOutcome | null;
}

export const waits = defineTable<WaitRow>('waits');
export const waitItems = defineTable<WaitItemRow>('wait_items');

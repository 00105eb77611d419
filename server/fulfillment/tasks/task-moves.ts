import { ConflictError } from '../../platform/errors';
import type { Role } from '../../platform/context';

export const TASK_STATUSES = ['open', 'in_progress', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const TASK_OUTCOMES = ['done', 'short', 'cancelled'] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

export interface TaskMoveRule {
  from: readonly TaskStatus[];
  to: TaskStatus;
  /** Roles that may make it, besides admin; the holder of the task's link may start and complete. */
  roles: readonly Role[];
  /** Emitted when it is made. */
  event?: string;
}

const FLOOR: readonly Role[] = ['store_manager', 'fulfillment_specialist'];

/** Every move a task can make. A move not listed here does not exist. */
export const taskMoves = {
  start: { from: ['open', 'in_progress'], to: 'in_progress', roles: FLOOR },
  complete: { from: ['open', 'in_progress'], to: 'done', roles: FLOOR, event: 'task.done' },
  cancel: { from: ['open', 'in_progress'], to: 'cancelled', roles: ['store_manager'], event: 'task.done' },
} as const satisfies Record<string, TaskMoveRule>;

export type TaskMove = keyof typeof taskMoves;
export const TASK_MOVES = Object.keys(taskMoves) as TaskMove[];

export function taskMove(move: TaskMove): TaskMoveRule {
  return taskMoves[move];
}

/** Nothing more can be done with it. */
export function isClosed(status: TaskStatus): boolean {
  return TASK_MOVES.every((move) => !taskMove(move).from.includes(status));
}

/** Where a move leads. Throws 409 TASK_CLOSED. */
export function moveTask(status: TaskStatus, move: TaskMove): TaskStatus {
  if (taskMove(move).from.includes(status)) return taskMove(move).to;
  throw taskClosed(status);
}

export function taskClosed(status: TaskStatus): ConflictError {
  return new ConflictError(
    'TASK_CLOSED',
    `The task is ${status} and cannot be changed. If units are left, assign a new task for the order.`,
    { facts: { status } },
  );
}

import { z } from 'zod';
import { address, eventField, key, taskView } from '../tasks/tasks.schema';
import { TASK_OUTCOMES } from '../tasks/task-moves';

const ITEMS_MAX = 500;
const ROUND_MAX = 1_000_000;

export const waitInput = z.strictObject({
  executionId: key('executionId, the run’s id', 255),
  nodeId: key('nodeId, the id of the node that waits', 255),
  round: z.int('round is a whole number: how often the node has run in this execution.').min(0).max(ROUND_MAX),
  resumeUrl: address('resumeUrl'),
  items: z
    .array(z.strictObject({ taskId: key('taskId', 26) }), {
      error: 'items lists what is waited for: [{"taskId": "…"}].',
    })
    .min(1, 'items has at least one entry.')
    .max(ITEMS_MAX, `items has at most ${ITEMS_MAX} entries.`),
  event: eventField.optional(),
});
export type WaitInput = z.output<typeof waitInput>;

export const waitParams = z.strictObject({ id: z.string().max(26) });

export const waitView = z.object({
  id: z.string(),
  /** False once a later wait of the same run has taken its place. */
  current: z.boolean(),
  done: z.boolean(),
  results: z.array(z.object({ taskId: z.string(), outcome: z.enum(TASK_OUTCOMES).nullable(), task: taskView })),
});

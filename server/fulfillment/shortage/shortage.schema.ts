import { z } from 'zod';
import { answerLines, eventId, words } from '../../orders';
import { assignInput, clientActionId, NOTE_MAX } from '../tasks/tasks.schema';

const MANAGERS = ['store_manager', 'admin'] as const;

export const decisionTaskInput = assignInput.extend({
  role: z.enum(MANAGERS, { error: `role is one of ${MANAGERS.join(', ')}: only they may decide this.` }).optional(),
  instructions: words('instructions', 2000).optional(),
  event: eventId.optional(),
});
export type DecisionTaskInput = z.output<typeof decisionTaskInput>;

export const decideInput = z.strictObject({
  lines: answerLines.optional(),
  reason: words('The reason', 500).min(3, 'Say why, in a few words.').optional(),
  note: words('note', NOTE_MAX).optional(),
  clientActionId: clientActionId.optional(),
});

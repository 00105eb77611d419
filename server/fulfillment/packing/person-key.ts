import type { Actor } from '../../platform/context';
import type { TaskRow } from '../tasks/tasks.models';

/** One person by one name, whichever task's link they hold; a program is the key it came with. */
export function personKey(actor: Actor, task?: Pick<TaskRow, 'id' | 'assigneeEmail'>): string {
  if (actor.kind === 'link' && task) return personOf(task);
  return `${actor.kind}:${actor.id}`;
}

export function personOf({ id, assigneeEmail }: Pick<TaskRow, 'id' | 'assigneeEmail'>): string {
  return `person:${assigneeEmail?.toLowerCase() ?? id}`;
}

import type { Actor } from '../../platform/context';
import type { TaskRow } from '../tasks/tasks.models';

const PERSON = 'person:';

/** One person by one name, whichever task's link they hold; a program is the key it came with. */
export function personKey(actor: Actor, task?: Pick<TaskRow, 'id' | 'assigneeEmail'>): string {
  if (actor.kind === 'link' && task) return personOf(task);
  return `${actor.kind}:${actor.id}`;
}

export function personOf({ id, assigneeEmail }: Pick<TaskRow, 'id' | 'assigneeEmail'>): string {
  return `${PERSON}${assigneeEmail?.toLowerCase() ?? id}`;
}

/** The person's address; undefined for a program, and for somebody who was known by nothing but the link. */
export function emailIn(key: string): string | undefined {
  const name = key.startsWith(PERSON) ? key.slice(PERSON.length) : '';
  return name.includes('@') ? name : undefined;
}

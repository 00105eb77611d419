import { randomUUID } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { Refusal } from '../shared/refusal';
import type { Page, Subscription } from '../shared/service';
import { callService } from '../shared/transport';

/** A subscription made by "Listen for test event" ends by itself, should the editor be closed in between. */
const TEST_LIFETIME_MS = 60 * 60 * 1000;

/** What is remembered of the subscription between publish and delivery. */
interface Memory {
  secret?: string;
}

export function memoryOf(context: { getWorkflowStaticData(type: string): object }): Memory {
  return context.getWorkflowStaticData('node') as Memory;
}

/** Looked up by address, because ours may have been removed at the service, and its secret lost here. */
export async function isSubscribed(context: IHookFunctions): Promise<boolean> {
  const found = await findSubscription(context);
  return found !== undefined && memoryOf(context).secret !== undefined && sameEvents(found.events, eventsOf(context));
}

/** Registers this workflow's address. The same address again changes its events and answers the secret it has. */
export async function subscribe(context: IHookFunctions): Promise<void> {
  const isTest = context.getActivationMode() === 'manual';
  const answer = await callService<Subscription>(context, {
    method: 'POST',
    path: '/webhooks',
    // Each publish is a new intention: the answer to an earlier one would not bring an ended subscription back.
    idempotencyKey: `subscribe:${randomUUID()}`,
    body: {
      url: addressOf(context),
      events: eventsOf(context),
      expiresAt: isTest ? new Date(Date.now() + TEST_LIFETIME_MS).toISOString() : undefined,
    },
  });
  memoryOf(context).secret = answer.secret;
}

/** Ends the subscription; one that is gone already is as good. */
export async function unsubscribe(context: IHookFunctions): Promise<void> {
  const found = await findSubscription(context);
  if (found) {
    const gone = await end(context, found.id);
    if (gone) context.logger.debug('The Orderloom subscription had ended already', { id: found.id });
  }
  delete memoryOf(context).secret;
}

async function end(context: IHookFunctions, id: string): Promise<boolean> {
  const request = callService(context, {
    method: 'DELETE',
    path: `/webhooks/${encodeURIComponent(id)}`,
    idempotencyKey: `unsubscribe:${randomUUID()}`,
  });
  return request.then(
    () => false,
    (error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return true;
      throw error;
    },
  );
}

async function findSubscription(context: IHookFunctions): Promise<Subscription | undefined> {
  const page = await callService<Page<Subscription>>(context, {
    method: 'GET',
    path: '/webhooks',
    query: { url: addressOf(context) },
  });
  return page.items[0];
}

function addressOf(context: IHookFunctions): string {
  return context.getNodeWebhookUrl('default') ?? '';
}

function eventsOf(context: IHookFunctions): string[] {
  return context.getNodeParameter('events', []) as string[];
}

function sameEvents(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

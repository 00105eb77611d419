import type { JobContext } from '../../platform/context';
import type { JobOptions } from '../../platform/registry';
import { reportIncident } from '../recovery/incidents';
import { readReceiver } from '../../platform/http/receiver';
import { readResumeAnswer, RESUME_WAITS_MS } from './resume-waits';
import { waits, type WaitRow } from './waits.models';
import { itemsOf } from './waits.service';

const TIMEOUT_MS = 10_000;
const ERROR_LENGTH_MAX = 500;

export const RESUME_OPTIONS: JobOptions = {
  backoffMs: RESUME_WAITS_MS,
  attempts: RESUME_WAITS_MS.length + 1,
  onDead: giveUp,
};

/** Wakes a paused run at the address it gave, with a result for each thing it waited for. */
export async function resumeRun(job: JobContext, payload: Record<string, unknown>): Promise<void> {
  const wait = await job.read.get(waits, 'id = :id', { id: String(payload.waitId) });
  // Superseded, told in an answer, or seen going on by itself: there is nobody to wake.
  if (wait?.status !== 'settled') return;
  const items = await itemsOf(job.read, wait.id);
  const body = { waitId: wait.id, results: items.map(({ taskId, outcome }) => ({ taskId, outcome })) };
  const { status, error } = await post(wait.resumeUrl, body);
  const answer = status === null ? 'later' : readResumeAnswer(status);
  if (answer === 'resumed') return settle(job, wait, { status: 'delivered', lastError: null });
  const lastError = error.slice(0, ERROR_LENGTH_MAX);
  if (answer === 'gone') return fail(job, wait, lastError);
  await settle(job, wait, { status: 'settled', lastError });
  throw new Error(lastError);
}

async function post(url: string, body: Record<string, unknown>): Promise<{ status: number | null; error: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, isBooting } = await readReceiver(response);
    return isBooting ? { status: null, error: 'n8n is still starting' } : { status, error: `HTTP ${status}` };
  } catch (error) {
    // fetch says only "fetch failed"; its cause knows why.
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return { status: null, error: cause?.code ?? message };
  }
}

async function settle(
  job: JobContext,
  wait: WaitRow,
  { status, lastError }: Pick<WaitRow, 'status' | 'lastError'>,
): Promise<void> {
  await job.transaction((ctx) =>
    ctx.update(
      waits,
      { status, lastError, attempts: wait.attempts + 1, deliveredAt: status === 'delivered' ? ctx.now : null },
      `id = :id AND status = 'settled'`,
      { id: wait.id },
    ),
  );
}

/** The run is lost to n8n. A person is told, and the event that started it is delivered again when there is one. */
async function fail(job: JobContext, wait: WaitRow, lastError: string): Promise<void> {
  await job.transaction(async (ctx) => {
    const set = { status: 'failed' as const, lastError, attempts: wait.attempts + 1 };
    const marked = await ctx.update(waits, set, `id = :id AND status = 'settled'`, { id: wait.id });
    if (marked !== 1) return;
    await reportIncident(ctx, {
      kind: 'unresumed',
      reference: wait.id,
      eventId: wait.eventId,
      workflowId: wait.workflowId,
      executionId: wait.executionId,
      message: `The paused run ${wait.executionId} could not be woken: ${lastError}.`,
    });
  });
}

async function giveUp(job: JobContext, payload: Record<string, unknown>): Promise<void> {
  const wait = await job.read.get(waits, 'id = :id', { id: String(payload.waitId) });
  if (wait?.status === 'settled') await fail(job, wait, wait.lastError ?? 'n8n could not be reached for a day');
}

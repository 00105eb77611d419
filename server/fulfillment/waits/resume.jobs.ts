import type { JobContext } from '../../platform/context';
import type { JobOptions } from '../../platform/registry';
import { readReceiver } from '../../platform/http/receiver';
import { reportIncident } from '../recovery/incidents';
import { recordWoken } from '../recovery/runs';
import { readResumeAnswer, RESUME_WAITS_MS, type ResumeAnswer } from './resume-waits';
import { waits, type WaitRow } from './waits.models';
import { itemsOf } from './waits.service';

const TIMEOUT_MS = 10_000;
const READINESS_TIMEOUT_MS = 3_000;
const ERROR_LENGTH_MAX = 500;
/** Where n8n takes calls for paused runs, and where it says whether it is up. */
const WAITING_PATH = '/webhook-waiting/';
const READINESS_PATH = '/healthz/readiness';
const NOT_READY = 503;
const STARTING = 'n8n is still starting';

export const RESUME_OPTIONS: JobOptions = {
  backoffMs: RESUME_WAITS_MS,
  attempts: RESUME_WAITS_MS.length + 1,
  onDead: giveUp,
};

/** Wakes a paused run at the address it gave, with a result for each thing it waited for. */
export async function resumeRun(
  job: JobContext,
  payload: Record<string, unknown>,
  pipelineStallMs: number,
): Promise<void> {
  const wait = await job.read.get(waits, 'id = :id', { id: String(payload.waitId) });
  // Superseded, told in an answer, or seen going on by itself: there is nobody to wake.
  if (wait?.status !== 'settled') return;
  const items = await itemsOf(job.read, wait.id);
  const body = { waitId: wait.id, results: items.map(({ taskId, outcome }) => ({ taskId, outcome })) };
  const { answer, error } = await post(wait.resumeUrl, body);
  if (answer === 'resumed' || answer === 'ended') return deliver(job, wait, pipelineStallMs);
  const lastError = error.slice(0, ERROR_LENGTH_MAX);
  if (answer === 'gone') return fail(job, wait, lastError);
  await note(job, wait, lastError);
  throw new Error(lastError);
}

/**
 * n8n answers calls a moment before it has looked through what its last end left unfinished. A run that is woken in
 * that moment goes on and is then written down as crashed. Only a clear "not ready" is believed: an n8n behind a proxy
 * may not show its health, and one that is gone is found out by the call itself.
 */
async function isStarting(resumeUrl: string): Promise<boolean> {
  const [base, ...rest] = resumeUrl.split(WAITING_PATH);
  if (rest.length === 0) return false;
  try {
    const { status } = await fetch(base + READINESS_PATH, { signal: AbortSignal.timeout(READINESS_TIMEOUT_MS) });
    return status === NOT_READY;
  } catch {
    return false;
  }
}

async function post(url: string, body: Record<string, unknown>): Promise<{ answer: ResumeAnswer; error: string }> {
  if (await isStarting(url)) return { answer: 'later', error: STARTING };
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, isBooting, text } = await readReceiver(response);
    if (isBooting) return { answer: 'later', error: STARTING };
    return { answer: readResumeAnswer(status, text), error: `HTTP ${status}` };
  } catch (error) {
    // fetch says only "fetch failed"; its cause knows why.
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return { answer: 'later', error: cause?.code ?? message };
  }
}

/** n8n has taken the results. It may still die before the next step, so the run is expected to be heard of again. */
async function deliver(job: JobContext, wait: WaitRow, pipelineStallMs: number): Promise<void> {
  await job.transaction(async (ctx) => {
    const set = { status: 'delivered' as const, lastError: null, attempts: wait.attempts + 1, deliveredAt: ctx.now };
    const marked = await ctx.update(waits, set, `id = :id AND status = 'settled'`, { id: wait.id });
    if (marked === 1) await recordWoken(ctx, wait.executionId, pipelineStallMs);
  });
}

async function note(job: JobContext, wait: WaitRow, lastError: string): Promise<void> {
  const set = { lastError, attempts: wait.attempts + 1 };
  await job.transaction((ctx) => ctx.update(waits, set, `id = :id AND status = 'settled'`, { id: wait.id }));
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

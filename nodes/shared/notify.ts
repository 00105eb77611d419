import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview } from './fields';
import { Refusal } from './refusal';
import { startingEventId } from './startingEvent';
import { callService } from './transport';

export const SENT = 0;
export const FAILED = 1;

export interface Outcome {
  output: typeof SENT | typeof FAILED;
  /** What the service answered, or the code and the facts of its No. */
  notification: IDataObject;
}

/** Refusals that say nobody can be told this now. Somebody else does something about it; the run has not failed. */
const NOBODY_TOLD = ['MESSAGE_NOT_DUE', 'CUSTOMER_UNREACHABLE', 'NO_RECIPIENTS', 'RECIPIENT_UNKNOWN'];

/** Asks for one message. A message that was asked for before is the same one; if it could not arrive, it has failed. */
export async function notify(
  context: IExecuteFunctions,
  itemIndex: number,
  request: { path: string; idempotencyKey: string; body: IDataObject },
): Promise<Outcome> {
  try {
    const notification = await callService<IDataObject>(context, {
      method: 'POST',
      query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
      eventId: startingEventId(context, itemIndex),
      ...request,
    });
    if (notification.status !== 'failed') return { output: SENT, notification };
    return { output: FAILED, notification: { code: 'MESSAGE_FAILED', ...notification } };
  } catch (error) {
    if (!(error instanceof Refusal) || !NOBODY_TOLD.includes(error.code)) return Promise.reject(error as Error);
    return { output: FAILED, notification: error.facts };
  }
}

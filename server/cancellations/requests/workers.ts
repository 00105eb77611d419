import { openWork } from '../../fulfillment';
import { storeSettings } from '../../people';
import type { CommandContext } from '../../platform/context';
import { queueMail } from '../../platform/mail';
import type { RequestRow } from './requests.models';

/** Everyone who has an open task of the order reads at once that they should stop. */
export function tellToStop(ctx: CommandContext, request: RequestRow): Promise<void> {
  return tellWorkers(ctx, request, 'emails/task-stop', {});
}

/** They read how it ended: the order goes on, or it is cancelled and what they hold is put back. */
export function tellOutcome(ctx: CommandContext, request: RequestRow): Promise<void> {
  return tellWorkers(ctx, request, 'emails/task-stop-over', { goesOn: request.status !== 'approved' });
}

async function tellWorkers(
  ctx: CommandContext,
  { id, orderId, orderNumber, storeId, taskId, openMarker }: RequestRow,
  template: string,
  more: Record<string, unknown>,
): Promise<void> {
  const { tasks } = await openWork(ctx, orderId);
  const workers = new Map<string, string | null>();
  for (const { id: own, assigneeEmail, assigneeName } of tasks) {
    if (assigneeEmail && own !== taskId) workers.set(assigneeEmail, assigneeName);
  }
  const { name: storeName } = await storeSettings(ctx, storeId);
  for (const [email, name] of workers) {
    const data = { orderNumber, storeName, readerFirstName: name?.trim().split(/\s+/)[0] ?? '', ...more };
    const dedupeKey = `${openMarker ? 'stop' : 'over'}:${id}:${email}`.slice(0, 191);
    await queueMail(ctx, { template, to: email, storeId, orderId, data, dedupeKey });
  }
}

/** Whoever asked reads what became of it, if their address is known. */
export async function tellRequester(ctx: CommandContext, request: RequestRow): Promise<void> {
  const { id, askedByEmail, orderNumber, storeId, orderId, status, decidedBy, decisionNote } = request;
  if (!askedByEmail) return;
  const { name: storeName } = await storeSettings(ctx, storeId);
  const why = decisionNote ? ` ${decisionNote}` : '';
  const said = {
    requested: '',
    approved: `Order ${orderNumber} is cancelled, as you asked. ${decidedBy ?? ''} decided it.${why}`,
    rejected: `Order ${orderNumber} goes on. ${decidedBy ?? ''} decided it:${why}`,
    expired: `Order ${orderNumber} was not cancelled: it went on before anybody had decided.${why}`,
  }[status];
  const subject = status === 'approved' ? `Order ${orderNumber} is cancelled` : `Order ${orderNumber} is not cancelled`;
  const data = { storeName, subject, text: said, sender: decidedBy ?? storeName };
  const dedupeKey = `answer:${id}`;
  await queueMail(ctx, { template: 'emails/notice', to: askedByEmail, storeId, orderId, data, dedupeKey });
}

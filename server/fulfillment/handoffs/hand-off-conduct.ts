import { complianceNeeds, isDueAtHandOver, readState, shippableQuantity } from '../../orders';
import type { CommandContext, ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { newId } from '../../platform/ids';
import { formatMoney } from '../../platform/money';
import { readFields } from '../task-page/task-forms';
import type { Act, Finished, PagePart, TaskConduct } from '../tasks/task-conduct';
import type { TaskRow } from '../tasks/tasks.models';
import { AGE_DOCUMENTS, ageDocuments } from './age-documents';
import { closeHandOff } from './close-hand-off';
import { confirmHandOff, type Counter, dueBefore, proofOf, wrongCode } from './confirm-hand-off';
import { handOffOfTask, lockHandOff } from './find-hand-offs';
import { placeOf } from './hand-off-view';
import { forms } from './hand-offs.schema';
import { type HandOffRow, handOffs } from './hand-offs.models';
import { packagesShown } from './packages-shown';
import { takesCode, takesSignature } from './proof';

/** How the task of handing goods over goes: its page has forms of its own, and it is done once it is proved. */
export function handOffConduct(counter: Counter): TaskConduct {
  return {
    finish: async (ctx, { state }) => assertConfirmed(await handOffOfTask(ctx, state.task.id)),
    cancel: async (ctx, { order, state }) => {
      const { id } = await handOffOfTask(ctx, state.task.id);
      const handOff = await lockHandOff(ctx, id);
      if (handOff.openMarker) await closeHandOff(ctx, order.order, handOff, { move: 'cancel' });
    },
    page: async (ctx, { task }) => pageOf(ctx, task),
    forms: { confirm: (fields) => confirmForm(counter, fields), absent: absentForm },
    closed: ({ outcome }) =>
      outcome === 'cancelled'
        ? 'This hand-off was cancelled. Keep the goods here.'
        : 'The goods were handed over. There is nothing more to do.',
  };
}

/** By the API too a hand-off ends by its proof alone. */
function assertConfirmed({ id, status }: HandOffRow): Finished {
  if (status === 'confirmed') return {};
  throw new ConflictError(
    'HANDOFF_NOT_CONFIRMED',
    `A hand-off is done once it is confirmed. Use the task's page, or POST /api/v1/handoffs/${id}/confirm with the code or who signed.`,
    { facts: { handOffId: id } },
  );
}

async function pageOf(ctx: ReadContext, { id, orderId }: TaskRow): Promise<PagePart> {
  const handOff = await handOffOfTask(ctx, id);
  const state = await readState(ctx, orderId);
  const { order, lines } = state;
  const proof = proofOf(handOff, order);
  const due = dueBefore(order, handOff);
  const { minimumAge } = await complianceNeeds(ctx, state);
  return {
    partial: 'task-hand-off',
    style: 'task-hand-off',
    script: 'signature',
    hidesLines: true,
    hidesFinish: true,
    place: placeOf(handOff),
    customerFirstName: order.customerName.trim().split(/\s+/)[0] ?? '',
    goods: lines
      .map((line) => ({ name: line.name, quantity: shippableQuantity(line) }))
      .filter(({ quantity }) => quantity > 0),
    packages: await packagesShown(ctx, orderId),
    due: due > 0 ? formatMoney(due, order.currency) : null,
    toCollect:
      due === 0 && order.receivableMinor > 0 && isDueAtHandOver(order)
        ? formatMoney(order.receivableMinor, order.currency)
        : null,
    minimumAge,
    documents: AGE_DOCUMENTS.map((value) => ({ value, label: ageDocuments[value] })),
    asksCode: takesCode(proof),
    takesSignature: takesSignature(proof),
    isLocked: proof.confirmBy === 'code' && !takesCode(proof),
    wrong: handOff.wrongTries > 0 ? wrongCode(handOff).message : null,
    absences: handOff.absences,
    absentNote: handOff.note,
    confirmActionId: newId(),
    absentActionId: newId(),
  };
}

function confirmForm(counter: Counter, fields: unknown): Act {
  const { code, signedBy, signature, documentKind, note, clientActionId } = readFields(forms.confirm, fields);
  return async (ctx, taskId) => {
    const { id } = await handOffOfTask(ctx, taskId);
    // A wrong code is counted, which a refusal would take back; the page says it from then on.
    await confirmHandOff(ctx, counter, id, {
      code: code || undefined,
      signedBy: signedBy || undefined,
      signature: signature || undefined,
      documentKind: documentKind || undefined,
      note: note || undefined,
      clientActionId,
    });
    return undefined;
  };
}

/** Nobody came: the order waits on, and whoever looks at it next knows. */
function absentForm(fields: unknown): Act {
  const { note, clientActionId } = readFields(forms.absent, fields);
  return async (ctx, taskId) => {
    const { id } = await handOffOfTask(ctx, taskId);
    await recordAbsence(ctx, await lockHandOff(ctx, id), { note, clientActionId });
    return undefined;
  };
}

async function recordAbsence(
  ctx: CommandContext,
  handOff: HandOffRow,
  { note, clientActionId }: { note: string; clientActionId: string },
): Promise<void> {
  if (!handOff.openMarker || handOff.lastActionId === clientActionId) return;
  const { id, storeId, orderId } = handOff;
  const absences = handOff.absences + 1;
  const set = { absences, note: note || handOff.note, lastActionId: clientActionId };
  await ctx.update(handOffs, set, 'id = :id', { id });
  ctx.audit({
    action: 'handoff.absent',
    subjectType: 'handoff',
    subjectId: id,
    storeId,
    orderId,
    after: { absences },
    note,
  });
}

import { z } from 'zod';
import { ADJUSTMENT_REASONS } from '../../inventory';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import { ValidationError } from '../../platform/errors';
import { newId } from '../../platform/ids';
import { formatMoney } from '../../platform/money';
import { date } from '../../platform/render';
import { photosOf } from '../photos/photos.service';
import { completeTask } from '../tasks/close-task';
import type { Act, PagePart, TaskConduct } from '../tasks/task-conduct';
import type { TaskRow } from '../tasks/tasks.models';
import { clientActionId, NOTE_MAX } from '../tasks/tasks.schema';
import { readFields } from '../task-page/task-forms';
import { differenceWords, expectedUnits } from './count-figures';
import type { FindingRow } from './counts.models';
import {
  type AdjustmentReason,
  type Choice,
  dropFindings,
  finishDecision,
  STOCK_DECISIONS,
  type StockDecision,
  unitsNow,
  USUAL_REASON,
} from './decide-stock';
import { readShelfFacts, type ShelfNow } from './shelf-facts';
import { findingsOf } from './stock-decision';

/** Deciding what the record should say. */
export const decisionConduct: TaskConduct = {
  finish: finishDecision,
  cancel: (ctx, ended) => dropFindings(ctx, ended),
  page: decisionPage,
  forms: { decide: decideForm },
  closed: ({ status, result }) => (status === 'done' ? CLOSED[String(result?.decision)] : undefined),
};

const CLOSED: Readonly<Record<string, string>> = {
  accept: 'Accepted: the record says what was found. There is nothing more to do.',
  recount: 'It is counted again. You are asked once more if it still differs.',
  leave: 'The record stays as it is. There is nothing more to do.',
  mixed: 'Decided. What is counted again comes back to you if it still differs.',
};

const DECISION_LABELS: Readonly<Record<StockDecision, string>> = {
  accept: 'Accept: correct the record',
  recount: 'Count again',
  leave: 'Leave the record as it is',
};

const REASON_LABELS: Readonly<Record<AdjustmentReason, string>> = {
  count: 'Counted',
  found: 'Found',
  damaged: 'Damaged',
  lost: 'Lost',
  stolen: 'Stolen',
  expired: 'Past its date',
  correction: 'Booked wrongly before',
  other: 'Other (write a note)',
};

async function decisionPage(ctx: ReadContext, { task, action }: { task: TaskRow; action: string }): Promise<PagePart> {
  const findings = (await findingsOf(ctx, task.id)).filter(({ status }) => status === 'proposed');
  const shelves = await readShelfFacts(
    ctx,
    findings.map(({ productId }) => productId),
  );
  const store = await storeSettings(ctx, task.storeId);
  const photos = await photosOfSources(ctx, action, findings);
  return {
    partial: 'stock-decision',
    style: 'count',
    hidesLines: true,
    hidesFinish: true,
    noteMax: NOTE_MAX,
    actionId: newId(),
    findings: findings.map((finding) => ({
      ...viewFinding(finding, shelves(finding), store),
      photos: photos.get(finding.sourceTaskId) ?? [],
    })),
  };
}

interface ShownPhoto {
  url: string;
  alt: string;
}

/** Photos of the order's tasks that found something; they are over, so that the decision's own link shows them. */
async function photosOfSources(
  ctx: ReadContext,
  action: string,
  findings: readonly FindingRow[],
): Promise<Map<string, ShownPhoto[]>> {
  const ids = [...new Set(findings.map(({ sourceTaskId }) => sourceTaskId))];
  const shown = ids.map(async (taskId): Promise<[string, ShownPhoto[]]> => {
    const photos = await photosOf(ctx, taskId);
    return [taskId, photos.map(({ id, note }) => ({ url: `${action}/photos/${id}`, alt: note ?? 'Photo' }))];
  });
  return new Map(await Promise.all(shown));
}

function viewFinding(
  finding: FindingRow,
  shelf: ShelfNow,
  store: { currency: string; timezone: string },
): Record<string, unknown> {
  const {
    id,
    kind,
    name,
    sku,
    shelf: place,
    foundBy,
    foundAt,
    note,
    onHand,
    inHand,
    setForWriteOff,
    counted,
  } = finding;
  const units = unitsNow(finding, shelf);
  const facts = { onHand: onHand ?? 0, inHand: inHand ?? 0, setForWriteOff: setForWriteOff ?? 0 };
  const isCount = kind === 'difference';
  return {
    ...{ id, name, sku, place, foundBy, note, units, isCount, counted, ...facts },
    foundAt: date(foundAt, store.timezone),
    expected: expectedUnits(facts),
    what: isCount ? differenceWords(units) : `${-units} ${kind === 'damaged' ? 'damaged' : 'past their date'}`,
    worth: formatMoney(shelf.worthOf(units), store.currency),
    movedText:
      units === finding.units
        ? null
        : `The record was corrected since the count: what was ${differenceWords(finding.units)} is ${differenceWords(units)} now. If in doubt, count again.`,
    decisions: STOCK_DECISIONS.map((value) => ({ value, label: DECISION_LABELS[value] })),
    reasons: ADJUSTMENT_REASONS.map((value) => ({
      value,
      label: REASON_LABELS[value],
      isUsual: value === USUAL_REASON[kind],
    })),
  };
}

const decideFields = z.looseObject({
  note: z.string().trim().max(NOTE_MAX, `The note has at most ${NOTE_MAX} characters.`).default(''),
  clientActionId,
});
const decision = z.enum(STOCK_DECISIONS, { error: 'Choose what to do: accept, count again or leave it.' });
const reason = z.enum(ADJUSTMENT_REASONS, { error: 'Choose a reason.' });

function decideForm(fields: unknown): Act {
  const { note, clientActionId: actionId, ...given } = readFields(decideFields, fields);
  return async (ctx, taskId, urls) => {
    const open = (await findingsOf(ctx, taskId)).filter(({ status }) => status === 'proposed');
    const choices = open.map(({ id }) => choiceOf(id, given));
    const wantsNote = choices.some((choice) => choice.decision === 'accept' && choice.reason === 'other');
    if (wantsNote && !note) throw new ValidationError('NOTE_MISSING', 'With the reason "other", write a note.');
    const input = { allDone: true, note: note || undefined, clientActionId: actionId };
    await completeTask(ctx, urls, taskId, input, { choices });
    return undefined;
  };
}

function choiceOf(id: string, given: Record<string, unknown>): Choice {
  const chosen = readFields(decision, given[`decision_${id}`] ?? '');
  const seen = given[`seen_${id}`];
  return {
    id,
    decision: chosen,
    reason: chosen === 'accept' ? readFields(reason, given[`reason_${id}`] ?? '') : undefined,
    seenUnits: typeof seen === 'string' && /^-?\d{1,7}$/.test(seen) ? Number(seen) : undefined,
  };
}

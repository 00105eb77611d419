import { newId } from '../../platform/ids';
import { SHORT_REASON_LABELS } from '../task-page/task-page.view';
import { SHORT_REASONS } from '../tasks/task-progress';
import type { WaveStep } from './wave-forms';
import { allot } from './wave-rules';
import { countOf, placesFor, type WaveState } from './wave-state';
import { type SlotStatus, viewLine, viewSlot, waveProgress } from './wave-view';
import type { WaveActionRow, WaveLineRow } from './waves.models';

/** What the page says at its top; `place` in large type is where the hand goes. */
export interface WaveSaid {
  text: string;
  isRefusal: boolean;
  places: string[];
}

export interface WavePage {
  state: WaveState;
  store: { name: string; timezone: string };
  /** The page's own path; forms are posted below it. */
  action: string;
  step: WaveStep;
  said?: WaveSaid;
  canUndo: boolean;
  isLate: boolean;
}

const RESTS =
  'Stop: somebody asked to cancel this order. Put nothing into it and leave what lies there; a mail says how it goes on.';

const SLOT_SENTENCES: Readonly<Record<SlotStatus, string>> = {
  open: '',
  held: 'On hold: keep it aside when it is full',
  done: '✓ Finished',
  short: '✓ Finished with units missing',
  cancelled: 'Takes nothing any more: put nothing more into it',
};

/** Everything the page shows of an open wave. Each form gets an id of its own, so that a double click counts once. */
export function wavePage({ state, store, action, step, said, canUndo, isLate }: WavePage): Record<string, unknown> {
  const { wave } = state;
  const progress = waveProgress(state);
  const items = state.lines.map((line) => viewItem(state, line, { action, step }));
  const toCollect = items.reduce((total, item) => total + item.toCollect, 0);
  const inHand = items.reduce((total, item) => total + item.inHand, 0);
  const isCollecting = step === 'collect';
  const needed = items.filter(({ quantity, toPutBack }) => quantity + toPutBack > 0);
  return {
    pageTitle: `Wave ${wave.number}`,
    number: wave.number,
    storeName: store.name,
    timezone: store.timezone,
    dueAt: wave.dueAt,
    isLate,
    action,
    step,
    isCollecting,
    said: said ?? null,
    progress,
    collectText: `${progress.collectedUnits} of ${progress.units}`,
    sortText: `${progress.sortedUnits} of ${progress.units}`,
    progressText: isCollecting
      ? `${progress.collectedUnits} of ${units(progress.units)} collected${missing(progress.shortUnits)}`
      : `${progress.sortedUnits} of ${units(progress.units)} in their slots${missing(progress.shortUnits)}`,
    progressValue: (isCollecting ? progress.collectedUnits : progress.sortedUnits) + progress.shortUnits,
    progressMax: Math.max(1, progress.units),
    putBack: items.filter(({ toPutBack }) => toPutBack > 0),
    items: isCollecting ? needed.filter(({ quantity }) => quantity > 0) : needed.filter(({ open }) => open > 0),
    slots: state.slots.map((slot) => {
      const view = viewSlot(state, slot);
      const rests = slot.stands === 'resting';
      const sentence = rests ? RESTS : SLOT_SENTENCES[view.status];
      const heldFor = rests ? null : view.heldFor;
      return { ...view, sentence, rests, heldFor, max: Math.max(1, view.units) };
    }),
    canUndo,
    isFinished: toCollect + inHand + progress.unitsToPutBack === 0,
    finishText: progress.shortUnits > 0 ? `Finish with ${progress.shortUnits} missing` : 'Finish the wave',
    busyText: busyText(state),
    openText: openText({ toCollect, inHand, toPutBack: progress.unitsToPutBack }),
    scanActionId: newId(),
    undoActionId: newId(),
    finishActionId: newId(),
  };
}

function viewItem(state: WaveState, row: WaveLineRow, { action, step }: { action: string; step: WaveStep }) {
  const count = countOf(state, row);
  const line = viewLine(row, count);
  const surplus = count.toPutBack - count.aside;
  const { toCollect, inHand, shortQuantity, shortReason } = line;
  const open = toCollect + inHand + shortQuantity;
  const openHere = step === 'collect' ? toCollect : inHand;
  const next = allot(placesFor(state, row), Math.max(1, inHand));
  return {
    ...line,
    action,
    step,
    open,
    // First what nobody needs; what waits for a decision goes back only to end the wave before it.
    backUnits: surplus || count.aside,
    waitsAside: surplus === 0,
    isOpen: toCollect > 0,
    openHere,
    hasSeveralOpen: openHere > 1,
    state: toCollect > 0 ? 'open' : shortQuantity > 0 ? 'short' : 'done',
    goesTo: next.map(({ place, units: some }) => ({ slot: place.slot, units: some })),
    shortText: shortReason ? `${shortQuantity} missing: ${SHORT_REASON_LABELS[shortReason]}` : null,
    reasons: SHORT_REASONS.map((value) => ({ value, label: SHORT_REASON_LABELS[value] })),
    oneActionId: newId(),
    allActionId: newId(),
    shortActionId: newId(),
    backActionId: newId(),
  };
}

/** A wave of a hundred orders over a slow network takes its time; until there is an answer the button says what goes on. */
function busyText({ slots }: WaveState): string {
  const open = slots.filter(({ task }) => task.openMarker === 1).length;
  return `Finishing ${open === 1 ? '1 order' : `${open} orders`} …`;
}

function openText(open: { toCollect: number; inHand: number; toPutBack: number }): string {
  const parts = [
    open.toCollect > 0 ? `${units(open.toCollect)} to collect` : '',
    open.inHand > 0 ? `${units(open.inHand)} to sort` : '',
    open.toPutBack > 0 ? `${units(open.toPutBack)} to put back` : '',
  ].filter(Boolean);
  return `Still open: ${parts.join(', ')}. Then you can finish.`;
}

/** What has just been counted, so that nobody needs to look for it. */
export function saidOfAction({ lines }: WaveState, action: WaveActionRow | undefined): WaveSaid | undefined {
  const line = lines.find(({ id }) => id === action?.waveLineId);
  if (!action || !line) return undefined;
  const placed = action.placed.filter(({ units: some }) => some !== 0);
  const places = placed.map(({ slot, orderNumber, units: some }) => {
    const many = Math.abs(some) > 1 ? `${Math.abs(some)} × ` : '';
    return `${many}Slot ${slot} · order ${orderNumber}`;
  });
  const moved = Math.abs(action.collectedChange);
  const sentences = {
    collect: `${line.name}: ${moved} collected.`,
    short: `${line.name}: ${action.shortChange} missing.`,
    sort: line.name,
    put_back: `${line.name}: ${moved} put back.`,
    undo: placed.length > 0 ? `Taken back: ${line.name}, out of` : `Taken back: ${line.name}.`,
    finish: '',
  };
  return { text: sentences[action.kind], isRefusal: false, places };
}

/** A wave that is over shows no goods but those that still have to go back. */
export function closedWavePage(state: WaveState, store: { name: string; timezone: string }): Record<string, unknown> {
  const { wave } = state;
  const sentences = {
    done: 'This wave is finished. There is nothing more to do.',
    short: 'This wave is finished with units missing. There is nothing more to do.',
    cancelled: 'This wave was cancelled. Its orders are picked one by one; each has a mail of its own.',
  };
  const left = state.lines.flatMap((line) => {
    const { inHand, toPutBack } = countOf(state, line);
    return inHand + toPutBack > 0 ? [{ sku: line.sku, name: line.name, shelf: line.shelf, units: inHand + toPutBack }] : []; // prettier-ignore
  });
  return {
    pageTitle: `Wave ${wave.number}`,
    number: wave.number,
    storeName: store.name,
    timezone: store.timezone,
    closedAt: wave.closedAt,
    note: wave.status === 'cancelled' ? wave.note : null,
    sentence: sentences[wave.outcome ?? 'done'],
    putBack: wave.status === 'cancelled' ? left : [],
  };
}

function units(count: number): string {
  return count === 1 ? '1 unit' : `${count} units`;
}

function missing(count: number): string {
  return count > 0 ? `, ${count} missing` : '';
}

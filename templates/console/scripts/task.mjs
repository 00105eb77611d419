/**
 * Makes the pages of tasks and waves quicker where scripts run: nothing reloads, a scanner can fire as fast as it likes,
 * the camera counts, and a dead spot loses no count. A form with `data-now` asks what somebody acts on at once: it is
 * sent now or not at all. Without scripts every form still works as it is.
 */
import { offerCamera } from './camera.mjs';
import { offerMute, signal } from './feedback.mjs';
import { openKeptActions } from './kept-actions.mjs';
import { pageAddress, parse, readLines, say, show } from './live-page.mjs';
import { dropPage, keepPage } from './offline-page.mjs';
import { smaller } from './picture.mjs';
import { Queue } from './queue.mjs';
import { listenForScanner } from './scanner.mjs';
import { isScan, placeOf, unsentUnits } from './unsent.mjs';
import { listRefusal, showWaiting } from './waiting-list.mjs';

const { document, crypto, File, FormData, location, navigator } = globalThis;
const ANSWER_MS = 30_000;
const NO_ANSWER = 'No connection: this needs an answer now. Try again when you are online.';
const scan = document.getElementById('scan');
/** Ids of what was sent now and not answered, by what it was: tried again, it is counted once. */
const unanswered = new Map();
/** The last action of which was said that it waits. */
let lastKept;
/** One after the other, as a photo takes its time to be made smaller. */
let preparing = openKeptActions(location.pathname).then(async (kept) => {
  const queue = new Queue(kept, { send, onAnswer, onUnsent, onChange: () => onChange(queue) });
  await queue.open();
  return queue;
});

async function send({ form, fields }) {
  const hasFile = fields.some(([, value]) => value instanceof File);
  const body = hasFile ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) body.append(name, value);
  const options = { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_MS) };
  const response = await fetch(`${location.pathname}/${form}`, options);
  const state = response.headers.get('X-Task-State');
  // A gate of the network, or a proxy without its service, is no answer.
  if (!state) throw new Error('That was not the service.');
  if (response.status >= 500) return { ok: false, stumbled: true };
  return { ok: response.ok, state, text: await response.text(), headers: response.headers };
}

function onAnswer(action, { ok, stumbled, state, text, headers }) {
  const page = stumbled ? undefined : parse(text);
  if (page) {
    show(page, { isRefusal: !ok });
  } else {
    say('The service could not take this in. Try again, or tell your manager.', true);
    enableButtons();
    if (action.isNow) tryAgainAs(action);
  }
  const sentence = document.getElementById('said')?.textContent ?? '';
  if (!ok && action.hasWaited) listRefusal(action.label, sentence);
  if (!ok) signal('refused');
  else if (isScan(action)) signal('right');
  void (state === 'open' ? keepPage({ text, headers }) : stumbled || dropPage());
}

function onUnsent(action) {
  tryAgainAs(action);
  say(NO_ANSWER, true);
  signal('refused');
  enableButtons();
}

function onChange(queue) {
  const kept = queue.actions.filter(({ isNow }) => !isNow);
  showWaiting({ actions: kept, isWaiting: queue.isWaiting });
  const last = kept.at(-1);
  if (!queue.isWaiting || !last) return;
  if (last !== lastKept) {
    say(`${last.label}: kept, and sent when there is a connection.`, false);
    if (isScan(last)) signal('right');
  }
  lastKept = last;
  enableButtons();
}

/** It may have arrived all the same, so that it keeps its id when it is tried again. */
function tryAgainAs({ key, actionId }) {
  unanswered.set(key, [...(unanswered.get(key) ?? []), actionId]);
}

function enableButtons() {
  for (const button of document.querySelectorAll('#work button:disabled')) {
    button.disabled = false;
    if (button.dataset.words) button.textContent = button.dataset.words;
  }
}

/** Does what a form of the page asks; `fields` without the id that keeps it from counting twice. */
function post(form, fields, label) {
  const name = nameOf(form);
  if (form.dataset.now === undefined) return act(name, [...fields, ['clientActionId', newActionId()]], label);
  const key = JSON.stringify([name, fields]);
  const [actionId = newActionId(), ...others] = unanswered.get(key) ?? [];
  unanswered.set(key, others);
  const action = { form: name, label, fields: [...fields, ['clientActionId', actionId]], isNow: true, key, actionId };
  preparing = preparing.then(async (queue) => {
    await queue.add(action);
    return queue;
  });
}

function nameOf(form) {
  return new URL(form.action).pathname.slice(location.pathname.length + 1);
}

/** Adds an action to the queue; without a connection the page itself looks at the list, so that nobody picks in vain. */
function act(form, fields, label) {
  preparing = preparing.then(async (queue) => {
    const smallFields = await Promise.all(fields.map(async ([name, value]) => [name, await ready(value)]));
    const action = { form, label, fields: smallFields };
    const isOffline = queue.isWaiting || navigator.onLine === false;
    const refusal = isOffline && refusalOf(action, queue.actions);
    if (refusal) {
      say(refusal, true);
      signal('refused');
    } else {
      await queue.add(action);
    }
    return queue;
  });
}

function ready(value) {
  return value instanceof File ? smaller(value) : value;
}

/** Why an action would be refused, as far as the page can tell; undefined when it may go into the queue. */
function refusalOf(action, actions) {
  const lines = readLines();
  if (!isScan(action) || lines.length === 0) return undefined;
  const code = Object.fromEntries(action.fields).code.trim();
  const { line, full } = placeOf(lines, unsentUnits(lines, actions), code);
  if (line) return undefined;
  if (full) return `Too many: ${full.name} is needed ${full.quantity} times at most. Leave this one out.`;
  return `${code} is not on this list. Leave it out, or scan it again.`;
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  const target = new URL(form.action);
  if (form.method !== 'post' || !target.pathname.startsWith(`${location.pathname}/`)) return;
  event.preventDefault();
  const filled = [...new FormData(form)].filter(([, value]) => !(value instanceof File && value.size === 0));
  const fields = filled.filter(([name]) => name !== 'clientActionId');
  // A form with two buttons asks which one it was.
  if (event.submitter?.name) fields.push([event.submitter.name, event.submitter.value]);
  if (form === scan) {
    const { code } = Object.fromEntries(fields);
    form.reset();
    return countCode(code.trim());
  }
  const label = labelOf(form, event.submitter);
  for (const button of form.querySelectorAll('button')) sayBusy(button, form.dataset.busy);
  post(form, fields, label);
});

/** Off until there is an answer; where that may take a while, the button says what is being done. */
function sayBusy(button, words) {
  button.disabled = true;
  if (!words) return;
  button.dataset.words = button.textContent;
  button.textContent = words;
}

/** What was pressed, and for which line. */
function labelOf(form, submitter) {
  const pressed = (submitter?.getAttribute('aria-label') ?? submitter?.textContent ?? 'A step').trim();
  const name = form.closest('[data-name]')?.dataset.name ?? '';
  return !name || pressed.includes(name) ? pressed : `${pressed}, ${name}`;
}

function newActionId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function countCode(code) {
  post(scan, [['code', code]], `Scan ${code}`);
}

/** What others did meanwhile is seen when somebody looks at the page again. */
async function refresh() {
  const queue = await preparing;
  if (document.hidden || !document.getElementById('work')) return;
  if (queue.actions.length > 0) return queue.flush();
  const response = await fetch(pageAddress()).catch(() => undefined);
  if (response?.headers.get('X-Task-State') === 'open')
    show(parse(await response.text()), { parts: ['stops', 'work'] });
  else if (response?.ok) show(parse(await response.text()));
}

globalThis.addEventListener('online', async () => (await preparing).flush());
document.addEventListener('visibilitychange', () => void refresh());
offerMute(document.getElementById('mute'));
offerCamera({ onCode: countCode, onTrouble: (sentence) => say(sentence, true) });
listenForScanner(document.getElementById('code'));
void keepPage().catch(() => undefined);

/** The page as the service last rendered it. It stays the only one that renders: its answer's parts are put in place. */
const { document, DOMParser, location } = globalThis;

const LIVE_PARTS = ['said', 'stops', 'work'];

export function parse(text) {
  return new DOMParser().parseFromString(text, 'text/html');
}

/** Where the page as it stands is asked for: a page in steps says which one it shows. */
export function pageAddress() {
  return document.querySelector('[aria-current=step]')?.getAttribute('href') ?? location.pathname;
}

/**
 * Puts the page's changing parts in place; what a person has opened or half filled in stays, also in a form that was
 * refused just now.
 */
export function show(page, { parts = LIVE_PARTS, isRefusal = false } = {}) {
  const pairs = parts.map((id) => [document.getElementById(id), page.getElementById(id)]);
  if (pairs.some(([now, next]) => !now || !next)) {
    const main = page.querySelector('main');
    if (main) document.querySelector('main').replaceWith(main);
    return;
  }
  const focused = document.activeElement?.id;
  const drafts = readDrafts(isRefusal);
  for (const [now, next] of pairs) now.replaceWith(next);
  restore(drafts);
  (document.getElementById(focused) ?? document.getElementById('code'))?.focus({ preventScroll: true });
  document.dispatchEvent(new globalThis.CustomEvent('task:shown'));
}

export function say(text, isRefusal) {
  const said = document.getElementById('said');
  if (!said) return;
  said.className = `said ${isRefusal ? 'refusal' : 'counted'}`;
  said.textContent = text;
}

/** The lines as the service last counted them. */
export function readLines() {
  return [...document.querySelectorAll('[data-line]')].map(({ dataset, id }) => ({
    id: dataset.line,
    elementId: id,
    name: dataset.name,
    verb: dataset.verb,
    codes: dataset.codes.split(' ').filter(Boolean),
    quantity: Number(dataset.quantity),
    done: Number(dataset.done),
    open: Number(dataset.open),
  }));
}

function readDrafts(isRefusal) {
  const opened = [...document.querySelectorAll('#work details[open][id]')].map(({ id }) => id);
  const fields = [...document.querySelectorAll('#work :is(input, textarea, select)[id]')];
  const isDraft = (field) => field.type !== 'file' && field.type !== 'hidden' && (isRefusal || !isSent(field));
  const filled = fields.filter(isDraft);
  return { opened, filled: filled.map(({ id, value, checked }) => ({ id, value, checked })) };
}

/** A form that was just sent has its buttons off; what stands in it is no draft any more. */
function isSent(field) {
  return Boolean(field.form?.querySelector('button:disabled'));
}

function restore({ opened, filled }) {
  for (const id of opened) {
    const group = document.getElementById(id);
    if (group) group.open = true;
  }
  for (const { id, value, checked } of filled) {
    const field = document.getElementById(id);
    if (!field) continue;
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = checked;
    else field.value = value;
  }
}

/** Says what waits for a connection, marks counts that were not sent yet, and lists what was refused meanwhile. */
import { readLines } from './live-page.mjs';
import { unsentUnits } from './unsent.mjs';

const { document } = globalThis;

export function showWaiting({ actions, isWaiting }) {
  const place = document.getElementById('waiting');
  if (!place) return;
  const banner = place.querySelector('.banner') ?? place.appendChild(element('p', 'banner'));
  const count = isWaiting ? actions.length : 0;
  banner.hidden = count === 0;
  banner.textContent = count === 1 ? '1 action waiting for a connection' : `${count} actions waiting for a connection`;
  markLines(isWaiting ? actions : []);
}

/** A refusal of something done a while ago stays until it was read, since the page has gone on since. */
export function listRefusal(label, sentence) {
  const place = document.getElementById('waiting');
  if (!place) return;
  const refusal = place.appendChild(element('p', 'refused', `Not counted: ${label}. ${sentence}`));
  const button = element('button', 'second', 'I have read it');
  button.type = 'button';
  button.addEventListener('click', () => refusal.remove());
  refusal.append(button);
}

function markLines(actions) {
  const lines = readLines();
  const units = unsentUnits(lines, actions);
  for (const { id, elementId, done } of lines) {
    const line = document.getElementById(elementId);
    const unsent = units.get(id);
    line.querySelector('.unsent')?.remove();
    line.querySelector('.units strong').textContent = String(done + unsent.done);
    const words = [
      unsent.done > 0 ? `${unsent.done} not sent yet` : '',
      unsent.missing > 0 ? `${unsent.missing} missing, not sent yet` : '',
    ].filter(Boolean);
    if (words.length > 0) line.querySelector('.what').after(element('p', 'unsent', words.join('; ')));
  }
}

function element(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

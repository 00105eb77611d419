/** A page that is closed, or no page any more: says what this phone could not send in time, and keeps nothing of it. */
import { openKeptActions } from './kept-actions.mjs';
import { dropPage } from './offline-page.mjs';

const { document, location } = globalThis;

async function end() {
  const kept = await openKeptActions(location.pathname);
  const actions = await kept.all();
  for (const action of actions) await kept.remove(action);
  if (actions.length > 0) {
    const text = `Done on this phone without a connection, and not counted: ${actions.map(({ label }) => label).join('; ')}.`;
    const words = document.createElement('p');
    words.className = 'missing';
    words.textContent = text;
    document.querySelector('main').append(words);
  }
  await dropPage();
}

void end();

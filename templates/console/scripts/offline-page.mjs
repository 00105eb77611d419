/**
 * Keeps the open page at hand, so that it opens again in a dead spot. Each task has a store of its own on this phone,
 * with nothing in it but its page and what the page is made of; when the task ends, so does the store.
 */
const { caches, document, location, navigator, performance, Response } = globalThis;

const WORKER = '/t/assets/worker.js';
const STORE_PREFIX = 'task ';
const PIECES = /^\/(t\/assets|styles)\//;

const store = `${STORE_PREFIX}${location.pathname}`;

/** `shown` is the page as the service just sent it, `{ text, headers }`; asked for when missing. */
export async function keepPage(shown) {
  if (!navigator.serviceWorker || !caches) return;
  await navigator.serviceWorker.register(WORKER, { scope: '/t/' });
  const page = shown ?? (await fetchPage());
  if (!page) return;
  const kept = await caches.open(store);
  await kept.put(location.pathname, new Response(page.text, { headers: page.headers }));
  for (const piece of pieces()) if (!(await kept.match(piece))) await kept.add(piece);
}

/** The task is over: nothing of it stays on this phone, nor does the worker when it was the last one. */
export async function dropPage() {
  if (!navigator.serviceWorker || !caches) return;
  await caches.delete(store);
  const others = (await caches.keys()).filter((name) => name.startsWith(STORE_PREFIX));
  if (others.length > 0) return;
  const registration = await navigator.serviceWorker.getRegistration('/t/');
  await registration?.unregister();
}

async function fetchPage() {
  const response = await fetch(location.pathname);
  const isOpen = response.headers.get('X-Task-State') === 'open';
  return isOpen ? { text: await response.text(), headers: response.headers } : undefined;
}

function pieces() {
  const addresses = performance.getEntriesByType('resource').map(({ name }) => new URL(name, document.baseURI));
  const ours = addresses.filter(({ origin, pathname }) => origin === location.origin && PIECES.test(pathname));
  return new Set(ours.map(({ pathname }) => pathname));
}

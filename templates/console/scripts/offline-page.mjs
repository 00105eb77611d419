/**
 * Keeps the open page at hand, so that it opens again in a dead spot. Each task or wave has a store of its own on this phone,
 * with nothing in it but its page and what the page is made of; when the task ends, so does the store.
 */
import { pageAddress } from './live-page.mjs';

const { caches, document, location, navigator, performance, Response } = globalThis;

const WORKER = '/t/assets/worker.js';
/** Pages of tasks and of waves each have a worker of their own. */
const SCOPE = `/${location.pathname.split('/')[1]}/`;
const STORE_PREFIX = `task ${SCOPE}`;
const PIECES = /^\/(t\/assets|styles)\//;

const store = `task ${location.pathname}`;

/** `shown` is the page as the service just sent it, `{ text, headers }`; asked for when missing. */
export async function keepPage(shown) {
  if (!navigator.serviceWorker || !caches) return;
  await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  const page = shown ?? (await fetchPage());
  if (!page) return;
  const kept = await caches.open(store);
  await kept.put(pageAddress(), new Response(page.text, { headers: page.headers }));
  for (const piece of pieces()) if (!(await kept.match(piece))) await kept.add(piece);
}

/** The task is over: nothing of it stays on this phone, nor does the worker when it was the last one. */
export async function dropPage() {
  if (!navigator.serviceWorker || !caches) return;
  await caches.delete(store);
  const others = (await caches.keys()).filter((name) => name.startsWith(STORE_PREFIX));
  if (others.length > 0) return;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await registration?.unregister();
}

async function fetchPage() {
  const response = await fetch(pageAddress());
  const isOpen = response.headers.get('X-Task-State') === 'open';
  return isOpen ? { text: await response.text(), headers: response.headers } : undefined;
}

function pieces() {
  const addresses = performance.getEntriesByType('resource').map(({ name }) => new URL(name, document.baseURI));
  const ours = addresses.filter(({ origin, pathname }) => origin === location.origin && PIECES.test(pathname));
  return new Set(ours.map(({ pathname }) => pathname));
}

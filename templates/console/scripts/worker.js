/** Answers from what the pages kept when there is no connection, and from the service otherwise; it keeps nothing itself. */
(() => {
  const { caches, clients, skipWaiting } = globalThis;

  globalThis.addEventListener('install', (event) => event.waitUntil(skipWaiting()));
  globalThis.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  globalThis.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method === 'GET') event.respondWith(fetch(request).catch((error) => keptAnswer(request, error)));
  });

  async function keptAnswer(request, error) {
    const kept = (await caches.match(request)) ?? (await caches.match(request, { ignoreSearch: true }));
    if (kept) return kept;
    throw error;
  }
})();

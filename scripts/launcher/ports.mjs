import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';

/** A program that was ended a moment ago still holds its port. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 200;

/** @throws {Refusal} if another program listens on `port`; `setting` names the variable that chooses another */
export async function requireFreePort(port, setting, who) {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(RETRY_MS)) {
    if (await isFree(port)) return;
    if (Date.now() < deadline) continue;
    throw new Refusal(
      `Port ${port}, meant for ${who}, is in use. ` +
        `Stop the program that holds it, or choose another: ${setting}=${port + 1} npm start`,
    );
  }
}

async function isFree(port) {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** A port nobody listens on at the moment. */
export function findFreePort() {
  return listenOnce(0);
}

function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

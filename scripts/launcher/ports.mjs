import { createServer } from 'node:net';
import { Refusal } from './refusal.mjs';

/** @throws {Refusal} if another program listens on `port`; `setting` names the variable that chooses another */
export async function requireFreePort(port, setting, who) {
  try {
    await listenOnce(port);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Refusal(
      `Port ${port}, meant for ${who}, is in use. Stop the program that holds it, or choose another: ${setting}=${port + 1} npm start`,
    );
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

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { readJson, writeJson } from './json-file.mjs';
import { stateFolder } from './paths.mjs';

/** Where the service and the editor listen unless PORT and N8N_PORT say otherwise. */
export const SERVICE_PORT = 3000;
export const EDITOR_PORT = 5678;

/** A number from the environment that names a port. */
export function portFromEnvironment(name, fallback) {
  const port = Number(process.env[name] || fallback);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`${name} must be a port between 1 and 65535, not "${process.env[name]}".`);
}

export const secretsFile = join(stateFolder, 'secrets.json');

/** Made once and kept, so that the service and the editor know each other at every start. */
export function readSecrets() {
  const secrets = readJson(secretsFile, undefined) ?? {
    adminApiKey: `olk_${randomBytes(24).toString('hex')}`,
    editorEmail: 'owner@orderloom.local',
    // n8n asks for a digit and a capital letter.
    editorPassword: `Loom-${randomBytes(9).toString('base64url')}-7`,
  };
  writeSecrets(secrets);
  return { ...secrets, adminApiKey: process.env.ADMIN_API_KEY || secrets.adminApiKey };
}

/** For their owner's eyes only. */
export function writeSecrets(secrets, file = secretsFile) {
  writeJson(file, secrets, { mode: 0o600 });
}

import { randomUUID } from 'node:crypto';
import { readJson } from './json-file.mjs';
import { ServiceClient } from './service.mjs';
import { secretsFile, writeSecrets } from './settings.mjs';

const UNAUTHORIZED = 401;

/**
 * The key that the pipelines work with. It is not the admin's: the history then says who did what, and what a store
 * manager may not do alone needs an approval when a pipeline does it too. A ledger that does not know the key, because
 * it is new or because the key was revoked, is given another one.
 * @param {ServiceClient} admin
 * @param {string} serviceUrl
 * @param {string} file where the key is kept between starts
 */
export async function pipelinesKey(admin, serviceUrl, file = secretsFile) {
  const kept = readJson(file, {});
  if (kept.pipelinesApiKey && (await opens(serviceUrl, kept.pipelinesApiKey))) return kept.pipelinesApiKey;
  const { key } = await admin.post('/api-keys', { name: 'pipelines', role: 'store_manager' }, randomUUID());
  writeSecrets({ ...kept, pipelinesApiKey: key }, file);
  return key;
}

async function opens(serviceUrl, key) {
  try {
    await new ServiceClient(serviceUrl, key).get('/stores');
    return true;
  } catch (error) {
    if (error.status === UNAUTHORIZED) return false;
    throw error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { requestJson } from './json-client.mjs';

const PUBLISH_POLL_MS = 150;
const PUBLISH_TIMEOUT_MS = 30_000;

/** n8n's own REST interface, as its editor uses it. */
export class EditorClient {
  #url;
  #cookie = '';

  constructor(url) {
    this.#url = url;
  }

  /** Makes the owner on a fresh n8n, then logs in. */
  async logIn({ editorEmail, editorPassword }) {
    const settings = await this.#call('GET', '/rest/settings');
    if (settings.userManagement.showSetupOnFirstLoad) {
      const owner = { email: editorEmail, firstName: 'Order', lastName: 'Loom', password: editorPassword };
      await this.#call('POST', '/rest/owner/setup', owner);
    }
    await this.#call('POST', '/rest/login', { emailOrLdapLoginId: editorEmail, password: editorPassword });
  }

  /** Makes or updates the one credential of this type and name, and answers its id and name. */
  async saveCredential({ type, name, data }) {
    const all = await this.#call('GET', '/rest/credentials');
    const existing = all.find((credential) => credential.type === type && credential.name === name);
    if (existing) await this.#call('PATCH', `/rest/credentials/${existing.id}`, { name, type, data });
    const { id } = existing ?? (await this.#call('POST', '/rest/credentials', { name, type, data }));
    return { id, name };
  }

  /** Runs the credential's own test. @returns {Promise<{status: 'OK' | 'Error', message: string}>} */
  testCredential({ type, name, data }) {
    return this.#call('POST', '/rest/credentials/test', { credentials: { id: '', type, name, data } });
  }

  /** @returns the workflow as n8n holds it, or undefined */
  async findWorkflow(id) {
    const { exists } = await this.#call('GET', `/rest/workflows/${id}/exists`);
    return exists ? this.#call('GET', `/rest/workflows/${id}`) : undefined;
  }

  createWorkflow(workflow) {
    return this.#call('POST', '/rest/workflows', workflow);
  }

  updateWorkflow(id, changes) {
    return this.#call('PATCH', `/rest/workflows/${id}`, changes);
  }

  /**
   * Publishes a version, or what was saved last, and waits until its triggers listen: n8n answers before they do.
   * @throws {Error} with n8n's reason if a trigger can't be started
   */
  async publishWorkflow(id, version) {
    const versionId = version ?? (await this.#call('GET', `/rest/workflows/${id}`)).versionId;
    await this.#call('POST', `/rest/workflows/${id}/activate`, { versionId });
    const deadline = Date.now() + PUBLISH_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const { status, triggers } = await this.#call('GET', `/rest/workflows/${id}/publication-status`);
      const refused = triggers.find((trigger) => trigger.errorMessage);
      if (refused) throw new Error(refused.errorMessage);
      if (status === 'published') return;
      await sleep(PUBLISH_POLL_MS);
    }
    throw new Error(`n8n has not started its triggers after ${PUBLISH_TIMEOUT_MS / 1000} s`);
  }

  unpublishWorkflow(id) {
    return this.#call('POST', `/rest/workflows/${id}/deactivate`, {});
  }

  /** The newest executions first, without their data. */
  async listExecutions(filter = {}) {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '100' });
    const { results } = await this.#call('GET', `/rest/executions?${query}`);
    return results;
  }

  readExecution(id) {
    return this.#call('GET', `/rest/executions/${id}`);
  }

  /** Every node type that n8n has loaded. */
  async listNodeTypes() {
    const { content } = await requestJson('GET', `${this.#url}/types/nodes.json`, {
      headers: { cookie: this.#cookie },
    });
    return content;
  }

  async #call(method, path, body) {
    const { headers, content } = await requestJson(method, this.#url + path, {
      body,
      headers: { cookie: this.#cookie },
    });
    const cookie = headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
    if (cookie) this.#cookie = cookie.split(';')[0];
    return content.data;
  }
}

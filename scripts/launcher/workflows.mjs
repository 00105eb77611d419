import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJson, writeJson } from './json-file.mjs';
import { root } from './paths.mjs';

const OUR_NODES = 'n8n-nodes-orderloom.';
const CREDENTIAL_TYPE = 'orderloomApi';
/** What a user edits on the canvas; n8n changes the rest of a workflow by itself. */
const EDITED_FIELDS = ['name', 'nodes', 'connections', 'settings'];
/** A published workflow may call only published ones, and its error workflow runs only if published. */
const CALLED_BY_OTHERS = ['n8n-nodes-base.errorTrigger', 'n8n-nodes-base.executeWorkflowTrigger'];

/**
 * The files of the shipped workflows that a shop runs.
 * @param {{only?: string[], allBut?: string[]}} wanted their names, without the ending
 */
export function shippedFiles({ only, allBut = [] } = {}, folder = join(root, 'workflows')) {
  if (!existsSync(folder)) return [];
  const isWanted = (name) => (only ? only.includes(name) : !allBut.includes(name));
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && isWanted(basename(file, '.json')));
  return files.sort().map((file) => join(folder, file));
}

/** The workflows in these files, those first that others call. */

export function readWorkflows(files) {
  const workflows = files.map((file) => ({
    ...JSON.parse(readFileSync(file, 'utf8')),
    shippedHash: hash(readFileSync(file)),
  }));
  const rank = (workflow) => {
    const called = CALLED_BY_OTHERS.findIndex((type) => workflow.nodes.some((node) => node.type === type));
    return called === -1 ? CALLED_BY_OTHERS.length : called;
  };
  return workflows.sort((one, other) => rank(one) - rank(other));
}

/**
 * Brings workflows into n8n and publishes them. A workflow that the user has changed in the editor is kept as it is;
 * one that is as we left it follows the shipped file.
 * @param {import('./editor-client.mjs').EditorClient} editor
 * @param {object} options
 * @param {object[]} options.workflows as `readWorkflows` answers them
 * @param {{baseUrl: string, apiKey: string}} [options.service] what the credential of our nodes holds
 * @param {string} options.memoryFile remembers what was loaded; belongs to the n8n it was loaded into
 * @returns {Promise<{name: string, outcome: 'loaded' | 'unchanged' | 'kept' | 'failed', reason?: string}[]>}
 */
export async function loadWorkflows(editor, { workflows, service, memoryFile }) {
  const credential =
    service && (await editor.saveCredential({ type: CREDENTIAL_TYPE, name: 'Orderloom', data: service }));
  const memory = readJson(memoryFile, {});
  const outcomes = [];
  for (const workflow of workflows) {
    outcomes.push(await loadOne(editor, { workflow, credential, memory }).catch(failed(workflow)));
    writeJson(memoryFile, memory);
  }
  return outcomes;
}

async function loadOne(editor, { workflow, credential, memory }) {
  const { id, name, shippedHash } = workflow;
  const held = await editor.findWorkflow(id);
  const known = memory[id];
  if (held && known?.shippedHash === shippedHash) return { name, outcome: 'unchanged' };
  if (held && known?.savedHash !== hashOfEdits(held)) {
    memory[id] = { ...known, shippedHash };
    return { name, outcome: 'kept' };
  }

  const content = { ...pickEdits(workflow), nodes: workflow.nodes.map((node) => withCredential(node, credential)) };
  if (held) await editor.updateWorkflow(id, content);
  else await editor.createWorkflow({ ...content, id });
  await editor.publishWorkflow(id);
  memory[id] = { shippedHash, savedHash: hashOfEdits(await editor.findWorkflow(id)) };
  return { name, outcome: 'loaded' };
}

/** The shipped files hold no credentials; here each of our nodes gets the one of this machine. */
function withCredential(node, credential) {
  if (!credential || !node.type.startsWith(OUR_NODES)) return node;
  return { ...node, credentials: { [CREDENTIAL_TYPE]: credential } };
}

/**
 * Publishes again each workflow whose Order Trigger the service does not know, as after a new ledger: n8n asks the
 * service only on the first start after a publish.
 * @param {string[]} subscribedUrls the addresses that the service delivers events to
 * @returns {Promise<string[]>} the names of the workflows published again
 */
export async function restoreSubscriptions(editor, { workflows, editorUrl, subscribedUrls }) {
  const restored = [];
  for (const { id, name } of workflows) {
    const held = await editor.findWorkflow(id);
    const triggers = held?.active ? held.nodes.filter((node) => node.type === `${OUR_NODES}orderTrigger`) : [];
    const isSubscribed = ({ webhookId }) =>
      subscribedUrls.some((url) => url.startsWith(`${editorUrl}/webhook/${webhookId}/`));
    if (triggers.filter((node) => !node.disabled).every(isSubscribed)) continue;
    await editor.unpublishWorkflow(id);
    // The published version, not a draft that the user has not finished.
    await editor.publishWorkflow(id, held.activeVersionId);
    restored.push(name);
  }
  return restored;
}

function failed(workflow) {
  return (error) => ({ name: workflow.name, outcome: 'failed', reason: error.message });
}

function pickEdits(workflow) {
  return Object.fromEntries(EDITED_FIELDS.map((field) => [field, workflow[field]]));
}

function hashOfEdits(workflow) {
  return hash(JSON.stringify(pickEdits(workflow)));
}

function hash(content) {
  return createHash('sha256').update(content).digest('hex');
}

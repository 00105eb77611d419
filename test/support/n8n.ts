import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeEditor } from '../../scripts/launcher/editor.mjs';
import { EditorClient } from '../../scripts/launcher/editor-client.mjs';
import { ServerProcess } from '../../scripts/launcher/server-process.mjs';
import { loadWorkflows, readWorkflows } from '../../scripts/launcher/workflows.mjs';
import { freePort } from './service-process';

const WORKFLOWS = resolve(__dirname, '../../workflows');
/** Who owns it, and logs in to it. */
export const OWNER = { editorEmail: 'owner@example.com', editorPassword: 'Loom-test-1' };

/** An execution as n8n lists it; only what tests look at. */
export interface Execution {
  id: string;
  workflowId: string;
  status: 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled';
}

/** A real n8n with our nodes, in a folder and on a port of its own. */
export interface TestN8n {
  url: string;
  /** SIGKILL of n8n and all it started. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Brings shipped workflows (file names) or others (paths) in and publishes them. */
  publish(files: string[]): Promise<void>;
  executions(workflowId?: string): Promise<Execution[]>;
  /** The whole execution, data included, as text. */
  executionText(id: string): Promise<string>;
  nodeTypes(): Promise<{ name: string }[]>;
  /** What n8n says of a credential for this service and key. */
  testCredential(service: { url: string; apiKey: string }): Promise<{ status: string; message: string }>;
  remove(): Promise<void>;
}

/** `packageFolder` is another package of our nodes than the one just built. */
export async function startTestN8n(
  service: { url: string; apiKey: string },
  { packageFolder }: { packageFolder?: string } = {},
): Promise<TestN8n> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-n8n-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  // Under the test runner's NODE_ENV n8n would end before it starts.
  const env = { NODE_ENV: 'production' };
  const logFile = join(folder, 'n8n.log');
  const description = await describeEditor({ port, userFolder: folder, logFile, packageFolder, env });
  const server = new ServerProcess(description);
  const client = new EditorClient(url);
  const start = async (): Promise<void> => {
    await server.start();
    await client.logIn(OWNER);
  };
  await start();
  return {
    url,
    start,
    kill: () => server.kill(),
    publish: async (files) => {
      const paths = files.map((file) => resolve(WORKFLOWS, file));
      const outcomes = await loadWorkflows(client, {
        workflows: readWorkflows(paths),
        service: { baseUrl: service.url, apiKey: service.apiKey },
        memoryFile: join(folder, 'loaded-workflows.json'),
      });
      const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
      if (failed.length > 0) throw new Error(`Not published: ${JSON.stringify(failed)}`);
    },
    executions: async (workflowId) => (await client.listExecutions(workflowId ? { workflowId } : {})) as Execution[],
    executionText: async (id) => JSON.stringify(await client.readExecution(id)),
    testCredential: ({ url: baseUrl, apiKey }) =>
      client.testCredential({ type: 'orderloomApi', name: 'Orderloom', data: { baseUrl, apiKey } }),
    nodeTypes: async () => (await client.listNodeTypes()) as { name: string }[],
    remove: async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

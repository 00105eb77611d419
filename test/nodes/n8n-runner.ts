import { loadPackage, OURS, PackageNodes } from './package-nodes';
import type { PackageDirectoryLoader } from 'n8n-core';
import { ExecutionLifecycleHooks, WebhookContext, WorkflowExecute } from 'n8n-core';
import type {
  IBinaryKeyData,
  IConnections,
  IDataObject,
  INode,
  INodeExecutionData,
  INodeParameters,
  IRun,
  IRunExecutionData,
  IWebhookData,
  IWorkflowBase,
  IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { createRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';
import { type Access, TestCredentials } from './test-credentials';

export interface RunOptions {
  executionId?: string;
  /** Files that come with every item. */
  binary?: IBinaryKeyData;
  nodeOptions?: Partial<INode>;
}

/** What a node gave, output by output. */
export interface NodeResult {
  outputs: INodeExecutionData[][];
  run: IRun;
}

let executions = 0;

/** Runs workflows with n8n's own engine, in this process, against whatever service the access leads to. */
export class N8nRunner {
  readonly nodeTypes: PackageNodes;

  private constructor(
    readonly loader: PackageDirectoryLoader,
    private readonly access: Access,
  ) {
    this.nodeTypes = new PackageNodes(loader);
  }

  static async start(access: Access): Promise<N8nRunner> {
    return new N8nRunner(await loadPackage(), access);
  }

  /** Runs one of our nodes on these items. */
  async runNode(
    name: string,
    parameters: IDataObject,
    items: IDataObject[] = [{}],
    options: RunOptions = {},
  ): Promise<NodeResult> {
    const run = await this.runWorkflow(this.stepAlone(name, parameters, options.nodeOptions), items, options);
    return { outputs: outputsOf(run, nameOf(name)), run };
  }

  /** A workflow of one step behind a start. */
  stepAlone(name: string, parameters: IDataObject = {}, more: Partial<INode> = {}): IWorkflowBase {
    const step = this.node(name, parameters, more);
    const start = { ...this.node('start', {}), type: 'n8n-nodes-base.start', name: 'Start' };
    return workflowOf([start, step], { Start: { main: [[{ node: step.name, type: 'main', index: 0 }]] } });
  }

  /** Runs a workflow from its first node, which gets the items as if it had made them. */
  async runWorkflow(
    definition: IWorkflowBase,
    items: IDataObject[],
    { executionId, binary }: RunOptions = {},
  ): Promise<IRun> {
    const workflow = this.open(definition);
    const [first] = definition.nodes;
    const start = workflow.getNode(first?.name ?? '');
    if (!start) throw new Error('The workflow has no node.');
    const data = { main: [items.map((json, item) => ({ json, binary, pairedItem: { item } }))] };
    const runExecutionData = createRunExecutionData({
      executionData: { nodeExecutionStack: [{ node: start, data, source: null }] },
    });
    return this.execute(workflow, definition, runExecutionData, executionId ?? `test-${(executions += 1)}`);
  }

  /**
   * What n8n does when a sleeping execution is called back: it asks the node's webhook, and goes on from there if the
   * webhook says with what. Answers undefined while the execution sleeps on.
   */
  async resume(definition: IWorkflowBase, asleep: IRun, body: IDataObject): Promise<{ run?: IRun; status: number }> {
    const { data } = asleep;
    const waiting = data.executionData?.nodeExecutionStack[0];
    if (!waiting) throw new Error('The execution does not wait.');
    const workflow = this.open(definition);
    const executionId = `resumed-${(executions += 1)}`;
    const additional = this.additionalData(executionId);
    let status = 200;
    additional.httpRequest = { body, headers: {} } as unknown as typeof additional.httpRequest;
    additional.httpResponse = responseThat((code) => (status = code)) as unknown as typeof additional.httpResponse;
    const { node } = waiting;
    const webhookData = { webhookDescription: { name: 'default' } } as unknown as IWebhookData;
    const context = new WebhookContext(workflow, node, additional, 'trigger', webhookData, [], data);
    const { workflowData } = (await this.nodeTypes.getByNameAndVersion(node.type).webhook?.call(context)) ?? {};
    if (!workflowData) return { status };
    waiting.data.main = workflowData as INodeExecutionData[][];
    waiting.metadata = { ...waiting.metadata, forwardAllOutputs: true };
    waiting.node = { ...node, disabled: true };
    delete data.waitTill;
    data.resultData.runData[node.name]?.pop();
    return { run: await this.execute(workflow, definition, data, executionId), status };
  }

  node(name: string, parameters: IDataObject, more: Partial<INode> = {}): INode {
    return {
      id: `node-${name}`,
      name: nameOf(name),
      type: `${OURS}${name}`,
      typeVersion: 1,
      position: [0, 0],
      parameters: parameters as INodeParameters,
      credentials: { orderloomApi: { id: 'test', name: 'Test' } },
      ...more,
    };
  }

  open(definition: IWorkflowBase): Workflow {
    const nodes = structuredClone(definition.nodes).filter(({ type }) => !type.endsWith('.stickyNote'));
    for (const node of nodes) this.fillDefaults(node);
    const { id, name, connections, settings } = definition;
    return new Workflow({ id, name, nodes, connections, active: true, nodeTypes: this.nodeTypes, settings });
  }

  additionalData(executionId: string): IWorkflowExecuteAdditionalData {
    const partial: Partial<IWorkflowExecuteAdditionalData> = {
      credentialsHelper: new TestCredentials(this.loader, this.access),
      executionId,
      currentNodeExecutionIndex: 0,
      restApiUrl: 'http://n8n.test/rest',
      instanceBaseUrl: 'http://n8n.test/',
      webhookBaseUrl: 'http://n8n.test/webhook',
      webhookWaitingBaseUrl: this.access.waitingUrl ?? 'http://n8n.test/webhook-waiting',
      webhookTestBaseUrl: 'http://n8n.test/webhook-test',
      formWaitingBaseUrl: 'http://n8n.test/form-waiting',
      variables: {},
      setExecutionStatus: () => undefined,
    };
    return partial as IWorkflowExecuteAdditionalData;
  }

  private async execute(
    workflow: Workflow,
    definition: IWorkflowBase,
    data: IRunExecutionData,
    executionId: string,
  ): Promise<IRun> {
    const additional = this.additionalData(executionId);
    additional.hooks = new ExecutionLifecycleHooks('trigger', executionId, definition);
    return new WorkflowExecute(additional, 'trigger', data).processRunExecutionData(workflow);
  }

  private fillDefaults(node: INode): void {
    const { description } = this.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
    node.parameters =
      NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ??
      node.parameters;
  }
}

/** What a step is called in these workflows. */
function nameOf(type: string): string {
  return `The ${type}`;
}

/** An order as pipelines carry it. */
export function itemOf({ id, number, status, version }: Record<string, any>): { order: IDataObject } {
  return { order: { id, number, status, version } };
}

/** The ids of the orders that left a step, by output. */
export function ordersLeaving(run: IRun, step: string): unknown[][] {
  return outputsOf(run, step).map((items) => items.map(({ json }) => (json.order as IDataObject | undefined)?.id));
}

export function workflowOf(nodes: INode[], connections: IConnections): IWorkflowBase {
  const now = new Date();
  return {
    id: 'test',
    name: 'Test',
    nodes,
    connections,
    active: true,
    activeVersionId: null,
    isArchived: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** What a node gave in its last turn; it fails with the run's error when there was one. */
export function outputsOf(run: IRun, nodeName: string): INodeExecutionData[][] {
  const turns = run.data.resultData.runData[nodeName] ?? [];
  return (turns.at(-1)?.data?.main ?? []).map((items) => items ?? []);
}

function responseThat(tells: (status: number) => void): object {
  const response = {
    status(code: number) {
      tells(code);
      return response;
    },
    send: () => response,
    end: () => response,
  };
  return response;
}

import './n8n-home';
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import type { IDataObject, INodeExecutionData, INodeType, INodeTypeDescription, INodeTypes } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

const ROOT = resolve(__dirname, '../..');
export const OURS = 'n8n-nodes-orderloom.';
const CORE = 'n8n-nodes-base.';

/** The built package, loaded the way n8n loads it: package.json, classes, codex and icons. */
export async function loadPackage(): Promise<PackageDirectoryLoader> {
  if (!existsSync(join(ROOT, 'dist/nodes'))) throw new Error('The nodes are not built. Run "npm run build" first.');
  const loader = new PackageDirectoryLoader(ROOT);
  await loader.loadAll();
  return loader;
}

/** The few of n8n's own nodes that the shipped workflows use, as far as they use them. */
const CORE_NODES: Record<string, INodeType> = {
  noOp: coreNode('noOp', ['main'], async (items) => [items]),
  start: coreNode('start', ['main'], async (items) => [items]),
  errorTrigger: coreNode('errorTrigger', ['main'], async (items) => [items]),
  scheduleTrigger: coreNode('scheduleTrigger', ['main'], async (items) => [items]),
  formTrigger: coreNode('formTrigger', ['main'], async (items) => [items]),
  form: coreNode('form', ['main'], async (items) => [items]),
  stickyNote: coreNode('stickyNote', [], async () => []),
  if: coreNode('if', ['main', 'main'], async (items, conditions) => {
    const holds = (_item: INodeExecutionData, n: number): boolean =>
      conditions(n).every((one) => one.leftValue === one.rightValue);
    return [items.filter(holds), items.filter((item, n) => !holds(item, n))];
  }),
};

type Condition = { leftValue: unknown; rightValue: unknown };

function coreNode(
  name: string,
  outputs: ['main'] | ['main', 'main'] | [],
  run: (items: INodeExecutionData[], conditions: (n: number) => Condition[]) => Promise<INodeExecutionData[][]>,
): INodeType {
  const description = {
    displayName: name,
    name,
    group: ['transform'],
    version: [1, 1.2, 2.2, 2.5, 2.6],
    description: name,
    defaults: { name },
    inputs: ['main'],
    outputs,
    properties: [{ displayName: 'Conditions', name: 'conditions', type: 'filter', default: {} }],
  } as unknown as INodeTypeDescription;
  return {
    description,
    async execute() {
      const items = this.getInputData().map((item, n) => ({ ...item, pairedItem: { item: n } }));
      return run(items, (n) => (this.getNodeParameter('conditions', n, {}) as IDataObject).conditions as Condition[]);
    },
  };
}

export class PackageNodes implements INodeTypes {
  constructor(private readonly loader: PackageDirectoryLoader) {}

  getByName(type: string): INodeType {
    return this.getByNameAndVersion(type);
  }

  getByNameAndVersion(type: string, version?: number): INodeType {
    if (type.startsWith(OURS)) {
      return NodeHelpers.getVersionedNodeType(this.loader.getNode(type.slice(OURS.length)).type, version);
    }
    const core = type.startsWith(CORE) ? CORE_NODES[type.slice(CORE.length)] : undefined;
    if (core) return core;
    throw new Error(`These tests know no node type "${type}".`);
  }

  getKnownTypes(): IDataObject {
    return this.loader.known.nodes as unknown as IDataObject;
  }
}

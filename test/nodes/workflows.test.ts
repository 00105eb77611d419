import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, IWorkflowBase } from 'n8n-workflow';
import { NodeHelpers, safeParseWorkflowStructure } from 'n8n-workflow';
import { loadPackage, OURS, PackageNodes } from './package-nodes';

const FOLDER = join(__dirname, '../../workflows');
const ID_LENGTH_MAX = 21;
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const read = (file: string): IWorkflowBase => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const all = files.map(read);

describe('The shipped workflows', () => {
  let nodeTypes: PackageNodes;

  beforeAll(async () => {
    nodeTypes = new PackageNodes(await loadPackage());
  });

  it('have ids, node ids and webhook ids of their own', () => {
    const nodes = all.flatMap((workflow) => workflow.nodes);
    const webhookIds = nodes.flatMap(({ webhookId }) => (webhookId ? [webhookId] : []));
    for (const ids of [all.map(({ id }) => id), nodes.map(({ id }) => id), webhookIds])
      expect(new Set(ids).size).toBe(ids.length);
  });

  it('are listed in their README', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    for (const file of files) expect(readme).toContain(`\`${file}\``);
  });

  describe.each(files)('%s', (file) => {
    const workflow = read(file);
    const steps = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));

    it('is a workflow that n8n takes', () => {
      expect(safeParseWorkflowStructure(workflow)).toMatchObject({ success: true });
      expect(workflow.id.length).toBeLessThanOrEqual(ID_LENGTH_MAX);
      expect(workflow.settings).toMatchObject({ executionOrder: 'v1' });
      expect(workflow.nodes.some(({ type }) => type.endsWith('.stickyNote'))).toBe(true);
    });

    it('tells the error workflow, which exists', () => {
      const isErrorWorkflow = steps.some(({ type }) => type.endsWith('.errorTrigger'));
      const { errorWorkflow } = workflow.settings ?? {};
      if (isErrorWorkflow) expect(errorWorkflow).toBeUndefined();
      else expect(all.map(({ id }) => id)).toContain(errorWorkflow);
    });

    it('uses nodes that exist, each with nothing left to fill in', () => {
      for (const node of steps) {
        const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
        const parameters = NodeHelpers.getNodeParameters(
          description.properties,
          node.parameters,
          true,
          false,
          node,
          description,
        );
        const issues = NodeHelpers.getNodeParametersIssues(
          description.properties,
          { ...node, parameters: parameters ?? {} },
          description,
        );
        expect({ node: node.name, issues }).toEqual({ node: node.name, issues: null });
      }
    });

    it('leaves no output of our steps hanging', () => {
      for (const { name, type } of steps.filter((node) => node.type.startsWith(OURS))) {
        const { outputs } = nodeTypes.getByNameAndVersion(type).description;
        const connected = workflow.connections[name]?.main ?? [];
        const isLast = connected.length === 0 && outputs.length === 1;
        expect({
          name,
          connected: connected.filter((output) => output?.length).length || outputs.length * Number(isLast),
        }).toEqual({
          name,
          connected: outputs.length,
        });
      }
    });

    it('names its credential and holds no secret', () => {
      for (const node of steps.filter(({ type }) => type.startsWith(OURS))) {
        expect(node.credentials).toEqual({ orderloomApi: { id: 'orderloomMain', name: 'Orderloom' } });
      }
      expect(JSON.stringify(workflow)).not.toMatch(/bearer|apiKey|password|secret/i);
    });

    it('names its steps instead of leaving n8n’s names', () => {
      const unnamed = (node: INode) => node.name.endsWith('1') || node.name.startsWith('No Operation');
      expect(steps.filter(unnamed)).toEqual([]);
    });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, IWorkflowBase } from 'n8n-workflow';
import { NodeHelpers, safeParseWorkflowStructure } from 'n8n-workflow';
import { loadPackage, OURS, PackageNodes } from './package-nodes';

const FOLDER = join(__dirname, '../../workflows');
const ID_LENGTH_MAX = 21;
/** What a step with its name needs on the canvas, in pixels. */
const STEP_WIDTH = 200;
const STEP_HEIGHT = 140;
/** How far a step's name reaches beyond its left edge, and beside that to the right. */
const NAME_LEFT = 40;
const NAME_WIDTH = 176;
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

    const followers = (name: string): string[][] =>
      (workflow.connections[name]?.main ?? []).map((output) => (output ?? []).map(({ node }) => node));

    it('leaves no output of our steps hanging', () => {
      for (const { name, type, onError } of steps.filter((node) => node.type.startsWith(OURS))) {
        const { outputs } = nodeTypes.getByNameAndVersion(type).description;
        const ways = outputs.length + Number(onError === 'continueErrorOutput');
        const connected = followers(name);
        const isLast = connected.length === 0 && ways === 1;
        const taken = connected.filter((nodes) => nodes.length > 0).length;
        expect({ name, ways: isLast ? 1 : taken }).toEqual({ name, ways });
      }
    });

    it('reads from left to right, with every step on a way from a start and none upon another', () => {
      const placeOf = new Map(steps.map(({ name, position }) => [name, position]));
      const reached = new Set(steps.flatMap(({ name }) => followers(name).flat()));
      for (const { name, type, position } of steps) {
        for (const next of followers(name).flat()) {
          expect({ name, next, isRight: (placeOf.get(next)?.[0] ?? -1) > position[0] }).toMatchObject({
            isRight: true,
          });
        }
        const isStart = /trigger$/i.test(type);
        expect({ name, isReached: reached.has(name) }).toEqual({ name, isReached: !isStart });
        const tooNear = steps.filter(
          (other) =>
            other.name !== name &&
            Math.abs(other.position[0] - position[0]) < STEP_WIDTH &&
            Math.abs(other.position[1] - position[1]) < STEP_HEIGHT,
        );
        expect({ name, tooNear: tooNear.map((node) => node.name) }).toEqual({ name, tooNear: [] });
      }
    });

    it('lays no note upon a step or another note', () => {
      const boxes = workflow.nodes.map(({ name, type, position: [x, y], parameters }) =>
        type.endsWith('.stickyNote')
          ? { name, isNote: true, x, y, width: Number(parameters.width), height: Number(parameters.height) }
          : { name, isNote: false, x: x - NAME_LEFT, y, width: NAME_WIDTH, height: STEP_HEIGHT },
      );
      for (const note of boxes.filter(({ isNote }) => isNote)) {
        const upon = boxes.filter(
          (other) =>
            other !== note &&
            note.x < other.x + other.width &&
            other.x < note.x + note.width &&
            note.y < other.y + other.height &&
            other.y < note.y + note.height,
        );
        expect({ note: note.name, upon: upon.map(({ name }) => name) }).toEqual({ note: note.name, upon: [] });
      }
    });

    it('shows a form only to people who are logged in', () => {
      for (const { name, type, parameters } of steps.filter((node) => node.type.endsWith('.formTrigger'))) {
        expect({ name, type, asks: parameters.authentication }).toEqual({ name, type, asks: 'n8nUserAuth' });
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

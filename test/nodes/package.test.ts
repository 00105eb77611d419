import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { MOVE_OPTIONS, moveFields } from '../../nodes/UpdateOrderStatus/moveFields';
import { ORDER_MOVES } from '../../nodes/shared/orderMoves';
import { orderMoves } from '../../server/orders/order-moves';
import { loadPackage } from './package-nodes';

const NODES = join(__dirname, '../../nodes');
const folders = readdirSync(NODES).filter((name) => existsSync(join(NODES, name, `${name}.node.ts`)));

describe('The package', () => {
  let descriptions: Map<string, INodeTypeDescription>;

  beforeAll(async () => {
    const loader = await loadPackage();
    descriptions = new Map(
      Object.keys(loader.known.nodes).map((name) => [
        name,
        NodeHelpers.getVersionedNodeType(loader.getNode(name).type).description,
      ]),
    );
  });

  it('loads every node there is', () => {
    const names = folders.map((folder) => folder.charAt(0).toLowerCase() + folder.slice(1));
    expect([...descriptions.keys()].sort()).toEqual(names.sort());
  });

  describe.each(folders)('%s', (folder) => {
    const name = folder.charAt(0).toLowerCase() + folder.slice(1);
    const description = () =>
      descriptions.get(name) as INodeTypeDescription & { iconUrl?: { light: string; dark: string } };

    it('is named as the canvas wants it', () => {
      const { displayName, defaults, subtitle } = description();
      expect(displayName).toBe(`Orderloom ${defaults.name}`);
      expect(subtitle).toBeTruthy();
    });

    it('has icons, a codex and an output schema', () => {
      const { iconUrl, codex } = description();
      expect(iconUrl?.light).not.toBe(iconUrl?.dark);
      expect(codex?.categories).toEqual(['Sales']);
      const schema = JSON.parse(readFileSync(join(NODES, folder, '__schema__/v1.0.0/output.json'), 'utf8'));
      expect(schema).toMatchObject({ type: 'object' });
      expect(existsSync(join(NODES, '../dist/nodes', folder, '__schema__/v1.0.0/output.json'))).toBe(true);
    });

    it('can be a tool unless it starts a workflow', () => {
      const isTrigger = description().group.includes('trigger');
      expect(description().usableAsTool ?? false).toBe(!isTrigger);
    });

    it('gives an example in every free text field', () => {
      const texts = allProperties(description().properties).filter(
        ({ type, displayName }) => type === 'string' && displayName !== 'API Key',
      );
      expect(texts.filter(({ placeholder }) => !placeholder?.startsWith('e.g. ')).map((field) => field.name)).toEqual(
        [],
      );
    });

    it('is ready to run on an item that carries an order, without any setting', () => {
      const { properties } = description();
      const node = {
        parameters: {},
        id: '1',
        name: folder,
        type: name,
        typeVersion: 1,
        position: [0, 0] as [number, number],
      };
      const parameters = NodeHelpers.getNodeParameters(properties, {}, true, false, node, description()) ?? {};
      const issues = NodeHelpers.getNodeParametersIssues(properties, { ...node, parameters }, description());
      expect(issues?.parameters ?? {}).toEqual({});
    });
  });

  it('knows the same moves as the service, with the fields they require', () => {
    const ofService = Object.entries(orderMoves).map(([move, { to, requires }]) => [move, { to, requires }]);
    expect(ORDER_MOVES).toEqual(Object.fromEntries(ofService));
    expect(MOVE_OPTIONS.map(({ value }) => value).sort()).toEqual(Object.keys(orderMoves).sort());
  });

  it('shows a field for everything a move requires', () => {
    // The lines of a partial fulfillment are all open ones; the node asks what happens to them.
    const fieldOf = (name: string) => (name === 'lines' ? 'handling' : name);
    for (const [move, { requires }] of Object.entries(ORDER_MOVES)) {
      const shown = moveFields
        .filter(({ displayOptions }) => displayOptions?.show?.move?.includes(move))
        .map(({ name }) => name);
      for (const names of requires) expect(shown).toEqual(expect.arrayContaining(names.split('|').map(fieldOf)));
    }
  });
});

/** A field, and those inside of it. */
function allProperties(properties: readonly INodeProperties[]): INodeProperties[] {
  return properties.flatMap((property) => [
    property,
    ...allProperties((property.type === 'collection' ? property.options : []) as INodeProperties[]),
    ...(property.type === 'fixedCollection' ? (property.options as INodePropertyCollection[]) : []).flatMap(
      ({ values }) => allProperties(values),
    ),
    ...(property.modes ?? [])
      .filter(({ type }) => type === 'string')
      .map((mode) => ({ ...mode, type: 'string', default: '' }) as INodeProperties),
  ]);
}

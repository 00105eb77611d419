import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem, type Outgoing } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import type { OrderMove } from '../shared/orderMoves';
import { freshened, orderOf } from '../shared/orders';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';
import { moveBody } from './moveBody';
import { MOVE_OPTIONS, moveFields, overrideFields } from './moveFields';

interface Moved extends IDataObject {
  changed?: boolean;
}

export class UpdateOrderStatus implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Update Order Status',
    name: 'updateOrderStatus',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["move"].replaceAll("_", " ") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Moves one or many orders to the next status, with everything that belongs to the move',
    defaults: { name: 'Update Order Status' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Move',
        name: 'move',
        type: 'options',
        noDataExpression: true,
        options: MOVE_OPTIONS,
        default: 'confirm',
      },
      orderField,
      ...moveFields,
      previewField,
      {
        displayName: 'Options',
        name: 'options',
        type: 'collection',
        placeholder: 'Add Option',
        default: {},
        options: [
          {
            displayName: 'Notes',
            name: 'notes',
            type: 'string',
            default: '',
            placeholder: 'e.g. customer called',
            description: 'Kept in the history of the order',
          },
          {
            displayName: 'Only If Unchanged',
            name: 'onlyIfUnchanged',
            type: 'boolean',
            default: false,
            description: 'Whether to refuse when the order has changed since the incoming item was read',
          },
          {
            displayName: 'Only Once',
            name: 'once',
            type: 'boolean',
            default: false,
            description:
              'Whether to leave the order as it is when it has made this move before, whoever made it. For moves that several workflows or people may make.',
          },
          ...overrideFields,
        ],
      },
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item): Promise<Outgoing> => {
      const move = this.getNodeParameter('move', itemIndex) as OrderMove;
      const order = await orderOf(this, itemIndex);
      const preview = isPreview(this, itemIndex);
      const answer = await callService<Moved>(this, {
        method: 'PUT',
        path: `/orders/${encodeURIComponent(order.id)}/status`,
        query: preview ? { dryRun: 'true' } : undefined,
        body: await moveBody(this, itemIndex, order, move),
        idempotencyKey: idempotencyKey('move', order.id, move, referenceOf(this, itemIndex)),
        eventId: startingEventId(this, itemIndex),
      });
      if (preview) return { output: 0, json: carry(item, { order, ...previewOf(answer) }) };
      const { changed, approval, case: cancellation, ...fresh } = answer;
      const moved = { order: freshened(order, fresh), move: { name: move, changed: changed ?? true } };
      const results = cancellation === undefined ? moved : { ...moved, cancellation };
      // A cancellation that needs an approval has not moved the order yet.
      return { output: 0, json: carry(item, approval === undefined ? results : { ...results, approval }) };
    });
  }
}

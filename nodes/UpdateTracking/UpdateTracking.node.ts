import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, orderField, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem, type Outgoing } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { freshened, orderOf } from '../shared/orders';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export class UpdateTracking implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Update Tracking',
    name: 'updateTracking',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle:
      '={{ ($parameter["trackingNumber"] || $parameter["carrier"] || $parameter["trackingUrl"] ? "as given" : "from the booked parcel") + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Writes carrier and tracking number into the order; nobody gets a message by it',
    defaults: { name: 'Update Tracking' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      orderField,
      {
        displayName: 'Carrier',
        name: 'carrier',
        type: 'string',
        default: '',
        placeholder: 'e.g. city riders',
        description: 'Who carries the parcel. Empty = take it from the booked parcel.',
      },
      {
        displayName: 'Tracking Number',
        name: 'trackingNumber',
        type: 'string',
        default: '',
        placeholder: 'e.g. SFR2410ABC',
        description:
          'What the customer can look the parcel up by. Empty = take it from the booked parcel; of a parcel that a courier has, the courier’s word counts.',
      },
      {
        displayName: 'Tracking URL',
        name: 'trackingUrl',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://riders.example/track/SFR2410ABC',
        description:
          'Where the customer can follow the parcel; shown in the next message about it. Empty = take it from the booked parcel.',
      },
      previewField,
      referenceField,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item): Promise<Outgoing> => {
      const order = await orderOf(this, itemIndex);
      const given = givenFields(this, itemIndex);
      const preview = isPreview(this, itemIndex);
      const { order: after, ...tracking } = await callService<IDataObject>(this, {
        method: 'PUT',
        path: `/orders/${encodeURIComponent(order.id)}/tracking`,
        query: preview ? { dryRun: 'true' } : undefined,
        body: given,
        idempotencyKey: idempotencyKey(
          'tracking',
          order.id,
          referenceOf(this, itemIndex),
          ...Object.entries(given).map(([name, value]) => `${name}=${String(value)}`),
        ),
        eventId: startingEventId(this, itemIndex),
      });
      if (preview) return { output: 0, json: carry(item, { order, ...previewOf(tracking) }) };
      return { output: 0, json: carry(item, { order: freshened(order, after), tracking }) };
    });
  }
}

/** What is left empty is not sent, so that the service takes it from the booked parcel. */
function givenFields(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const fields = ['carrier', 'trackingNumber', 'trackingUrl'].map((name) => {
    const value = context.getNodeParameter(name, itemIndex, '') as string | number | null | undefined;
    return [name, String(value ?? '').trim()] as const;
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== ''));
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { storeIdField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { startingEventId } from '../shared/startingEvent';
import { dayOf } from '../shared/times';
import { callService } from '../shared/transport';

export class DailySummary implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Daily Summary',
    name: 'dailySummary',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["date"] ? String($parameter["date"]).slice(0, 10) : "the last finished day" }}',
    description: 'Reads the figures of one business day from the journal: orders, revenue, profit and exceptions',
    defaults: { name: 'Daily Summary' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Business Day',
        name: 'date',
        type: 'string',
        default: '',
        placeholder: 'e.g. 2026-11-20',
        description:
          'A day of the store, whose end is set in the store. When empty: the last day that is over. Today gives the figures so far.',
      },
      {
        displayName: 'Options',
        name: 'options',
        type: 'collection',
        placeholder: 'Add Option',
        default: {},
        options: [storeIdField],
      },
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item) => {
      const { storeId } = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
      const date = dayOf(this.getNodeParameter('date', itemIndex, ''));
      const summary = await callService<IDataObject>(this, {
        method: 'GET',
        path: '/reports/daily-summary',
        query: { date, storeId },
        eventId: startingEventId(this, itemIndex),
      });
      return { output: 0, json: carry(item, { summary }) };
    });
  }
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { filterFields } from './filterFields';
import { selectOrders } from './selection';

const FOUND = 0;
const NONE = 1;

export class RetrieveOrder implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Retrieve Order',
    name: 'retrieveOrder',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['input'],
    version: 1,
    subtitle: '={{ {one: "one order", waiting: "waiting orders", filter: "by filter"}[$parameter["mode"]] }}',
    description: 'Gets one order, the orders that wait longest or came last, or those that match a filter',
    defaults: { name: 'Retrieve Order' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Found', 'None'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [
      {
        displayName: 'Get',
        name: 'mode',
        type: 'options',
        options: [
          { name: 'By Filter', value: 'filter', description: 'Orders that match all of the conditions' },
          { name: 'One Order', value: 'one', description: 'The order of the item, or one you name' },
          { name: 'Waiting Orders', value: 'waiting', description: 'Orders that wait for the next step' },
        ],
        default: 'one',
      },
      { ...orderField, displayOptions: { show: { mode: ['one'] } } },
      ...filterFields,
    ],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const orders = await selectOrders(this, itemIndex);
      if (orders.length === 0) return { output: NONE, json: carry(item, {}) };
      return orders.map((order) => ({ output: FOUND, json: carry(item, { order }) }));
    });
  }
}

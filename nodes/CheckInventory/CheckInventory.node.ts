import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { orderOf } from '../shared/orders';
import { callService } from '../shared/transport';

const AVAILABLE = 0;
const SHORT = 1;

interface Availability extends IDataObject {
  available: boolean;
}

export class CheckInventory implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Check Inventory',
    name: 'checkInventory',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: 'availability by line',
    description:
      'Checks whether every line of an order is in stock; what the order has reserved counts as available to it',
    defaults: { name: 'Check Inventory' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Available', 'Short'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [orderField],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const order = await orderOf(this, itemIndex);
      const inventory = await callService<Availability>(this, {
        method: 'GET',
        path: '/inventory/check',
        query: { orderId: order.id },
      });
      return { output: inventory.available ? AVAILABLE : SHORT, json: carry(item, { order, inventory }) };
    });
  }
}

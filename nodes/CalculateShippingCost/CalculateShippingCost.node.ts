import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { orderOf } from '../shared/orders';
import { startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export class CalculateShippingCost implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Calculate Shipping Cost',
    name: 'calculateShippingCost',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: 'zone × weight + surcharges',
    description:
      'Shows what it costs to bring an order to its address and why, line by line, and what the customer was charged for it',
    defaults: { name: 'Calculate Shipping Cost' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [orderField],
  };

  methods = { listSearch: { searchOrders } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item) => {
      const order = await orderOf(this, itemIndex);
      const shippingCost = await callService<IDataObject>(this, {
        method: 'GET',
        path: `/orders/${encodeURIComponent(order.id)}/shipping_cost`,
        eventId: startingEventId(this, itemIndex),
      });
      return { output: 0, json: carry(item, { order, shippingCost }) };
    });
  }
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { orderOf } from '../shared/orders';
import { startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export class CalculateOrderTotal implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Calculate Order Total',
    name: 'calculateOrderTotal',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: 'lines + shipping + tax − discount',
    description: 'Shows what an order costs and why, line by line, and what is still to be paid',
    defaults: { name: 'Calculate Order Total' },
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
      const path = `/orders/${encodeURIComponent(order.id)}/total`;
      const total = await callService<IDataObject>(this, {
        method: 'GET',
        path,
        eventId: startingEventId(this, itemIndex),
      });
      return { output: 0, json: carry(item, { order, total }) };
    });
  }
}

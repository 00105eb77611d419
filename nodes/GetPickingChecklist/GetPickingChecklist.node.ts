import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { orderField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { searchOrders } from '../shared/listSearch';
import { orderOf } from '../shared/orders';
import { checklistOf } from './checklist';

export class GetPickingChecklist implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Get Picking Checklist',
    name: 'getPickingChecklist',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: 'items, quantities and shelves',
    description: 'Reads what is to be picked for an order, where it lies, and how far the picking is',
    defaults: { name: 'Get Picking Checklist' },
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
      return { output: 0, json: carry(item, { order, checklist: await checklistOf(this, itemIndex, order.id) }) };
    });
  }
}

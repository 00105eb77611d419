import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { carry, forEachItem } from '../shared/forEachItem';
import { idempotencyKey } from '../shared/startingEvent';
import { callService } from '../shared/transport';
import { incidentFields } from './incidentFields';

export class ReportIncident implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Report Incident',
    name: 'reportIncident',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: 'to the list of exceptions',
    description: 'Puts a failed run on the list of exceptions, with a link to it, so that a person sees it',
    defaults: { name: 'Report Incident' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: incidentFields,
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 1, async (itemIndex, item) => {
      const names = incidentFields.map(({ name }) => name);
      const body: IDataObject = Object.fromEntries(
        names.map((name) => [name, this.getNodeParameter(name, itemIndex, '')]),
      );
      const incident = await callService<IDataObject>(this, {
        method: 'POST',
        path: '/incidents',
        idempotencyKey: idempotencyKey('incident', body.workflowId as string, body.executionId as string),
        body,
      });
      return { output: 0, json: carry(item, { incident }) };
    });
  }
}

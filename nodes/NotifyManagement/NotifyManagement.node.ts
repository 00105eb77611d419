import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { isPreview, previewField, previewOf, referenceField } from '../shared/fields';
import { carry, forEachItem } from '../shared/forEachItem';
import { notify, SENT } from '../shared/notify';
import { idempotencyKey, referenceOf } from '../shared/startingEvent';
import { dayOf } from '../shared/times';
import { MANAGEMENT, managementFields, managementOptions } from './managementFields';

export class NotifyManagement implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Orderloom Notify Management',
    name: 'notifyManagement',
    icon: { light: 'file:../shared/orderloom.svg', dark: 'file:../shared/orderloom.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle:
      '={{ $parameter["message"] + " to " + ($parameter["options"]["to"] || $parameter["role"].replaceAll("_", " ")) + ($parameter["previewOnly"] ? " (preview)" : "") }}',
    description: 'Emails the report of a day to the management of a store, once, or a notice to a role',
    defaults: { name: 'Notify Management' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Sent', 'Failed'],
    credentials: [{ name: 'orderloomApi', required: true }],
    properties: [...managementFields, previewField, managementOptions, referenceField],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, 2, async (itemIndex, item) => {
      const body = managementBody(this, itemIndex);
      const { output, notification } = await notify(this, itemIndex, {
        path: '/notifications/management',
        idempotencyKey: idempotencyKey(
          'management',
          body.message as string,
          body.storeId as string,
          body.date as string,
          referenceOf(this, itemIndex),
        ),
        body,
      });
      const isPlan = output === SENT && isPreview(this, itemIndex);
      return { output, json: carry(item, isPlan ? previewOf(notification) : { notification }) };
    });
  }
}

/** What is asked of the service for one item; a field that the message does not take is not sent. */
function managementBody(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const field = (name: string): string => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
  const { to, storeId } = context.getNodeParameter('options', itemIndex, {}) as { to?: string; storeId?: string };
  const addresses = (to ?? '').split(/[\s,;]+/).filter((address) => address !== '');
  const role = field('role');
  const message = field('message');
  const words =
    message === 'notice'
      ? { subject: field('subject'), text: field('text'), reference: referenceOf(context, itemIndex) }
      : { date: dayOf(context.getNodeParameter('date', itemIndex, '')) };
  return {
    message,
    storeId,
    ...words,
    ...(addresses.length > 0 ? { to: addresses } : { role: role === MANAGEMENT ? '' : role }),
  };
}

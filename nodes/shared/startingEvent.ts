import type { IExecuteFunctions } from 'n8n-workflow';

const TRIGGER_TYPE = /\.orderTrigger$/;
const UNSAFE_IN_KEY = /[^\x21-\x7e]/g;
const INSTANCE_LENGTH = 8;
const KEY_LENGTH_MAX = 255;

/** The event that started this run: on the item as the trigger put it, else asked of the trigger itself. */
export function startingEventId(context: IExecuteFunctions, itemIndex: number): string | undefined {
  const onItem = context.getInputData()[itemIndex]?.json.eventId;
  if (typeof onItem === 'string' && onItem !== '') return onItem;
  const trigger = context.getParentNodes(context.getNode().name).find(({ type }) => TRIGGER_TYPE.test(type));
  if (!trigger) return undefined;
  try {
    const eventId = context.evaluateExpression(
      `{{ $(${JSON.stringify(trigger.name)}).first().json.eventId }}`,
      itemIndex,
    );
    return typeof eventId === 'string' ? eventId : undefined;
  } catch {
    // Another trigger of the workflow started this run, so that one has no data; the run has no starting event.
    return undefined;
  }
}

/**
 * Tells a repeat from a retry where the business has no natural key. A run that is started again for the same event
 * gets the same reference. Without an event (a button, a schedule) the execution is the best there is.
 */
export function referenceOf(context: IExecuteFunctions, itemIndex: number): string {
  const given = context.getNodeParameter('reference', itemIndex, '') as string;
  if (given) return given;
  const start = startingEventId(context, itemIndex) ?? executionName(context);
  return `${start}:${context.getNode().name}:${itemIndex}`;
}

/** An n8n that is set up anew counts its executions from 1 again; the service remembers longer than that. */
export function executionName(context: IExecuteFunctions): string {
  return `execution-${context.getInstanceId().slice(0, INSTANCE_LENGTH)}-${context.getExecutionId()}`;
}

/** `<step>:<order>:<fact>`, in characters a header can hold. */
export function idempotencyKey(...parts: readonly (string | undefined)[]): string {
  const key = parts.filter((part) => part !== undefined && part !== '').join(':');
  return key.replace(UNSAFE_IN_KEY, (character) => encodeURIComponent(character)).slice(0, KEY_LENGTH_MAX);
}

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toNodeError, type NodeFailure } from './refusal';

/** Where an item goes and what it carries. `json` is complete: build it with `carry`. */
export interface Outgoing {
  output: number;
  json: IDataObject;
}

/**
 * Runs a step on every item and sorts the results by output. Each result is paired with its item. With *Continue on
 * fail* a failed item leaves by the first output as it came in, with its error beside it, where n8n's error output
 * finds it.
 */
export async function forEachItem(
  context: IExecuteFunctions,
  outputs: number,
  step: (itemIndex: number, item: INodeExecutionData) => Promise<Outgoing | Outgoing[]>,
): Promise<INodeExecutionData[][]> {
  const sorted: INodeExecutionData[][] = Array.from({ length: outputs }, () => []);
  for (const [itemIndex, item] of context.getInputData().entries()) {
    try {
      const outgoing = await step(itemIndex, item);
      for (const { output, json } of [outgoing].flat()) {
        sorted[output]?.push({ json, binary: item.binary, pairedItem: { item: itemIndex } });
      }
    } catch (error) {
      const failure = toNodeError(context.getNode(), error, itemIndex);
      if (!context.continueOnFail()) throw failure;
      sorted[0]?.push(failed(item, failure, itemIndex));
    }
  }
  return sorted;
}

/** The incoming item with this step's results under their own keys; an order in it is brought up to date. */
export function carry(item: INodeExecutionData | undefined, results: IDataObject): IDataObject {
  return { ...item?.json, ...results };
}

/** The code stands inside the error: beside it in the json it would hide the error from n8n's error output. */
export function failed(item: INodeExecutionData, failure: NodeFailure, itemIndex: number): INodeExecutionData {
  return { json: { ...item.json }, binary: item.binary, error: failure, pairedItem: { item: itemIndex } };
}

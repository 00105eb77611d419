import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { toNodeError, type NodeFailure } from './refusal';

/** Where an item goes and what it carries. `json` is complete: build it with `carry`. */
export interface Outgoing {
  output: number;
  json: IDataObject;
  /** Files this step adds to those that came with the item. */
  binary?: IBinaryKeyData;
}

/**
 * Runs a step on every item and sorts the results by output. Each result is paired with its item. With *Continue on
 * fail* a failed item goes on with its error; n8n takes it from the first output to the error output if there is one.
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
      for (const { output, json, binary } of [outgoing].flat()) {
        const files = binary ? { ...item.binary, ...binary } : item.binary;
        sorted[output]?.push({ json, binary: files, pairedItem: { item: itemIndex } });
      }
    } catch (error) {
      const failure = toNodeError(context.getNode(), error, itemIndex);
      if (!context.continueOnFail()) throw failure;
      sorted[0]?.push(failedItem(context.getNode(), item, failure, itemIndex));
    }
  }
  return sorted;
}

/** The incoming item with this step's results under their own keys; an order in it is brought up to date. */
export function carry(item: INodeExecutionData | undefined, results: IDataObject): IDataObject {
  return { ...item?.json, ...results };
}

/**
 * A failed item: the sentence under `error`, the code and the facts under `details`. n8n's error output knows it by
 * having these keys only, and adds the incoming json itself; elsewhere that is ours to do. The item's own `error`
 * stays unset, because n8n would then throw everything but the sentence away.
 */
export function failedItem(
  node: INode,
  item: INodeExecutionData,
  failure: NodeFailure,
  itemIndex: number,
): INodeExecutionData {
  const problem = { error: failure.message, details: detailsOf(failure) };
  const json = node.onError === 'continueErrorOutput' ? problem : carry(item, problem);
  return { json, binary: item.binary, pairedItem: { item: itemIndex } };
}

function detailsOf(failure: NodeFailure): IDataObject {
  const { type: _type, title: _title, ...facts } = (failure.context.data ?? {}) as IDataObject;
  return { code: failure.code ?? 'NODE_FAILED', description: failure.description ?? undefined, ...facts };
}

import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import type { Problem } from './service';

/** The service's No: what it refused and why, before it becomes an error of a node. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `The Orderloom service answered with status ${status}.`);
    this.name = 'Refusal';
  }

  get code(): string {
    return this.problem.code ?? `HTTP_${this.status}`;
  }

  /** What an item is told of a No that is an outcome: the code, the sentence and the facts. */
  get facts(): IDataObject {
    const { title: _title, status: _status, type: _type, ...facts } = this.problem;
    return facts;
  }
}

export type NodeFailure = (NodeApiError | NodeOperationError) & { code?: string };

/**
 * The one place where anything thrown becomes what n8n shows. It is called once per item, because n8n hands back an
 * error that is wrapped twice unchanged and would lose the item it belongs to. The message is the service's own
 * sentence: n8n would otherwise put a general one for the HTTP status in its place.
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeFailure {
  if (error instanceof Refusal) return fromRefusal(node, error, itemIndex);
  if (error instanceof NodeApiError || error instanceof NodeOperationError) {
    if (itemIndex !== undefined) error.context.itemIndex = itemIndex;
    return error;
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return new NodeOperationError(node, cause, { itemIndex });
}

function fromRefusal(node: INode, refusal: Refusal, itemIndex?: number): NodeFailure {
  const failure: NodeFailure = new NodeApiError(node, { ...refusal.problem } as JsonObject, {
    message: refusal.message,
    description: describe(refusal),
    httpCode: String(refusal.status),
    itemIndex,
  });
  failure.code = refusal.code;
  failure.context.data = { ...refusal.problem };
  return failure;
}

/** What stands under the sentence: the code to search for, the fields to put right, the id to quote. */
function describe({ code, problem }: Refusal): string {
  const fields = (problem.errors ?? []).map(({ path, message, code: fieldCode }) => {
    return `${path ?? 'request'}: ${message ?? fieldCode ?? 'is not accepted'}`;
  });
  return [code, ...fields, problem.requestId ? `Request id ${problem.requestId}` : undefined]
    .filter((part) => part !== undefined)
    .join(' · ');
}

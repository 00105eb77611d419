import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** Puts what a packing came to beside its task, where the next step finds it. */
export function withPackages(outputs: readonly INodeExecutionData[][]): INodeExecutionData[][] {
  return outputs.map((items) => items.map(withOwn));
}

function withOwn(item: INodeExecutionData): INodeExecutionData {
  const { kind, result } = (item.json.task ?? {}) as { kind?: string; result?: IDataObject | null };
  const packages = kind === 'packing' ? result?.packages : undefined;
  return packages === undefined ? item : { ...item, json: { ...item.json, packages } };
}

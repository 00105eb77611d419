import type { INodeProperties } from 'n8n-workflow';

/** By default what an Error Trigger says, both of a run that failed and of a workflow that could not start. */
export const incidentFields: INodeProperties[] = [
  {
    displayName: 'Message',
    name: 'message',
    type: 'string',
    default: '={{ $json.execution?.error?.message ?? $json.trigger?.error?.message ?? "The run failed" }}',
    required: true,
    placeholder: 'e.g. The order is on hold',
    description: 'What went wrong, in a sentence',
  },
  {
    displayName: 'Node',
    name: 'node',
    type: 'string',
    default: '={{ $json.execution?.lastNodeExecuted ?? $json.trigger?.error?.node?.name ?? "" }}',
    placeholder: 'e.g. Ship',
    description: 'The step that failed',
  },
  {
    displayName: 'Workflow ID',
    name: 'workflowId',
    type: 'string',
    default: '={{ $json.workflow?.id ?? $workflow.id }}',
    placeholder: 'e.g. olOrderReceived',
  },
  {
    displayName: 'Workflow Name',
    name: 'workflowName',
    type: 'string',
    default: '={{ $json.workflow?.name ?? $workflow.name }}',
    placeholder: 'e.g. Order received',
  },
  {
    displayName: 'Execution ID',
    name: 'executionId',
    type: 'string',
    default: '={{ $json.execution?.id ?? $execution.id }}',
    placeholder: 'e.g. 1234',
    required: true,
    description:
      'The run that failed; the event that started it can then be delivered again. A workflow that could not start has none, so this run stands for it.',
  },
  {
    displayName: 'Execution URL',
    name: 'executionUrl',
    type: 'string',
    default: '={{ $json.execution?.url ?? "" }}',
    placeholder: 'e.g. https://n8n.example.com/workflow/1/executions/1234',
    description: 'Where to look at the run',
  },
];

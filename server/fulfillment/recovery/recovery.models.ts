import { defineTable } from '../../platform/database/table';

/** running: owed or not yet judged · finished: did its work · abandoned: started too often, a person was told. */
export type RunStatus = 'running' | 'finished' | 'abandoned';

/** What one event started: the last execution that was seen working for it. */
export interface RunRow {
  id: string;
  eventId: string;
  /** The event's; empty when the outbox no longer knows it. */
  topic: string;
  storeId: string | null;
  orderId: string | null;
  workflowId: string | null;
  executionId: string | null;
  /** The one before it, which may have died. */
  overtakenExecutionId: string | null;
  node: string | null;
  status: RunStatus;
  redeliveries: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** When it is looked at next, unless it is seen before. */
  checkAt: string;
  finishedAt: string | null;
}

/** failed: n8n reported an error · stalled: a run stood still and starting it again did not help · unresumed: n8n could not be told. */
export const INCIDENT_KINDS = ['failed', 'stalled', 'unresumed'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** open: nobody has acted on it · retrying: the run was started again · resolved: by that, or by a person. */
export const INCIDENT_STATUSES = ['open', 'retrying', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export interface IncidentRow {
  id: string;
  kind: IncidentKind;
  reference: string;
  status: IncidentStatus;
  storeId: string | null;
  orderId: string | null;
  eventId: string | null;
  workflowId: string | null;
  workflowName: string | null;
  executionId: string | null;
  executionUrl: string | null;
  node: string | null;
  message: string;
  createdAt: string;
  resolvedAt: string | null;
  resolvedBy: string | null;
  note: string | null;
}

export const pipelineRuns = defineTable<RunRow>('pipeline_runs');
export const incidents = defineTable<IncidentRow>('incidents');

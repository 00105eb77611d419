import { defineTable } from '../database/table';

/** Who did what to what, when, and from which step of which run. Written once; only the seal is added later. */
export interface AuditRow {
  id: number;
  at: string;
  action: string;
  subjectType: string;
  subjectId: string;
  storeId: string | null;
  orderId: string | null;
  actorKind: string;
  actorId: string;
  actorName: string;
  role: string;
  beforeValues: Record<string, unknown> | null;
  afterValues: Record<string, unknown> | null;
  note: string | null;
  requestId: string;
  workflowId: string | null;
  executionId: string | null;
  node: string | null;
  /** Place in the chain, counted from 1 without gaps; null until the row is sealed. */
  sealNumber: number | null;
  /** SHA-256 over the seal before and this row, in hexadecimal. */
  seal: string | null;
}

/** A row before the database has numbered it. */
export type NewAuditRow = Omit<AuditRow, 'id'>;

export const auditRows = defineTable<AuditRow>('audit_rows', { json: ['beforeValues', 'afterValues'] });

import type { AuditEntry, ReadContext } from '../context';
import type { NewAuditRow } from './audit.models';

const NOTE_LENGTH_MAX = 1000;

/** The row of one audited act; the sealer adds its place in the chain afterwards. */
export function auditRow(
  source: Pick<ReadContext, 'now' | 'actor' | 'requestId' | 'execution'>,
  entry: AuditEntry,
): NewAuditRow {
  const { actor, execution } = source;
  return {
    at: source.now,
    action: entry.action,
    subjectType: entry.subjectType,
    subjectId: entry.subjectId,
    storeId: entry.storeId ?? null,
    orderId: entry.orderId ?? null,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    role: actor.role,
    beforeValues: entry.before ?? null,
    afterValues: entry.after ?? null,
    note: entry.note?.slice(0, NOTE_LENGTH_MAX) ?? null,
    requestId: source.requestId,
    workflowId: execution.workflowId ?? null,
    executionId: execution.executionId ?? null,
    node: execution.node ?? null,
    sealNumber: null,
    seal: null,
  };
}

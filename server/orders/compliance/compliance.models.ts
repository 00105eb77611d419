import type { Role } from '../../platform/context';
import { defineTable } from '../../platform/database/table';

export const DOCUMENT_KINDS = ['national_id', 'passport', 'driving_licence', 'birth_certificate', 'phone'] as const;
/** What the age was read from; `phone`: the customer said so, and nobody has seen a document. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** One check, passed or refused; append-only. Dates of birth are never kept, only what was found. */
export interface ComplianceCheckRow {
  id: string;
  orderId: string;
  kind: 'age' | 'permission';
  verdict: 'passed' | 'refused';
  /** Of an age check: the years that were asked for. */
  minimumAge: number | null;
  documentKind: DocumentKind | null;
  /** Of a permission: what allows it, such as the number of a licence. */
  document: string | null;
  /** Of a permission: the rules it sets at rest, such as `restricted:MED-1`. */
  covers: string[];
  note: string;
  actorName: string;
  actorRole: Role;
  at: string;
}

/** An order that a rule stopped, told of once. */
export interface ComplianceBlockRow {
  id: string;
  orderId: string;
  storeId: string;
  rule: string;
  code: string;
  message: string;
  at: string;
}

export const complianceChecks = defineTable<ComplianceCheckRow>('compliance_checks', { json: ['covers'] });
export const complianceBlocks = defineTable<ComplianceBlockRow>('compliance_blocks');

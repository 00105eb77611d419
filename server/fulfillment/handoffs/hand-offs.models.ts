import { defineTable } from '../../platform/database/table';
import type { HandOffMethod, HandOffStatus } from './hand-off-moves';
import type { ConfirmBy, ConfirmedWith } from './proof';

export interface HandOffRow {
  id: string;
  storeId: string;
  orderId: string;
  orderNumber: string;
  /** The work of whoever hands the goods over. */
  taskId: string;
  method: HandOffMethod;
  spot: string | null;
  service: string | null;
  customerInstructions: string;
  staffInstructions: string;
  confirmBy: ConfirmBy;
  status: HandOffStatus;
  openMarker: 1 | null;
  wrongTries: number;
  /** How often nobody came for the goods. */
  absences: number;
  confirmedWith: ConfirmedWith | null;
  confirmedBy: string | null;
  /** Who took the goods, as they gave their name. */
  signedBy: string | null;
  note: string | null;
  eventId: string | null;
  lastActionId: string | null;
  /** When its lateness was told; it is told once. */
  overdueAt: string | null;
  createdAt: string;
  createdBy: string;
  closedAt: string | null;
}

export interface SignatureRow {
  id: string;
  handOffId: string;
  pngBase64: string;
  at: string;
}

export const handOffs = defineTable<HandOffRow>('hand_offs');
export const handOffSignatures = defineTable<SignatureRow>('hand_off_signatures');

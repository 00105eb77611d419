import { defineTable } from '../../platform/database/table';
import type { Consent, PricePolicy, Resolution } from './shortage.schema';

/** One answer to units that are missing: what was decided, and what it came to. Append-only. */
export interface ResolutionRow {
  id: string;
  orderId: string;
  lineId: string;
  resolution: Resolution;
  quantity: number;
  reason: string;
  /** When goods that are waited for should be there, as far as anybody knows. */
  expectedAt: string | null;
  substituteLineId: string | null;
  pricePolicy: PricePolicy | null;
  /** What the customer pays more in all, or less than nothing. */
  differenceMinor: number;
  /** What came to be owed back with it. */
  owedBackMinor: number;
  consent: (Consent | { overriddenBecause: string }) | null;
  /** The event that started the run which asked; tells a repeat from a new intention. */
  eventId: string | null;
  actorName: string;
  createdAt: string;
}

export const lineResolutions = defineTable<ResolutionRow>('order_line_resolutions', { json: ['consent'] });

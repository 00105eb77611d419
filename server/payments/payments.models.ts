import { defineTable } from '../platform/database/table';

export type PaymentState = 'submitted' | 'recorded' | 'rejected' | 'failed';

export interface PaymentRow {
  id: string;
  orderId: string;
  storeId: string;
  method: string;
  status: PaymentState;
  amountMinor: number;
  currency: string;
  transactionId: string | null;
  payerPhone: string | null;
  reason: string | null;
  submittedAt: string;
  decidedAt: string | null;
  decidedBy: string | null;
}

export const payments = defineTable<PaymentRow>('payments');

/** What the service says, as far as the nodes read it. The service's contract is its OpenAPI document. */
import type { IDataObject } from 'n8n-workflow';

export const CREDENTIAL = 'orderloomApi';
export const BASE_PATH = '/api/v1';

/** What every item carries under `order`, whatever else the order holds. */
export interface OrderSummary extends IDataObject {
  id: string;
  number: string;
  status: string;
  version: number;
}

export interface Payment extends IDataObject {
  id: string;
  status: string;
  method?: string;
  transactionId?: string;
  amountMinor?: number;
}

export interface Order extends OrderSummary {
  paymentMethod?: string;
  fulfillmentMethod?: string;
  paymentStatus?: string;
  balanceDueMinor?: number;
  payments?: Payment[];
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface Task extends IDataObject {
  id: string;
  kind: string;
  status: string;
  orderId: string;
  /** What the kind needs to know, such as a spot to meet at. */
  details?: IDataObject | null;
  /** What the person decided or recorded when finishing; it can say which way a run goes. */
  result?: IDataObject | null;
}

export interface WaitResult {
  taskId: string;
  outcome: 'done' | 'short' | 'cancelled';
  task: Task;
}

export interface Wait {
  id: string;
  /** Every item of it is done. */
  done: boolean;
  /** Neither answered nor replaced by a newer wait of the same execution. */
  current?: boolean;
  results?: WaitResult[];
}

export interface Subscription {
  id: string;
  url: string;
  events: string[];
  /** Told once, in the answer that makes the subscription. */
  secret?: string;
}

/** RFC 9457, with our stable code, the fields to put right, and the facts at the top level. */
export interface Problem extends IDataObject {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  requestId?: string;
  errors?: { path?: string; code?: string; message?: string }[];
}

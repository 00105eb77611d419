import type { Role } from '../platform/context';
import { defineTable } from '../platform/database/table';

export interface StoreRow {
  id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA name. */
  timezone: string;
  /** HH:MM in the store's time zone; the business day ends then. */
  dayEndsAt: string;
  packing: 'optional' | 'required';
  preparation: 'optional' | 'required';
  /** From this total on, some moves ask for a higher approver. */
  highValueMinor: number;
  /** Whether a second person looks at what was packed before it may leave. */
  qualityCheck: 'none' | 'required';
  /** How far a package's weight may lie from that of its items before somebody must say why. */
  weightTolerancePercent: number;
  createdAt: string;
}

export interface UserRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  storeIds: string[];
  active: boolean;
  createdAt: string;
}

export interface ApiKeyRow {
  id: string;
  name: string;
  role: Role;
  /** Empty: every store. */
  storeIds: string[];
  /** The first characters, so that a person can tell keys apart. */
  hint: string;
  hash: string;
  createdAt: string;
  revokedAt: string | null;
}

export const stores = defineTable<StoreRow>('stores');
export const users = defineTable<UserRow>('users', { json: ['storeIds'], flags: ['active'] });
export const apiKeys = defineTable<ApiKeyRow>('api_keys', { json: ['storeIds'] });

import type { OrderStatus } from '../../orders';
import type { Role } from '../../platform/context';
import type { RequestStatus } from './requests.models';

/** Where an order has not reached the floor. */
const BEFORE_WORK: readonly OrderStatus[] = ['pending', 'confirmed'];

/** When a role cancels without asking anybody; one that is not listed may not even ask. */
export const CANCELS_ALONE: Readonly<Partial<Record<Role, 'always' | 'before_work' | 'never'>>> = {
  system: 'always',
  admin: 'always',
  store_manager: 'always',
  customer_service: 'before_work',
  fulfillment_specialist: 'never',
};

export function cancelsAlone(role: Role, status: OrderStatus): boolean {
  const when = CANCELS_ALONE[role] ?? 'never';
  return when === 'always' || (when === 'before_work' && BEFORE_WORK.includes(status));
}

/** Every move a request can make. A move not listed here does not exist. */
export const requestMoves = {
  approve: { from: ['requested'], to: 'approved' },
  reject: { from: ['requested'], to: 'rejected' },
  // The order went on before anybody decided.
  expire: { from: ['requested'], to: 'expired' },
} as const satisfies Record<string, { from: readonly RequestStatus[]; to: RequestStatus }>;
export type RequestMove = keyof typeof requestMoves;

export const REQUEST_DECISIONS = ['approve', 'reject'] as const;
export type RequestDecision = (typeof REQUEST_DECISIONS)[number];

import type { ReadContext } from '../../platform/context';
import { isFinal } from '../order-moves';
import type { OrderState } from '../order-state';
import { checksOf, factsOf, ruledAmong } from './compliance-guard';
import { complianceReasons, linesHere } from './compliance-rules';
import type { ComplianceCheckRow } from './compliance.models';

const MASK = '***';

/** What was checked for an order, and what is still missing before its goods are the customer's. */
export async function complianceSection(ctx: ReadContext, state: OrderState): Promise<Record<string, unknown>> {
  const here = isFinal(state.order.status) ? [] : linesHere(state.lines);
  const [checks, products] = await Promise.all([checksOf(ctx, state.order.id), ruledAmong(ctx, here)]);
  const reasons = products.length === 0 ? [] : complianceReasons(await factsOf(ctx, state, products, true));
  return {
    checks: checks.map((check) => viewCheck(ctx, check)),
    missing: reasons.map(({ guard: _guard, ...reason }) => reason),
  };
}

/** Those who only read figures see that a document was there, not which. */
export function viewCheck(ctx: ReadContext, check: ComplianceCheckRow): Omit<ComplianceCheckRow, 'orderId'> {
  const { orderId: _orderId, ...view } = check;
  return ctx.actor.role === 'reporting' && view.document !== null ? { ...view, document: MASK } : view;
}

import { findProducts, findSubstitutes, type ProductRow } from '../../inventory';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import type { OrderState } from '../order-state';
import type { OrderLineRow } from '../orders.models';
import type { Answer } from './answers';
import { SUBSTITUTES_SHOWN } from './shortage.schema';

/** An answer as a request has it. */
export type WantedAnswer = Omit<Answer, 'line' | 'product'> & { lineId: string; sku?: string };

/**
 * What is asked for, with its lines and products. Throws 422 LINE_UNKNOWN, SKU_UNKNOWN or EXPECTED_IN_PAST, 409
 * SUBSTITUTE_NONE.
 */
export async function readAnswers(
  ctx: CommandContext,
  state: OrderState,
  wanted: readonly WantedAnswer[],
): Promise<Answer[]> {
  const errors: FieldError[] = [];
  const { storeId } = state.order;
  const products = await findProducts(
    ctx,
    storeId,
    wanted.flatMap(({ sku }) => sku ?? []),
  );
  const answers: Answer[] = [];
  for (const { lineId, sku, ...answer } of wanted) {
    const line = state.lines.find(({ id }) => id === lineId);
    if (!line) {
      const message = `The order has no line "${lineId}". Use the id of one of its lines.`;
      errors.push({ path: answer.path('id'), code: 'LINE_UNKNOWN', message });
    } else if (sku !== undefined && answer.resolution === 'substitute' && !products.has(sku)) {
      const message = `There is no product ${sku}. Add it with POST /api/v1/products or correct the SKU.`;
      errors.push({ path: answer.path('sku'), code: 'SKU_UNKNOWN', message, sku });
    } else {
      const named = sku === undefined ? undefined : products.get(sku);
      const isNeeded = answer.resolution === 'substitute' && !named;
      const product = isNeeded ? await bestSubstitute(ctx, state, line, answer) : named;
      answers.push({ ...answer, line, product });
    }
  }
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  for (const answer of answers) assertFuture(ctx, answer);
  return answers;
}

/** The one most alike of which there is enough. Throws 409 SUBSTITUTE_NONE. */
async function bestSubstitute(
  ctx: CommandContext,
  { order }: OrderState,
  line: OrderLineRow,
  { quantity = 1, path }: Pick<Answer, 'quantity' | 'path'>,
): Promise<ProductRow> {
  const { storeId } = order;
  const found = await findSubstitutes(ctx, { storeId, skus: [line.sku], max: SUBSTITUTES_SHOWN });
  const best = found.get(line.sku)?.find(({ available }) => available >= quantity);
  const product = best && (await findProducts(ctx, storeId, [best.sku])).get(best.sku);
  if (product) return product;
  const message = `There is no product in the category of ${line.sku} of which ${quantity} can be promised. Name a SKU, let the line wait, or refund it.`;
  throw new ConflictError('SUBSTITUTE_NONE', message, {
    errors: [{ path: path('sku'), code: 'SUBSTITUTE_NONE', message }],
    facts: { lineId: line.id, sku: line.sku, quantity },
  });
}

function assertFuture(ctx: CommandContext, { expectedAt, path }: Answer): void {
  if (expectedAt === undefined || expectedAt > ctx.now) return;
  const message = 'The goods are expected at a time to come. Leave expectedAt out when nobody knows.';
  throw new ValidationError('EXPECTED_IN_PAST', message, {
    errors: [{ path: path('expectedAt'), code: 'EXPECTED_IN_PAST', message }],
  });
}

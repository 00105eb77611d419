import { OPEN_STATUSES, type ShortageView, viewShortage } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { newId } from '../../platform/ids';
import { formatMoney } from '../../platform/money';
import { date } from '../../platform/render';
import { storeSettings } from '../../people';
import type { PagePart, RefusedForm } from '../tasks/task-conduct';
import type { TaskRow } from '../tasks/tasks.models';
import { NOTE_MAX } from '../tasks/tasks.schema';
import { choiceValue } from './decision-form';

type Line = ShortageView['lines'][number];
type Substitute = Line['substitutes'][number];
/** What was filled in before a refusal, by field. */
type Filled = (field: string) => string;

const HOW = ['by phone', 'by message', 'in person', 'in the note of the order'];
const DATE_FORMAT = 'd LLL yyyy';

/** The three answers beside each other for each line, each with its money and its stock. */
export async function decisionPage(ctx: ReadContext, task: TaskRow, refused?: RefusedForm): Promise<PagePart> {
  const shortage = await viewShortage(ctx, task.orderId);
  const store = await storeSettings(ctx, task.storeId);
  const isOpen = OPEN_STATUSES.some((status) => status === shortage.status);
  const lines = isOpen ? shortage.lines : [];
  const { currency, refundAll } = shortage;
  const filled: Filled = (field) => refused?.fields[field] ?? '';
  return {
    partial: 'shortage-decision',
    style: 'shortage',
    hidesLines: true,
    hidesFinish: true,
    noteMax: NOTE_MAX,
    note: filled('note'),
    actionId: newId(),
    status: shortage.status,
    missing: lines.map((line) => viewLine(line, { currency, timezone: store.timezone, filled })),
    // With the last goods the shipping goes off the bill as well, which no single line shows.
    allRefunded: refundAll.shippingMinor !== 0 ? `${money(currency, -refundAll.differenceMinor)}` : null,
  };
}

interface Shown {
  currency: string;
  timezone: string;
  filled: Filled;
}

function viewLine(line: Line, { currency, timezone, filled }: Shown): Record<string, unknown> {
  const { id, name, sku, missingQuantity, quantity, backorder, refund, shortQuantity, backorderedQuantity } = line;
  const enough = line.substitutes.filter(({ isEnough }) => isEnough);
  const answer = filled(`answer_${id}`);
  const { expectedAt, unitsAhead } = backorder;
  return {
    ...{ id, name, sku, missingQuantity, quantity, shortQuantity, backorderedQuantity },
    price: money(currency, line.unitPriceMinor),
    isWait: answer === 'backorder',
    isReplace: answer === 'substitute',
    isRefund: answer === 'refund',
    waitStock: unitsAhead > 0 ? `${unitsAhead} promised before` : 'first in the queue',
    waitDate: expectedAt ? `expected ${date(expectedAt, timezone, DATE_FORMAT)}` : 'no date known',
    expected: filled(`expected_${id}`),
    canReplace: enough.length > 0,
    replaceMoney: enough[0] ? differenceText(currency, smallest(enough[0])) : null,
    replaceStock: enough[0] ? `${enough[0].available} there` : 'nothing alike is there',
    refundMoney: money(currency, -refund.differenceMinor),
    refundHow: refundText(currency, refund),
    choices: enough.flatMap((one) => choicesOf(one, { currency, chosen: filled(`choice_${id}`) })),
    tooFew: line.substitutes
      .filter(({ isEnough }) => !isEnough)
      .map(({ name: other, available }) => `${other} (${available})`)
      .join(', '),
    isAgreed: filled(`consent_${id}`) === 'yes',
    ways: HOW.map((value) => ({ value, isChosen: filled(`how_${id}`) === value })),
    override: filled(`override_${id}`),
  };
}

/** At the old price and, where it differs, at its own. */
function choicesOf(
  { sku, name, available, policies }: Substitute,
  { currency, chosen }: { currency: string; chosen: string },
): Record<string, unknown>[] {
  const offered = policies.filter(
    ({ pricePolicy, differenceMinor }) => pricePolicy === 'keep' || (pricePolicy === 'new' && differenceMinor !== 0),
  );
  return offered.map(({ pricePolicy, unitPriceMinor, differenceMinor }) => {
    const value = choiceValue(sku, pricePolicy, differenceMinor);
    const price = pricePolicy === 'keep' ? 'at the old price' : `at its price of ${money(currency, unitPriceMinor)}`;
    return {
      value,
      name,
      sku,
      available,
      price,
      difference: differenceText(currency, differenceMinor),
      isChosen: value === chosen,
    };
  });
}

function smallest({ policies }: Substitute): number {
  return policies.find(({ pricePolicy }) => pricePolicy === 'lower')?.differenceMinor ?? 0;
}

function differenceText(currency: string, differenceMinor: number): string {
  if (differenceMinor === 0) return 'no difference';
  const amount = money(currency, Math.abs(differenceMinor));
  return differenceMinor > 0 ? `${amount} more` : `${amount} less`;
}

/** What was paid goes back; what was not is no longer asked for. */
function refundText(currency: string, { differenceMinor, owedBackMinor }: Line['refund']): string {
  if (owedBackMinor === 0) return 'off the bill, nothing to pay back';
  return -differenceMinor === owedBackMinor ? 'to pay back' : `of it ${money(currency, owedBackMinor)} to pay back`;
}

function money(currency: string, amountMinor: number): string {
  return formatMoney(amountMinor, currency);
}

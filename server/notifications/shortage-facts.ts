import type { OrderLineRow, OrderRow, ResolutionRow } from '../orders';
import { formatMoney } from '../platform/money';
import { date } from '../platform/render';

const DATE_FORMAT = 'd LLLL yyyy';

interface Told {
  order: Pick<OrderRow, 'currency'>;
  lines: readonly OrderLineRow[];
  timezone: string;
}

/** What was decided about missing units, one sentence each, as the customer reads it. */
export function answerSentences(answers: readonly ResolutionRow[], told: Told): { what: string; becomes: string }[] {
  const nameOf = (id: string | null): string => told.lines.find((line) => line.id === id)?.name ?? '';
  return answers.map((answer) => ({
    what: `${answer.quantity} × ${nameOf(answer.lineId)}`,
    becomes: SENTENCES[answer.resolution](answer, told, nameOf(answer.substituteLineId)),
  }));
}

const SENTENCES: Readonly<
  Record<ResolutionRow['resolution'], (answer: ResolutionRow, told: Told, substitute: string) => string>
> = {
  backorder: ({ expectedAt }, { timezone }) =>
    expectedAt
      ? `comes later; we expect it by ${date(expectedAt, timezone, DATE_FORMAT)}`
      : 'comes later, as soon as we have it again',
  substitute: ({ quantity, differenceMinor }, told, substitute) =>
    `you get ${quantity} × ${substitute} instead, ${differenceWords(differenceMinor, told)}`,
  refund: ({ differenceMinor, owedBackMinor }, told) =>
    `taken off your order, ${billWords(-differenceMinor, owedBackMinor, told)}`,
};

function differenceWords(differenceMinor: number, { order }: Told): string {
  if (differenceMinor === 0) return 'at the same price';
  const amount = formatMoney(Math.abs(differenceMinor), order.currency);
  return differenceMinor > 0 ? `for ${amount} more` : `for ${amount} less`;
}

function billWords(offMinor: number, owedBackMinor: number, { order }: Told): string {
  const money = (amountMinor: number): string => formatMoney(amountMinor, order.currency);
  if (offMinor === 0) return 'at no cost';
  if (owedBackMinor === 0) return `so you pay ${money(offMinor)} less`;
  if (owedBackMinor === offMinor) return `and you get ${money(offMinor)} back`;
  return `so your bill is ${money(offMinor)} lower, of which you get ${money(owedBackMinor)} back`;
}

/** What the units of a line that were taken off cost, where it was decided as an answer to a shortage. */
export function takenOffText(line: OrderLineRow, answers: readonly ResolutionRow[], { order }: Told): string | null {
  const own = answers.filter(({ lineId, resolution }) => lineId === line.id && resolution === 'refund');
  const units = own.reduce((sum, { quantity }) => sum + quantity, 0);
  if (units === 0 || units !== line.cancelledQuantity) return null;
  const offMinor = own.reduce((sum, { differenceMinor }) => sum - differenceMinor, 0);
  return formatMoney(offMinor, order.currency);
}

import { formatMoney, multiply, roundRatio, roundUpTo } from '../../platform/money';

/** What bringing parcels costs, line by line. Pure. */

export interface Bracket {
  upToGrams: number;
  priceMinor: number;
}

export interface Tariff {
  /** Rising by weight, and no price below a lighter one's. */
  brackets: readonly Bracket[];
  /** For each started kilogram over the last bracket; null: nothing heavier is carried. */
  furtherKgMinor: number | null;
  codBasisPoints: number;
  codMinimumMinor: number;
  remoteMinor: number;
  fragileMinor: number;
  /** The total is a multiple of it; 1 leaves it as it is. */
  roundUpToMinor: number;
}

export interface ParcelFacts {
  /** How its lines are told from those of others. */
  name?: string;
  weightGrams: number;
  fragile: boolean;
}

/** What goes to one door. */
export interface Load {
  parcels: readonly ParcelFacts[];
  /** What the rider collects for all of them. */
  codMinor: number;
}

export const QUOTE_LINE_KINDS = [
  'base',
  'further_weight',
  'remote',
  'fragile',
  'cod',
  'rounding',
  'picked_up',
  'nothing_to_send',
] as const;

export interface QuoteLine {
  kind: (typeof QUOTE_LINE_KINDS)[number];
  label: string;
  amountMinor: number;
}

export interface Price {
  totalMinor: number;
  lines: QuoteLine[];
}

/** A hundred tonnes; with the highest price a kilogram it is still counted exactly. */
export const WEIGHT_GRAMS_MAX = 100_000_000;
/** A fee on a fee: what is collected holds the delivery, so the share must stay well below one. */
export const COD_PERCENT_MAX = 20;
const GRAMS_PER_KG = 1000;
const BASIS_POINTS = 10_000;
const BASIS_POINTS_PER_PERCENT = 100;

/**
 * Each parcel has its weight, its area and its goods; what is collected at the door is collected once, and the total is
 * rounded once. Undefined where one of them is too heavy.
 */
export function priceOf(tariff: Tariff, { parcels, codMinor }: Load, currency: string): Price | undefined {
  const lines: QuoteLine[] = [];
  for (const parcel of parcels) {
    const own = linesOfParcel(tariff, parcel, currency);
    if (!own) return undefined;
    const isNamed = parcels.length > 1 && parcel.name !== undefined;
    lines.push(...own.map((line) => (isNamed ? { ...line, label: `${parcel.name}: ${line.label}` } : line)));
  }
  lines.push(...due([codLine(tariff, codMinor, currency)]));
  const exactMinor = sumOf(lines);
  const step = tariff.roundUpToMinor;
  const totalMinor = roundUpTo(exactMinor, step);
  if (totalMinor > exactMinor) {
    const label = `Rounded up to a multiple of ${formatMoney(step, currency)}`;
    lines.push({ kind: 'rounding', label, amountMinor: totalMinor - exactMinor });
  }
  return { totalMinor, lines };
}

/**
 * As `priceOf`, for goods that are paid at the door together with their delivery: the fee on what is collected is also
 * taken of the delivery that it is part of. It is worked out from below until it fits; the share that is at most
 * `COD_PERCENT_MAX` of it makes each step smaller than the last.
 */
export function priceAtTheDoor(
  tariff: Tariff,
  { goodsMinor, parcels }: Pick<Load, 'parcels'> & { goodsMinor: number },
  currency: string,
): Price | undefined {
  let price = priceOf(tariff, { parcels, codMinor: goodsMinor }, currency);
  for (let knownMinor = -1; price && price.totalMinor !== knownMinor;) {
    knownMinor = price.totalMinor;
    price = priceOf(tariff, { parcels, codMinor: goodsMinor + knownMinor }, currency);
  }
  return price;
}

/** What is wrong with these brackets, by the place of the one to put right. */
export interface BracketFault {
  index: number;
  field: keyof Bracket;
  code: 'RATE_EXISTS' | 'RATE_BELOW_LIGHTER';
  message: string;
}

/** No two brackets end at one weight, and none is cheaper than a lighter one. */
export function bracketFault(brackets: readonly Bracket[], currency: string): BracketFault | undefined {
  const byWeight = brackets.map((bracket, index) => ({ ...bracket, index }));
  byWeight.sort((a, b) => a.upToGrams - b.upToGrams || a.index - b.index);
  for (const [place, heavier] of byWeight.entries()) {
    const lighter = byWeight[place - 1];
    if (!lighter) continue;
    const weight = weightText(heavier.upToGrams);
    if (lighter.upToGrams === heavier.upToGrams) {
      const message = `There are two prices up to ${weight}. Keep one of them.`;
      return { index: heavier.index, field: 'upToGrams', code: 'RATE_EXISTS', message };
    }
    if (lighter.priceMinor > heavier.priceMinor) {
      const [more, less] = [heavier, lighter].map(({ priceMinor }) => formatMoney(priceMinor, currency));
      const message = `Up to ${weight} would cost ${more}, up to ${weightText(lighter.upToGrams)} costs ${less}. What is heavier cannot be cheaper: raise the one or lower the other.`;
      return { index: heavier.index, field: 'priceMinor', code: 'RATE_BELOW_LIGHTER', message };
    }
  }
  return undefined;
}

/** The heaviest parcel a tariff has a price for; undefined where there is no end. */
export function heaviestGrams({ brackets, furtherKgMinor }: Tariff): number | undefined {
  return furtherKgMinor === null ? Math.max(0, ...brackets.map(({ upToGrams }) => upToGrams)) : undefined;
}

/** As people say it: 500 g, 1 kg, 1.25 kg. */
export function weightText(grams: number): string {
  return grams < GRAMS_PER_KG ? `${grams} g` : `${grams / GRAMS_PER_KG} kg`;
}

function linesOfParcel(tariff: Tariff, parcel: ParcelFacts, currency: string): QuoteLine[] | undefined {
  const byWeight = linesByWeight(tariff, parcel.weightGrams, currency);
  return (
    byWeight && [
      ...byWeight,
      ...due([
        { kind: 'remote', label: 'Remote area', amountMinor: tariff.remoteMinor },
        { kind: 'fragile', label: 'Fragile goods', amountMinor: parcel.fragile ? tariff.fragileMinor : 0 },
      ]),
    ]
  );
}

/** A surcharge of nothing is not shown. */
function due(lines: QuoteLine[]): QuoteLine[] {
  return lines.filter(({ amountMinor }) => amountMinor > 0);
}

function linesByWeight(tariff: Tariff, weightGrams: number, currency: string): QuoteLine[] | undefined {
  if (weightGrams > WEIGHT_GRAMS_MAX) return undefined;
  const brackets = [...tariff.brackets].sort((a, b) => a.upToGrams - b.upToGrams);
  const bracket = brackets.find(({ upToGrams }) => weightGrams <= upToGrams);
  if (bracket) return [baseLine(bracket)];
  const last = brackets.at(-1);
  if (!last || tariff.furtherKgMinor === null) return undefined;
  const furtherKg = Math.ceil((weightGrams - last.upToGrams) / GRAMS_PER_KG);
  const label = `${furtherKg} further kg at ${formatMoney(tariff.furtherKgMinor, currency)}`;
  const amountMinor = multiply(tariff.furtherKgMinor, furtherKg);
  return [baseLine(last), { kind: 'further_weight', label, amountMinor }];
}

function baseLine({ upToGrams, priceMinor }: Bracket): QuoteLine {
  return { kind: 'base', label: `Base up to ${weightText(upToGrams)}`, amountMinor: priceMinor };
}

function codLine({ codBasisPoints, codMinimumMinor }: Tariff, codMinor: number, currency: string): QuoteLine {
  const shareMinor = roundRatio(codMinor, codBasisPoints, BASIS_POINTS);
  const isMinimum = shareMinor < codMinimumMinor;
  const percent = codBasisPoints / BASIS_POINTS_PER_PERCENT;
  const share = `${percent} % of ${formatMoney(codMinor, currency)}`;
  const label = `Cash on delivery, ${isMinimum ? `at least ${formatMoney(codMinimumMinor, currency)}` : share}`;
  return { kind: 'cod', label, amountMinor: codMinor > 0 ? Math.max(shareMinor, codMinimumMinor) : 0 };
}

function sumOf(lines: readonly QuoteLine[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

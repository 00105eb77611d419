import { ConflictError } from '../../platform/errors';
import type { LineChange } from '../tasks/task-progress';

export const PACKAGE_TYPES = ['box', 'bag', 'envelope'] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

export const PACKAGE_STATUSES = ['open', 'sealed', 'void'] as const;
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];

/** Every move a package can make. A move not listed here does not exist. */
export const packageMoves = {
  seal: { from: ['open'], to: 'sealed' },
  reopen: { from: ['sealed'], to: 'open' },
  void: { from: ['open', 'sealed'], to: 'void' },
} as const satisfies Record<string, { from: readonly PackageStatus[]; to: PackageStatus }>;
export type PackageMove = keyof typeof packageMoves;

const MOVE_REFUSALS: Readonly<Record<PackageStatus, { code: string; why: string }>> = {
  open: { code: 'PACKAGE_OPEN', why: 'is open already' },
  sealed: { code: 'PACKAGE_SEALED', why: 'is sealed. Open it again, or make it void, to change it' },
  void: { code: 'PACKAGE_VOID', why: 'is void. Pack its goods into another one' },
};

/** Where a move leads. Throws 409 PACKAGE_OPEN, PACKAGE_SEALED or PACKAGE_VOID. */
export function movePackage({ number, status }: { number: number; status: PackageStatus }, move: PackageMove) {
  const rule: { from: readonly PackageStatus[]; to: PackageStatus } = packageMoves[move];
  if (rule.from.includes(status)) return rule.to;
  const { code, why } = MOVE_REFUSALS[status];
  throw new ConflictError(code, `Package ${number} ${why}.`, { facts: { number, status } });
}

/** What whoever packs looks at before a package is sealed, in the order of the work. */
export const PACKAGE_CHECKS = {
  condition: 'Goods are undamaged',
  allItems: 'All items are in',
  variants: 'Sizes and variants are right',
  protection: 'Goods are protected',
  slip: 'Packing slip is in',
  note: 'Notes on the order are followed',
  sealed: 'Package is closed and taped',
  labelClear: 'Place for the label is clear',
} as const;
export type PackageCheck = keyof typeof PACKAGE_CHECKS;
export const CHECK_NAMES = Object.keys(PACKAGE_CHECKS) as PackageCheck[];
export type Checks = Readonly<Partial<Record<PackageCheck, boolean>>>;

export function openChecks(checks: Checks): PackageCheck[] {
  return CHECK_NAMES.filter((name) => checks[name] !== true);
}

interface Weighed {
  sku: string;
  /** Of one unit; 0 when nobody knows. */
  weightGrams: number;
  quantity: number;
}

export type WeightCheck =
  | { result: 'not_weighed' }
  | { result: 'unknown'; skus: string[] }
  | { result: 'fits' | 'differs'; expectedGrams: number; differencePercent: number };

/** The scales against the catalogue. Items without a weight make the sum worthless, so then nothing is compared. */
export function compareWeight(
  weightGrams: number | null,
  items: readonly Weighed[],
  tolerancePercent: number,
): WeightCheck {
  if (weightGrams === null) return { result: 'not_weighed' };
  const skus = items.filter((item) => item.weightGrams === 0).map(({ sku }) => sku);
  if (skus.length > 0) return { result: 'unknown', skus };
  const expectedGrams = items.reduce((sum, item) => sum + item.weightGrams * item.quantity, 0);
  const difference = Math.abs(weightGrams - expectedGrams);
  const differs = difference * 100 > expectedGrams * tolerancePercent;
  const differencePercent = expectedGrams === 0 ? 0 : Math.round((100 * difference) / expectedGrams);
  return { result: differs ? 'differs' : 'fits', expectedGrams, differencePercent };
}

/** Numbers of units by order line. */
export type Contents = Map<string, number>;

interface Packable {
  id: string;
  preparedQuantity: number;
  shippedQuantity: number;
}

/** Units of each line that are prepared, still here and in no package; `packed` are the packages that are here. */
export function unpackedUnits(
  lines: readonly Packable[],
  packed: readonly { units: ReadonlyMap<string, number> }[],
): Contents {
  const inPackages = sumOf(packed);
  return new Map(
    lines
      .map((line): [string, number] => [
        line.id,
        line.preparedQuantity - line.shippedQuantity - (inPackages.get(line.id) ?? 0),
      ])
      .filter(([, units]) => units > 0),
  );
}

export function sumOf(packages: readonly { units: ReadonlyMap<string, number> }[]): Contents {
  const sum: Contents = new Map();
  for (const { units } of packages)
    for (const [lineId, quantity] of units) sum.set(lineId, (sum.get(lineId) ?? 0) + quantity);
  return sum;
}

/** A package of the task that is being counted, as far as units go. */
export interface Fillable {
  id: string;
  number: number;
  status: PackageStatus;
  turn: number;
  units: Contents;
}

/** The open package that takes what is counted. */
export function currentPackage<P extends Pick<Fillable, 'status' | 'turn'>>(packages: readonly P[]): P | undefined {
  return packages.filter(({ status }) => status === 'open').sort((a, b) => b.turn - a.turn)[0];
}

/**
 * Puts what was counted into the current package and takes back what was taken back, from the package it went into if
 * that is still open. Changes the packages' units; answers the changes with their packages, one split where its units
 * lay in two. Throws 409 PACKAGE_SEALED when the units lie in sealed packages only.
 */
export function distribute(packages: readonly Fillable[], changes: readonly LineChange[]): LineChange[] {
  return changes.flatMap((change) => {
    if (change.doneChange === 0) return [change];
    const named = packages.find(({ id, status }) => id === change.packageId && status === 'open');
    const current = currentPackage(packages);
    if (change.doneChange > 0) {
      const taker = named ?? current;
      if (!taker) throw new Error('A package is opened before units are counted into it.');
      taker.units.set(change.lineId, (taker.units.get(change.lineId) ?? 0) + change.doneChange);
      return [{ ...change, packageId: taker.id }];
    }
    const others = packages.filter(({ status }) => status === 'open').sort((a, b) => b.turn - a.turn);
    return takeOut(
      change,
      [...new Set([named, current, ...others])].filter((one) => one !== undefined),
      packages,
    );
  });
}

function takeOut(change: LineChange, givers: readonly Fillable[], all: readonly Fillable[]): LineChange[] {
  let left = -change.doneChange;
  const parts: LineChange[] = [];
  for (const giver of givers) {
    const taken = Math.min(left, giver.units.get(change.lineId) ?? 0);
    if (taken === 0) continue;
    giver.units.set(change.lineId, (giver.units.get(change.lineId) ?? 0) - taken);
    const shortChange = parts.length === 0 ? change.shortChange : 0;
    parts.push({ ...change, doneChange: -taken, shortChange, packageId: giver.id });
    left -= taken;
  }
  if (left === 0) return parts;
  const holder = all.find(({ status, units }) => status === 'sealed' && (units.get(change.lineId) ?? 0) > 0);
  throw new ConflictError(
    'PACKAGE_SEALED',
    `Package ${holder?.number ?? 1} is sealed with these units in it. Open it again first.`,
    { facts: { number: holder?.number ?? null } },
  );
}

/** The lowest number that no live package of the order has. */
export function nextNumber(live: readonly { number: number }[]): number {
  const taken = new Set(live.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}

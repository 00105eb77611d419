import { productsWithIds } from '../../inventory';
import type { ReadContext } from '../../platform/context';
import { newId } from '../../platform/ids';
import type { PagePart, RefusedForm } from '../tasks/task-conduct';
import type { TaskState } from '../tasks/find-tasks';
import { outcomeOf } from '../tasks/task-progress';
import type { TaskLineRow } from '../tasks/tasks.models';
import { openCheck } from './open-check';
import { type PackageState, packagesHere } from './find-packages';
import { CHECK_NAMES, currentPackage, PACKAGE_CHECKS, PACKAGE_TYPES, type PackageType } from './package-rules';
import type { PackageRow } from './packages.models';
import { type PackedLine, packedLines } from './package-view';
import { sumUnits } from './seal-package';

const TYPE_NAMES: Readonly<Record<PackageType, string>> = { box: 'Box', bag: 'Bag', envelope: 'Envelope' };
const GRAMS_A_KG = 1000;

/** The packages beside the list of what is to be packed. */
export async function packingPage(
  ctx: ReadContext,
  { task, lines, refused }: TaskState & { refused?: RefusedForm },
): Promise<PagePart> {
  const here = await packagesHere(ctx, task.orderId);
  const named = await packedLines(ctx, here);
  const check = await openCheck(ctx, task.orderId);
  const grams = await gramsOf(ctx, lines);
  const isCounted = outcomeOf(lines) !== undefined;
  const open = here.filter(({ row }) => row.status === 'open');
  const current = currentPackage(open.map(({ row }) => row));
  const shown = here.map((one) => ({
    ...viewBox(one, named),
    isCurrent: open.length > 1 && one.row.id === current?.id,
    isOther: open.length > 1 && one.row.status === 'open' && one.row.id !== current?.id,
    weightHint: weightHint(one, grams),
    finishes: isCounted && one.row.status === 'open' && open.every((other) => other === one || sumUnits(other) === 0),
    form: sealForm(one, refused),
    // While there is more to count, the list is what people look at.
    showsForm: isCounted || refused?.fields.packageId === one.row.id,
    actionIds: { seal: newId(), reopen: newId(), unpack: newId(), choose: newId() },
  }));
  return {
    partial: 'packing',
    style: 'packing',
    hidesFinish: true,
    waitsFor: check ? (check.assigneeName ?? check.assigneeEmail ?? 'a colleague') : null,
    packages: shown,
    types: PACKAGE_TYPES.map((value) => ({ value, label: TYPE_NAMES[value] })),
    nextNumber: here.length + 1,
    takesMore: !isCounted && here.length > 0,
    canFinish: isCounted && !check && open.every((one) => sumUnits(one) === 0),
    newActionId: newId(),
    finishActionId: newId(),
  };
}

/** A package as people see it. */
export function viewBox({ row, units }: PackageState, lines: ReadonlyMap<string, PackedLine>) {
  const { number, type, weightGrams, lengthMm, widthMm, heightMm } = row;
  return {
    id: row.id,
    number,
    title: `Package ${number}: ${TYPE_NAMES[type].toLowerCase()}`,
    isOpen: row.status === 'open',
    isEmpty: units.size === 0,
    items: [...units].map(([id, quantity]) => ({
      quantity,
      name: lines.get(id)?.name ?? '',
      sku: lines.get(id)?.sku ?? '',
    })),
    weightText: weightGrams === null ? null : weightText(weightGrams),
    sizeText: lengthMm && widthMm && heightMm ? `${lengthMm} × ${widthMm} × ${heightMm} mm` : null,
    note: row.note,
    packedBy: row.packedBy,
    inspectedBy: row.inspectedBy,
    ticked: row.checks ? CHECK_NAMES.filter((name) => row.checks?.[name]).map((name) => PACKAGE_CHECKS[name]) : [],
  };
}

export function weightText(grams: number): string {
  return grams < GRAMS_A_KG ? `${grams} g` : `${grams / GRAMS_A_KG} kg`;
}

/** What the form shows: what was typed when it was refused, else what the package is. */
function sealForm({ row }: PackageState, refused: RefusedForm | undefined) {
  const again = refused?.form === 'seal' && refused.fields.packageId === row.id ? refused : undefined;
  const typed = again?.fields ?? fieldsOf(row);
  return {
    types: PACKAGE_TYPES.map((value) => ({
      value,
      label: TYPE_NAMES[value],
      isChosen: value === (typed.type ?? row.type),
    })),
    weightGrams: typed.weightGrams ?? '',
    lengthMm: typed.lengthMm ?? '',
    widthMm: typed.widthMm ?? '',
    heightMm: typed.heightMm ?? '',
    note: typed.note ?? '',
    hasSize: Boolean(typed.lengthMm || typed.widthMm || typed.heightMm),
    asksToAccept: again?.code === 'WEIGHT_DIFFERS',
    checks: CHECK_NAMES.map((name) => ({
      name: `check_${name}`,
      label: PACKAGE_CHECKS[name],
      isTicked: typed[`check_${name}`] === 'yes',
    })),
  };
}

function fieldsOf(row: PackageRow): Readonly<Record<string, string>> {
  const figures = {
    weightGrams: row.weightGrams,
    lengthMm: row.lengthMm,
    widthMm: row.widthMm,
    heightMm: row.heightMm,
  };
  const known = Object.entries(figures).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(known.map(([name, value]) => [name, String(value)])), note: row.note ?? '' };
}

interface Grams {
  sku: string;
  grams: number;
}

async function gramsOf(ctx: ReadContext, lines: readonly TaskLineRow[]): Promise<Map<string, Grams>> {
  const products = await productsWithIds(
    ctx,
    lines.map(({ productId }) => productId),
  );
  return new Map(
    lines.map(({ lineId, sku, productId }) => [lineId, { sku, grams: products.get(productId)?.weightGrams ?? 0 }]),
  );
}

function weightHint({ units }: PackageState, grams: ReadonlyMap<string, Grams>): string | null {
  if (units.size === 0) return null;
  const unknown = [...units.keys()].filter((id) => !grams.get(id)?.grams);
  if (unknown.length > 0) {
    const skus = unknown.map((id) => grams.get(id)?.sku ?? 'an item').join(', ');
    return `The weight is not compared: the catalogue has none for ${skus}.`;
  }
  const sum = [...units].reduce((total, [id, quantity]) => total + quantity * (grams.get(id)?.grams ?? 0), 0);
  return `Its items weigh ${weightText(sum)} by the catalogue.`;
}

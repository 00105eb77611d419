/** What actions that wait for a connection come to, counted in the page until the service counts them. */

/** The forms by which units are counted by hand, of a task and of a wave. */
const TICKS = ['tick', 'collect'];
const TRADE_ITEM_LENGTH_MAX = 14;

/** Whether two codes name one product, as the service reads them: a UPC is the EAN with a zero in front. */
export function isSameCode(left, right) {
  return plainCode(left) === plainCode(right);
}

function plainCode(code) {
  const plain = code.trim().toUpperCase();
  return /^\d{8,14}$/.test(plain) ? plain.padStart(TRADE_ITEM_LENGTH_MAX, '0') : plain;
}

/** A code that was scanned or typed; what a page keeps of other forms has none. */
export function isScan({ fields }) {
  return fields.some(([name]) => name === 'code');
}

/**
 * Units by line that the actions add. `lines` are `{ id, codes, quantity, done, open }` as the service last said,
 * actions `{ form, fields }` in their order; an undo takes back the last of them that counted something.
 */
export function unsentUnits(lines, actions) {
  const units = new Map(lines.map(({ id }) => [id, { done: 0, missing: 0 }]));
  const steps = [];
  for (const action of actions) {
    if (action.form === 'undo') add(units, steps.pop(), -1);
    const step = stepOf(lines, units, action);
    if (step) steps.push(add(units, step, 1));
  }
  return units;
}

/** Which line a scanned code would count on now: `{ line }`, `{ full: line }`, or neither when it is not on the list. */
export function placeOf(lines, units, code) {
  const matching = lines.filter((line) => line.codes.some((known) => isSameCode(known, code)));
  const line = matching.find((one) => one.done + units.get(one.id).done < one.quantity);
  return line ? { line } : { full: matching.at(-1) };
}

function stepOf(lines, units, action) {
  const fields = Object.fromEntries(action.fields);
  if (isScan(action)) {
    const { line } = placeOf(lines, units, fields.code);
    return line && { lineId: line.id, done: 1, missing: 0 };
  }
  const line = lines.find(({ id }) => id === fields.lineId);
  if (!line) return undefined;
  const unsent = units.get(line.id);
  const open = Math.max(0, line.open - unsent.done - unsent.missing);
  if (action.form === 'short') return { lineId: line.id, done: 0, missing: open };
  if (TICKS.includes(action.form))
    return { lineId: line.id, done: fields.quantity === 'all' ? open : Math.min(1, open), missing: 0 };
  return undefined;
}

function add(units, step, times) {
  if (!step) return step;
  const sum = units.get(step.lineId);
  sum.done += times * step.done;
  sum.missing += times * step.missing;
  return step;
}

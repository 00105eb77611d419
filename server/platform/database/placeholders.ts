import type { Params } from '../context';

/** Texts and quoted names are passed over; what is left are placeholders. */
const QUOTED_OR_PLACEHOLDER = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|:([A-Za-z_]\w*)/g;
/** Statements are few; those put together from parts are some more. */
const PLANS_MAX = 2_000;

/** Pieces of SQL with the names of the placeholders between them. */
interface Plan {
  pieces: string[];
  names: string[];
}

const plans = new Map<string, Plan>();

/** Fills `:name` placeholders in; a list becomes `1, 2`. Throws when a value is missing. */
export function bind(sql: string, params: Params, escape: (value: unknown) => string): string {
  const { pieces, names } = planOf(sql);
  let text = pieces[0] as string;
  names.forEach((name, n) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The statement wants a value for ":${name}".`);
    text += escape(value) + pieces[n + 1];
  });
  return text;
}

function planOf(sql: string): Plan {
  const known = plans.get(sql);
  if (known) return known;
  const plan: Plan = { pieces: [], names: [] };
  let from = 0;
  for (const match of sql.matchAll(QUOTED_OR_PLACEHOLDER)) {
    if (match[1] === undefined) continue;
    plan.pieces.push(sql.slice(from, match.index));
    plan.names.push(match[1]);
    from = match.index + match[0].length;
  }
  plan.pieces.push(sql.slice(from));
  if (plans.size >= PLANS_MAX) plans.clear();
  plans.set(sql, plan);
  return plan;
}

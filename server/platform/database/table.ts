/** A table as the service writes it: camelCase keys outside, snake_case columns inside. */
export interface Table<Row> {
  readonly name: string;
  /** Columns kept as JSON text. */
  readonly json: ReadonlySet<string>;
  /** Columns kept as 0 or 1. */
  readonly flags: ReadonlySet<string>;
  /** Never set; carries the row's type. */
  readonly row?: Row;
}

/** Declares a table of this slice; the columns themselves are made by its migration. */
export function defineTable<Row>(
  name: string,
  columns: { json?: readonly (keyof Row & string)[]; flags?: readonly (keyof Row & string)[] } = {},
): Table<Row> {
  return { name, json: new Set(columns.json ?? []), flags: new Set(columns.flags ?? []) };
}

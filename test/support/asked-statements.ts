import type { Params, ReadContext } from '../../server/platform/context';

export interface AskedStatement {
  sql: string;
  params?: Params;
}

/** A reader that writes down what it is asked, for tests of how the database answers it. */
export function watched(reader: ReadContext): { watching: ReadContext; asked: AskedStatement[] } {
  const asked: AskedStatement[] = [];
  const watching: ReadContext = Object.assign(Object.create(reader) as ReadContext, {
    select: (sql: string, params?: Params) => {
      asked.push({ sql, params });
      return reader.select(sql, params);
    },
  });
  return { watching, asked };
}

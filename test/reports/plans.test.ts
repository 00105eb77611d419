import { dailySummary } from '../../server/reports';
import { resolveStore } from '../../server/people';
import { openShop } from './open-shop';
import { watched } from '../support/asked-statements';

/** Tables that grow as long as the shop sells. */
const HISTORY =
  /^SCAN (orders|order_moves|order_lines|entries|entry|postings|posting|moved|tasks|task|payment|incident|hold|mail|move|parcel|next|step|cancelled|account_snapshots)\b(?!.*USING (COVERING )?INDEX)/;

describe('A report of one day', () => {
  it('reads by indexes only, so that it costs the same after ten years', async () => {
    const { app, close } = await openShop('sqlite');
    const { workroom } = app.service;
    const reader = workroom.reader(workroom.systemCaller('test'));
    const { watching, asked } = watched(reader);
    await dailySummary(watching, await resolveStore(reader, 'main'), '2026-11-20');
    expect(asked.length).toBeGreaterThan(8);
    const scans: string[] = [];
    for (const { sql, params } of asked) {
      const plan = await reader.select<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
      scans.push(...plan.map(({ detail }) => detail).filter((detail) => HISTORY.test(detail)));
    }
    expect(scans).toEqual([]);
    await close();
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PRINT_TIMEOUT_MS = 30_000;

/**
 * Saves what the API shows only with its key, so that it opens with a click: one order's label and history, and the
 * day's figures. What can't be had is left out; the summary does without.
 * @returns {Promise<[label: string, file: string][]>}
 */
export async function saveKeepsakes({ url, apiKey }, { sample, daily }, folder) {
  mkdirSync(folder, { recursive: true });
  const api = `${url}/api/v1`;
  const wanted = [
    ...(sample.labelUrl ? [['A label', `label-${sample.number}.pdf`, sample.labelUrl]] : []),
    ['Its history', `history-${sample.number}.json`, `${api}/orders/number:${sample.number}/history`],
    ['Today in figures', `daily-summary-${daily.date}.json`, `${api}/reports/daily-summary?date=${daily.date}`],
  ];
  const saved = [];
  for (const [label, name, address] of wanted) {
    const content = await read(address, apiKey);
    if (!content) continue;
    writeFileSync(join(folder, name), content);
    saved.push([label, join(folder, name)]);
  }
  return saved;
}

/** JSON is laid out for people; anything else stays as it is. Undefined when there is no such thing. */
async function read(address, apiKey) {
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(PRINT_TIMEOUT_MS),
    });
    if (!response.ok) return undefined;
    if (response.headers.get('content-type')?.includes('json')) return JSON.stringify(await response.json(), null, 2);
    return Buffer.from(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

import type { Answer } from './http-client';
import { rounded, type Spread, spreadOf } from './percentiles';

export const UNITS = 500;
const TRIES = 1_500;
const BUYERS = 64;

export interface FlashSaleFigures {
  buyers: number;
  tries: number;
  units: number;
  sold: number;
  refused: number;
  ordersPerSecond: number;
  triesPerSecond: number;
  try: Spread;
}

/**
 * Everybody wants the last units of one product. Throws when one unit is sold twice or left over, or when a refusal is
 * anything but 409 STOCK_INSUFFICIENT.
 */
export async function runFlashSale(buy: () => Promise<Answer>): Promise<FlashSaleFigures> {
  let begun = 0;
  let sold = 0;
  let refused = 0;
  const times: number[] = [];
  const work = async (): Promise<void> => {
    while (begun < TRIES) {
      begun += 1;
      const startedAt = performance.now();
      const { status, body } = await buy();
      times.push(performance.now() - startedAt);
      if (status === 201) sold += 1;
      else if (status === 409 && body.code === 'STOCK_INSUFFICIENT') refused += 1;
      else throw new Error(`A buyer got ${status}: ${JSON.stringify(body)}`);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: BUYERS }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  if (sold !== UNITS || refused !== TRIES - UNITS) throw new Error(`${sold} of ${UNITS} units were sold.`);
  return {
    buyers: BUYERS,
    tries: TRIES,
    units: UNITS,
    sold,
    refused,
    ordersPerSecond: rounded(sold / seconds, 1),
    triesPerSecond: rounded(TRIES / seconds, 1),
    try: spreadOf(times),
  };
}

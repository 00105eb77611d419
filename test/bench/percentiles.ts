export interface Spread {
  p50Ms: number;
  p99Ms: number;
}

/** The middle of the times taken and the one that only a hundredth exceeds, by nearest rank. */
export function spreadOf(timesMs: readonly number[]): Spread {
  const sorted = [...timesMs].sort((a, b) => a - b);
  return { p50Ms: rounded(atRank(sorted, 0.5), 2), p99Ms: rounded(atRank(sorted, 0.99), 2) };
}

function atRank(sorted: readonly number[], part: number): number {
  if (sorted.length === 0) throw new RangeError('There is no percentile of nothing.');
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

import { readdirSync, readFileSync } from 'node:fs';

const CHROMIUM = /chrom/i;

/** The browsers that this process has started, without their helpers. */
export function browserPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return (
          Number(parent) === process.pid && state !== 'Z' && CHROMIUM.test(command) && !command.includes('--type=')
        );
      } catch {
        // It ended while we looked.
        return false;
      }
    });
}

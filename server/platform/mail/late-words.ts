import type { JobContext } from '../context';

/** Words of a mail that are made when it leaves, since they may be kept nowhere: a code that only its reader knows. */
export interface LateWords {
  /** The name under which their maker was added. */
  maker: string;
  /** What the maker must know; ids, since it is kept with the mail. */
  about: Record<string, unknown>;
}

export type MakeLateWords = (job: JobContext, about: Record<string, unknown>) => Promise<Record<string, unknown>>;

const makers = new Map<string, MakeLateWords>();

/** Slices add what they can say at boot, each under a name of its own, so that adding twice changes nothing. */
export const lateWords = {
  add(maker: string, make: MakeLateWords): void {
    makers.set(maker, make);
  },
};

/** Stand in for the words of the same names in the mail's data. */
export async function makeLateWords(job: JobContext, wanted: LateWords | undefined): Promise<Record<string, unknown>> {
  if (!wanted) return {};
  const make = makers.get(wanted.maker);
  if (!make) throw new Error(`Nothing here makes "${wanted.maker}".`);
  return make(job, wanted.about);
}

import type { JobContext } from '../context';

/** A file that is made when its mail leaves: what it holds may take a browser and seconds, which no command waits for. */
export interface MailAttachment {
  /** The name under which its maker was added. */
  maker: string;
  /** As the reader sees it; its ending says what it is. */
  filename: string;
  /** What the maker must know; ids and days, since it is kept with the mail. */
  about: Record<string, unknown>;
}

export type MakeAttachment = (job: JobContext, about: Record<string, unknown>) => Promise<Buffer>;

/** Tries of a mail that wait for its files; later it leaves without those that cannot be made. */
const TRIES_WITH_FILES = 3;

const makers = new Map<string, MakeAttachment>();

/** Slices add what they can make at boot, each under a name of its own, so that adding twice changes nothing. */
export const mailAttachments = {
  add(maker: string, make: MakeAttachment): void {
    makers.set(maker, make);
  },
};

/** The files of one mail. Figures without their paper are better than none, so in the end a file is left out. */
export async function makeAttachments(
  job: JobContext,
  wanted: readonly MailAttachment[],
  attempt: number,
): Promise<{ filename: string; content: Buffer }[]> {
  const made: { filename: string; content: Buffer }[] = [];
  for (const { maker, filename, about } of wanted) {
    try {
      const make = makers.get(maker);
      if (!make) throw new Error(`Nothing here makes "${maker}".`);
      made.push({ filename, content: await make(job, about) });
    } catch (error) {
      if (attempt < TRIES_WITH_FILES) throw error;
    }
  }
  return made;
}

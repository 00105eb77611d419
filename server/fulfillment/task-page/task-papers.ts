import type { ReadContext } from '../../platform/context';

export const PAPER_FORMS = ['html', 'pdf'] as const;
export type PaperForm = (typeof PAPER_FORMS)[number];

/** A paper as it leaves for a browser or a printer. */
export interface Paper {
  content: string | Buffer;
  mediaType: string;
  fileName: string;
}

export type PaperMaker = (ctx: ReadContext, orderId: string, form: PaperForm) => Promise<Paper>;

const makers = new Map<string, PaperMaker>();

/** The slice that prints says at boot which papers it makes; saying it twice changes nothing. */
export const taskPapers = {
  set(name: string, make: PaperMaker): void {
    makers.set(name, make);
  },
  of(name: string): PaperMaker | undefined {
    return makers.get(name);
  },
};

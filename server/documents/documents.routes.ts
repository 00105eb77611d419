import { z } from 'zod';
import { type PaperMaker, recordPrint } from '../fulfillment';
import type { ReadContext } from '../platform/context';
import { FileReply, query, type Route } from '../platform/http/route';
import type { PdfPrinter } from '../platform/pdf';
import type { Workroom } from '../platform/workroom';
import { DOCUMENT_NAMES, labelOf, pageOf, readName, zplOf } from './document-kinds';
import { readDocuments, readFacts } from './order-facts';

export interface PrintShop {
  workroom: Workroom;
  printer: PdfPrinter;
}

const MEDIA_TYPES = { html: 'text/html; charset=utf-8', pdf: 'application/pdf', zpl: 'application/zpl' } as const;
const SUFFIXES = { html: '.html', pdf: '.pdf', zpl: '.zpl' } as const;
/** Order numbers may hold `/` and `#`, which no file name should. */
const UNSAFE_IN_FILE_NAME = /[^A-Za-z0-9._-]+/g;

const documentParams = z.strictObject({
  id: z.string().min(1).max(80),
  kind: z.enum(DOCUMENT_NAMES, { error: `The document is one of ${DOCUMENT_NAMES.join(', ')}.` }),
});

/** Which label is meant, by its id, where an order has one for each package; missing: the newest. */
const documentQuery = z.strictObject({ label: z.string().min(1).max(26).optional() });

export function documentRoutes(shop: PrintShop): Route[] {
  return [
    query({
      method: 'get',
      path: '/orders/:id/documents/:kind',
      tag: 'documents',
      summary: 'A paper of the order as a page, as PDF, or for a label printer',
      permission: readDocuments,
      params: documentParams,
      query: documentQuery,
      response: z.string(),
      produces: ['text/html', 'application/pdf', 'application/zpl'],
      run: (ctx, { params, query: search }) => documentOf(shop, ctx, { ...params, labelId: search.label }),
    }),
  ];
}

async function documentOf(
  shop: PrintShop,
  ctx: ReadContext,
  wanted: { id: string; kind: string; labelId?: string },
): Promise<FileReply> {
  const { kind, form } = readName(wanted.kind);
  const facts = await readFacts(ctx, wanted.id, wanted.labelId);
  const label = kind === 'label' ? labelOf(facts) : undefined;
  const text = form === 'zpl' ? zplOf(facts) : pageOf(kind, facts);
  const content = form === 'pdf' ? await shop.printer.print(text) : text;
  // Counted only when there is something to print, and in a transaction of its own: a PDF takes its time.
  if (label && form !== 'html') await shop.workroom.command(ctx, (work) => recordPrint(work, label.id, form));
  const { order, parcel } = facts;
  const number = label && parcel && parcel.total > 1 ? `${order.number}-${parcel.position}` : order.number;
  return new FileReply(content, { mediaType: MEDIA_TYPES[form], fileName: fileNameOf(kind, number, form) });
}

/** The packing slip for whoever packs the order, behind the link of their task. */
export function packingSlipOf(shop: PrintShop): PaperMaker {
  return async (ctx, orderId, form) => {
    const facts = await readFacts(ctx, orderId);
    const page = pageOf('packing-slip', facts);
    return {
      content: form === 'pdf' ? await shop.printer.print(page) : page,
      mediaType: MEDIA_TYPES[form],
      fileName: fileNameOf('packing-slip', facts.order.number, form),
    };
  };
}

function fileNameOf(kind: string, orderNumber: string, form: keyof typeof SUFFIXES): string {
  return `${kind}-${orderNumber.replace(UNSAFE_IN_FILE_NAME, '-')}${SUFFIXES[form]}`;
}

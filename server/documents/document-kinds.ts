import type { LabelFormat, LabelRow } from '../fulfillment';
import { NotFoundError } from '../platform/errors';
import { render } from '../platform/render';
import { labelContent } from './label/label-content';
import { labelPage } from './label/label-page';
import { labelZpl } from './label/label-zpl';
import type { OrderFacts } from './order-facts';
import { invoice, packingSlip, receipt, refundNote } from './papers';

type PageData = (facts: OrderFacts) => Record<string, unknown>;

/** The papers of an order and what fills their template, `templates/documents/<kind>/html.hbs`. */
const PAGES = {
  label: (facts) => labelPage(labelContent(facts)),
  'packing-slip': packingSlip,
  receipt,
  invoice,
  'refund-note': refundNote,
} as const satisfies Record<string, PageData>;

export type DocumentKind = keyof typeof PAGES;
const DOCUMENT_KINDS = Object.keys(PAGES) as DocumentKind[];

/** As it stands in the address: `label` is the page, `label.pdf` the page on paper, `label.zpl` for a label printer. */
export const DOCUMENT_NAMES: readonly string[] = [
  ...DOCUMENT_KINDS.flatMap((kind) => [kind, `${kind}.pdf`]),
  'label.zpl',
];

export type DocumentForm = 'html' | LabelFormat;

export function readName(name: string): { kind: DocumentKind; form: DocumentForm } {
  const [kind, form = 'html'] = name.split('.');
  return { kind: kind as DocumentKind, form: form as DocumentForm };
}

export function pageOf(kind: DocumentKind, facts: OrderFacts): string {
  return render(`documents/${kind}/html`, PAGES[kind](facts));
}

export function zplOf(facts: OrderFacts): string {
  return render('documents/label/zpl', labelZpl(labelContent(facts)));
}

/** Throws 404 LABEL_NOT_FOUND when the parcel has none. */
export function labelOf({ label, order }: OrderFacts): LabelRow {
  if (label) return label;
  throw new NotFoundError(
    'LABEL_NOT_FOUND',
    'The order has no active label. Make one with POST /api/v1/orders/:id/labels, then print it.',
    { facts: { orderId: order.id, orderStatus: order.status } },
  );
}

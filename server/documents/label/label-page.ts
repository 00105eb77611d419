import { code128Svg, qrSvg } from '../barcodes';
import { fontFaces } from '../page-fonts';
import { fittingSize } from '../text-fit';
import type { LabelContent } from './label-content';

/** Millimetres of the style sheet `label.css`; the recipient's box takes what the others leave of 4 × 6 inches. */
const RECIPIENT_BOX = { width: 90, height: 66 };
const SENDER_BOX = { width: 56, height: 11 };
const TRACKING_BOX = { width: 60, height: 24 };
/** Up to about 40 characters a 203 dpi printer draws bars that scan; a longer number wants a finer one. */
const CODE_128_BOX = { widthMm: 93, heightMm: 20, moduleMaxMm: 0.5 };
const QR_SIZE_MM = 29;
const LINE_HEIGHT = 1.3;
const NAME_SCALE = 1.2;
/** Bold letters are wider than the ones that were measured. */
const BOLD = 1.08;

/** The data of `templates/documents/label/html.hbs`: the same places for everybody, letters as large as they fit. */
export function labelPage(content: LabelContent): Record<string, unknown> {
  const { recipientName, phone, address, senderName, carrier, trackingCode, orderNumber, parcelText } = content;
  const recipient = [
    { text: recipientName, scale: NAME_SCALE * BOLD },
    ...[phone ?? '', ...address].map((text) => ({ text })),
  ];
  const tracking = [parcelText ?? '', carrier ?? '', trackingCode ?? '', orderNumber].map((text) => ({
    text,
    scale: BOLD,
  }));
  return {
    ...content,
    recipientSizeMm: fittingSize(recipient, RECIPIENT_BOX, { max: 6, min: 2.1, step: 0.1, lineHeight: LINE_HEIGHT }),
    senderSizeMm: fittingSize([{ text: senderName, scale: BOLD }], SENDER_BOX, {
      max: 4,
      min: 1.8,
      step: 0.1,
      lineHeight: LINE_HEIGHT,
    }),
    trackingSizeMm: fittingSize(tracking, TRACKING_BOX, { max: 4.2, min: 1.8, step: 0.1, lineHeight: LINE_HEIGHT }),
    fontFaces: fontFaces(),
    code128: code128Svg(orderNumber, CODE_128_BOX),
    qr: qrSvg(content.qrText, QR_SIZE_MM),
  };
}

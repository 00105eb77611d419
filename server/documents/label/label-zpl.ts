import { code128Modules, qrModules } from '../barcodes';
import { fittingSize, type Paragraph } from '../text-fit';
import type { LabelContent } from './label-content';
import { assertPrintable, fieldData, plainText } from './zpl-fields';

/** Dots at 203 dpi (8 a millimetre), the resolution of most label printers. */
const LABEL = { width: 812, height: 1218, margin: 36 };
const INNER_WIDTH = LABEL.width - 2 * LABEL.margin;
const RECIPIENT_BOX = { width: INNER_WIDTH, height: 560 };
const SENDER_BOX = { width: 470, height: 80 };
const TRACKING_BOX = { width: 430, height: 200 };
const QR_WIDTH = 240;
const QUIET_MODULES = 20;
const MODULE_MAX = 4;
const LINE_HEIGHT = 1.15;
/** A new line inside a field block. */
const NEW_LINE = '\\&';

/** The data of `templates/documents/label/zpl.hbs`. Throws 409 LABEL_NEEDS_PDF for letters that printers do not have. */
export function labelZpl(content: LabelContent): Record<string, unknown> {
  const { orderNumber, phone, carrier, trackingCode, parcelText } = content;
  const recipient = block([content.recipientName, phone, ...content.address], RECIPIENT_BOX, { max: 56, min: 16 });
  const tracking = block([orderNumber, parcelText, carrier, trackingCode], TRACKING_BOX, { max: 38, min: 16 });
  const sender = block([`From ${content.senderName}`], SENDER_BOX, { max: 34, min: 14 });
  const modules = code128Modules(orderNumber) + QUIET_MODULES;
  const moduleDots = Math.min(MODULE_MAX, Math.max(1, Math.floor(LABEL.width / modules)));
  return {
    labelWidth: LABEL.width,
    labelHeight: LABEL.height,
    fragile: content.fragile,
    recipient,
    tracking,
    sender,
    moduleDots,
    barcodeX: Math.floor((LABEL.width - code128Modules(orderNumber) * moduleDots) / 2),
    barcodeData: fieldData(orderNumber),
    qrDots: Math.max(2, Math.floor(QR_WIDTH / (qrModules(content.qrText) + 1))),
    qrData: fieldData(content.qrText),
  };
}

/** Lines of text as one field block, in the largest letters that fit. */
function block(
  texts: readonly (string | null)[],
  box: { width: number; height: number },
  sizes: { max: number; min: number },
): Record<string, unknown> {
  const lines = texts.filter((text): text is string => Boolean(text)).map(plainText);
  assertPrintable(lines);
  const paragraphs: Paragraph[] = lines.map((text) => ({ text }));
  const size = fittingSize(paragraphs, box, { ...sizes, step: 2, lineHeight: LINE_HEIGHT });
  return {
    size,
    width: box.width,
    lines: Math.floor(box.height / (size * LINE_HEIGHT)),
    spacing: Math.round(size * (LINE_HEIGHT - 1)),
    data: lines.map(fieldData).join(NEW_LINE),
  };
}

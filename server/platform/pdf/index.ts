export { PDF_LIMITS, type PdfLimits, PdfPrinter } from './printer';

import fc from 'fast-check';
import { type LabelContent } from '../../server/documents/label/label-content';
import { labelZpl } from '../../server/documents/label/label-zpl';
import { fieldData, plainText } from '../../server/documents/label/zpl-fields';

const CONTENT: LabelContent = {
  orderNumber: '1001',
  senderName: 'Tea House',
  recipientName: 'Rahima Akter',
  phone: '01700000000',
  address: ['House 12, Road 5', 'Dhaka 1209', 'Bangladesh'],
  fragile: false,
  carrier: null,
  trackingCode: null,
  qrText: '1001',
  parcelText: null,
};
const LABEL_WIDTH_DOTS = 812;

/** What a printer reads out of a field: `_` and two digits are one byte. */
function printed(data: string): string {
  const bytes = data.replace(
    /_([0-9A-F]{2})|[\s\S]/g,
    (match, hex?: string) => `%${hex ?? match.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return decodeURIComponent(bytes);
}

describe('A field of ZPL', () => {
  it('holds no command and no letter beyond ASCII, and prints what it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const data = fieldData(text);
        expect(data).toMatch(/^[\x20-\x7d]*$/);
        expect(data).not.toContain('^');
        expect(data.replace(/_[0-9A-F]{2}/g, '')).not.toContain('_');
        expect(printed(data)).toBe(text);
      }),
    );
  });

  it('writes a command that somebody typed into a name as text', () => {
    expect(fieldData('^XZ~JA_')).toBe('_5EXZ_7EJA_5F');
    expect(fieldData('Zoë')).toBe('Zo_C3_AB');
  });

  it('is one line of signs that printers have', () => {
    expect(plainText('  “Tea” – House’s\n\\&1st  floor… ')).toBe('"Tea" - House\'s /&1st floor...');
  });
});

describe('A label in ZPL', () => {
  it('prints its bars no wider than the label and no coarser than scanners like, whatever the number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._#/-]{1,64}$/), (orderNumber) => {
        const { moduleDots, barcodeX, qrDots } = labelZpl({ ...CONTENT, orderNumber, qrText: orderNumber });
        expect(Number(moduleDots)).toBeGreaterThanOrEqual(1);
        expect(Number(moduleDots)).toBeLessThanOrEqual(4);
        expect(Number(barcodeX)).toBeGreaterThan(0);
        expect(Number(barcodeX)).toBeLessThan(LABEL_WIDTH_DOTS / 2);
        expect(Number(qrDots)).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('refuses letters that label printers do not have, and names the way out', () => {
    for (const change of [{ recipientName: 'রহিমা আক্তার' }, { address: ['ঢাকা'] }, { senderName: '茶' }]) {
      expect(() => labelZpl({ ...CONTENT, ...change })).toThrow(
        expect.objectContaining({
          code: 'LABEL_NEEDS_PDF',
          message: expect.stringContaining('Print this label as PDF'),
        }),
      );
    }
    expect(labelZpl({ ...CONTENT, recipientName: 'Łukasz Müller’s' }).recipient).toMatchObject({
      data: expect.stringContaining('M_C3_BCller'),
    });
  });
});

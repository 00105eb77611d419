import fc from 'fast-check';
import { fittingSize, linesNeeded } from '../../server/documents/text-fit';

const BOX = { width: 90, height: 66 };
const SIZES = { max: 6, min: 2.1, step: 0.1, lineHeight: 1.3 };

describe('Fitting a text into its place', () => {
  it('prints short texts large', () => {
    expect(fittingSize([{ text: 'Rahima Akter' }, { text: 'House 12, Road 5' }], BOX, SIZES)).toBe(6);
  });

  it('breaks between words, and within a word that is longer than a line', () => {
    expect(linesNeeded('aaaa aaaa', 10, 60)).toBe(1);
    expect(linesNeeded('aaaa aaaa', 10, 40)).toBe(2);
    expect(linesNeeded('a'.repeat(45), 10, 60)).toBe(5);
    expect(linesNeeded('', 10, 60)).toBe(1);
  });

  it('counts marks that stand above and below letters as no width', () => {
    expect(linesNeeded('কু'.repeat(10), 10, 80)).toBe(linesNeeded('ক'.repeat(10), 10, 80));
  });

  it('makes more text never larger, and what has its size fits unless it is the smallest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 250, unit: 'grapheme' }), { minLength: 1, maxLength: 6 }),
        (texts) => {
          const paragraphs = texts.map((text) => ({ text }));
          const size = fittingSize(paragraphs, BOX, SIZES);
          const more = fittingSize([...paragraphs, { text: 'one more line' }], BOX, SIZES);
          expect(more).toBeLessThanOrEqual(size);
          const height = texts.reduce((sum, text) => sum + linesNeeded(text, size, BOX.width) * size * 1.3, 0);
          expect(size === SIZES.min || height <= BOX.height).toBe(true);
        },
      ),
    );
  });

  it('has room for the longest name and address an order may have', () => {
    const longest = [200, 30, 250, 250, 141, 120, 20].map((length) => ({
      text: 'Mirpur Road '.repeat(30).slice(0, length),
    }));
    expect(fittingSize(longest, BOX, SIZES)).toBeGreaterThan(SIZES.min);
  });
});

/** One paragraph of a box; `scale` sets it larger or smaller than the rest. */
export interface Paragraph {
  text: string;
  scale?: number;
}

/** Any unit, the same for both and for the sizes: millimetres on paper, dots on a label printer. */
export interface Box {
  width: number;
  height: number;
}

export interface Sizes {
  max: number;
  min: number;
  step: number;
  /** Height of a line, as a multiple of the size. */
  lineHeight: number;
}

const BENGALI = /[\u0980-\u09ff]/;
const NARROW = /[ijltfI.,:;'|!()[\]/\\-]/;
const WIDE = /[MWmw@%&]/;

/** About how wide a character is, as a multiple of the size; a little too wide rather than too narrow. */
function widthOf(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0;
  if (/\p{Mc}/u.test(character)) return 0.45;
  if (BENGALI.test(character)) return 0.75;
  if (character === ' ') return 0.28;
  if (NARROW.test(character)) return 0.38;
  if (WIDE.test(character)) return 0.95;
  if (/\p{Lu}/u.test(character)) return 0.72;
  // Latin, Greek and Cyrillic letters and digits; scripts with square letters come after them.
  return (character.codePointAt(0) ?? 0) < 0x0530 ? 0.6 : 1.05;
}

function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

/** How many lines a paragraph takes when it breaks between words, and within words that are longer than a line. */
export function linesNeeded(text: string, size: number, width: number): number {
  const lineWidth = width / size;
  let lines = 1;
  let used = 0;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const wide = textWidth(word);
    const space = used === 0 ? 0 : widthOf(' ');
    if (used + space + wide <= lineWidth) used += space + wide;
    else {
      if (used > 0) lines += 1;
      lines += Math.ceil(wide / lineWidth) - 1;
      used = wide % lineWidth;
    }
  }
  return lines;
}

/** The largest size at which all paragraphs fit the box; the smallest one when none does. */
export function fittingSize(paragraphs: readonly Paragraph[], box: Box, sizes: Sizes): number {
  const steps = Math.round((sizes.max - sizes.min) / sizes.step);
  for (let n = 0; n <= steps; n += 1) {
    const size = Number((sizes.max - n * sizes.step).toFixed(2));
    const height = paragraphs.reduce((sum, { text, scale = 1 }) => {
      return sum + linesNeeded(text, size * scale, box.width) * size * scale * sizes.lineHeight;
    }, 0);
    if (height <= box.height) return size;
  }
  return sizes.min;
}

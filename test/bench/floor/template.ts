/** A text in which some words stand for others, taken apart once and put together again many times. */
export class Template {
  private readonly parts: readonly string[];

  constructor(text: string, words: readonly string[]) {
    // Longest first, so that a word never hides one that begins with it.
    const longestFirst = [...words].sort((a, b) => b.length - a.length);
    const pattern = longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    this.parts = words.length === 0 ? [text] : text.split(new RegExp(`(${pattern})`));
  }

  /** Parts at odd places are words; each is replaced by what `wordFor` answers. */
  fill(wordFor: (word: string) => string): string {
    let text = '';
    this.parts.forEach((part, n) => (text += n % 2 === 0 ? part : wordFor(part)));
    return text;
  }
}

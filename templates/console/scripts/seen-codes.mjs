/** A camera sees one code many times; it counts when it comes into the picture, and again only after it was gone. */
export class SeenCodes {
  #goneAfterMs;
  #lastSeenMs = new Map();

  /** A code that is blurred for less than `goneAfterMs` has not left. */
  constructor(goneAfterMs) {
    this.#goneAfterMs = goneAfterMs;
  }

  /** Of the codes in the picture at this moment, those that have just come in. */
  arrived(codes, nowMs) {
    for (const [code, seenMs] of this.#lastSeenMs) {
      if (nowMs - seenMs > this.#goneAfterMs) this.#lastSeenMs.delete(code);
    }
    const fresh = [...new Set(codes)].filter((code) => !this.#lastSeenMs.has(code));
    for (const code of codes) this.#lastSeenMs.set(code, nowMs);
    return fresh;
  }
}

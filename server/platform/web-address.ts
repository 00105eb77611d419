/** Blanks, control characters, and those that turn or hide what stands beside them. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}]/u;
/** A host at once after the slashes: no name and password, behind which the true host would hide. */
const PLAIN_START = /^https?:\/\/[^/\\?#@]+(?:[/\\?#]|$)/i;

/** The address as a browser goes to it, its host in ASCII; null when it is no web address that a person can judge. */
export function webAddress(text: string): string | null {
  if (UNSEEN.test(text) || !PLAIN_START.test(text) || !URL.canParse(text)) return null;
  return new URL(text).href;
}

const LOOK_EVERY_MS = 200;

/** Looks until `look` answers something true, and gives it back; otherwise says what it waited for and saw last. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  let last: unknown;
  for (const until = Date.now() + withinMs; Date.now() < until;) {
    try {
      const seen = await look();
      if (seen) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  throw new Error(
    `Waited ${withinMs} ms for ${what}; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The way through the shelves: A-2 before A-10, what has no shelf last, then by name. */
export function byShelf(
  left: { shelf: string | null; name: string; sku: string },
  right: { shelf: string | null; name: string; sku: string },
): number {
  if (left.shelf && right.shelf) return collator.compare(left.shelf, right.shelf) || byName(left, right);
  if (left.shelf || right.shelf) return left.shelf ? -1 : 1;
  return byName(left, right);
}

function byName(left: { name: string; sku: string }, right: { name: string; sku: string }): number {
  return collator.compare(left.name, right.name) || collator.compare(left.sku, right.sku);
}

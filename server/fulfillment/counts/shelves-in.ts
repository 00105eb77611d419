/** Characters of a product's name that a subject has room for. */
const NAME_MAX = 60;

interface Listed {
  name: string;
  shelf: string | null;
}

/** What a count is about in few words: its first product and shelf, and how many more there are. */
export function shelvesIn(products: unknown): string | undefined {
  const [first, ...more] = Array.isArray(products) ? (products as Listed[]) : [];
  if (!first) return undefined;
  const name = first.name.length > NAME_MAX ? `${first.name.slice(0, NAME_MAX - 1)}…` : first.name;
  const place = first.shelf ? `shelf ${first.shelf}` : 'no shelf';
  return `${name}, ${place}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}

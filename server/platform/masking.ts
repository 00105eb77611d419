const DEPTH_MAX = 8;
export const MASK = '[masked]';

/** Names of fields that open doors; never logged. Compared without case, dashes and underscores. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'authorization', 'apikey', 'secret', 'secretkey', 'token', 'password', 'cookie', 'setcookie', 'sessionsecret',
]); // prettier-ignore

/** Names of fields that say who or where a customer is. */
export const PERSONAL_FIELDS: ReadonlySet<string> = new Set([
  'phone', 'payerphone', 'email', 'recipient', 'customername', 'line1', 'line2', 'address', 'shippingaddress',
]); // prettier-ignore

/** A copy with the values of the named fields replaced, at any depth; instances of classes are passed on as they are. */
export function masked(value: unknown, fields: ReadonlySet<string>, depth = 0): unknown {
  if (depth > DEPTH_MAX || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, fields, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inner !== null && inner !== undefined && fields.has(name.toLowerCase().replace(/[-_]/g, ''))
        ? MASK
        : masked(inner, fields, depth + 1),
    ]),
  );
}

/** `r…@example.com`: enough to recognise an address, not enough to write to it. */
export function maskedEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? MASK : `${address[0]}…${address.slice(at)}`;
}

import { type FieldError, ValidationError } from '../../platform/errors';
import { minorDigits } from '../../platform/money';

const DECIMAL = /^(-?)(\d{1,13})(?:\.(\d+))?$/;

/**
 * A shop's amount in minor units, digit by digit and never by way of a float: "500", "500.5" and 500.5 are 50050 in a
 * currency with two decimals (50000, 50050). Undefined when it is no amount, or finer than the currency.
 */
export function toMinor(amount: unknown, currency: string): number | undefined {
  const match = DECIMAL.exec(
    typeof amount === 'number' ? String(amount) : typeof amount === 'string' ? amount.trim() : '',
  );
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = minorDigits(currency);
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  const minor = Number(`${whole}${kept}`);
  if (!Number.isSafeInteger(minor)) return undefined;
  return sign && minor !== 0 ? -minor : minor;
}

type Json = Record<string, unknown>;

/** Reads another shop's order: what is wrong is gathered with its path, so that all can be mended at once. */
export class ShopFields {
  readonly errors: FieldError[] = [];

  constructor(
    private readonly json: unknown,
    readonly currency: string,
    private readonly path = '',
    errors?: FieldError[],
  ) {
    if (errors) this.errors = errors;
  }

  at(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  value(name: string): unknown {
    return name
      .split('.')
      .reduce<unknown>(
        (inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Json)[key] : undefined),
        this.json,
      );
  }

  /** The first of these fields that holds something, as text. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.value(name);
      if (typeof value === 'number') return String(value);
      if (typeof value === 'string' && value.trim() !== '') return value.trim();
    }
    return undefined;
  }

  /** Missing is nothing; anything else must be an amount. */
  money(name: string): number {
    const value = this.value(name);
    if (value === undefined || value === null || value === '') return 0;
    const minor = toMinor(value, this.currency);
    if (minor !== undefined) return minor;
    return this.wrong(name, 'AMOUNT_INVALID', `This is no amount in ${this.currency}, such as "500.00".`, 0);
  }

  list(name: string): ShopFields[] {
    const value = this.value(name);
    if (!Array.isArray(value)) return [];
    return value.map((one, n) => new ShopFields(one, this.currency, this.at(`${name}[${n}]`), this.errors));
  }

  sum(name: string, field: string): number {
    return this.list(name).reduce((total, one) => total + one.money(field), 0);
  }

  quantity(name: string): number {
    const quantity = Number(this.value(name));
    if (Number.isSafeInteger(quantity) && quantity > 0) return quantity;
    return this.wrong(name, 'QUANTITY_INVALID', 'The quantity is a whole number of at least 1.', 1);
  }

  wrong<T>(name: string, code: string, message: string, instead: T): T {
    this.errors.push({ path: this.at(name), code, message });
    return instead;
  }

  /** Throws 422 with the first error's code and all of them. */
  assertRight(): void {
    const [first] = this.errors;
    if (first) throw new ValidationError(first.code, `${first.path}: ${first.message}`, { errors: this.errors });
  }
}

/** Price and discount of a line that is worth `grossMinor` before and `netMinor` after its discounts. */
export function pricedLine(
  quantity: number,
  grossMinor: number,
  netMinor: number,
): { quantity: number; unitPriceMinor: number; discountMinor: number } {
  // A line whose price does not divide by its units gets the next higher price and a discount of the rest.
  const unitPriceMinor = Math.ceil(grossMinor / quantity);
  return { quantity, unitPriceMinor, discountMinor: unitPriceMinor * quantity - netMinor };
}

const METHODS: readonly [method: string, pattern: RegExp][] = [
  ['cod', /\bcod\b|cash[\s_-]*on[\s_-]*delivery/i],
  ['bkash', /bkash/i],
  ['nagad', /nagad/i],
  ['rocket', /rocket/i],
  ['bank', /\bbacs\b|bank/i],
  ['card', /card|stripe|shopify[\s_]payments|sslcommerz|visa|master|amex|paypal/i],
  ['cash', /\bcash\b/i],
];

/** The payment method that a shop's gateway stands for, by the first of its names that is known. */
export function methodOf(gateways: readonly string[]): string | undefined {
  return METHODS.find(([, pattern]) => gateways.some((gateway) => pattern.test(gateway)))?.[0];
}

/** Our order as it is asked for: the fields of POST /orders, before they are checked. */
export type OrderDraft = Record<string, unknown>;

export interface ImportOptions {
  /** Three capital letters. */
  currency: string;
  /** For gateways whose name says nothing. */
  paymentMethod?: string;
}

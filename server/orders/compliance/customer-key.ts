/** Enough to tell people apart, and the same with and without the prefix of country or trunk. */
const PHONE_DIGITS_MAX = 10;
/** Fewer digits are no telephone number but something to fill a field. */
const PHONE_DIGITS_MIN = 6;

export interface CustomerKeys {
  customerPhoneKey: string | null;
  customerEmailKey: string | null;
}

/**
 * Who a customer is, however phone and e-mail were typed: `+880 1712-345678` and `01712345678` are one phone. Names
 * are no key, since many share one.
 */
export function customerKeys(contact: { email?: string | null; phone?: string | null }): CustomerKeys {
  return { customerPhoneKey: phoneKey(contact.phone), customerEmailKey: emailKey(contact.email) };
}

function phoneKey(phone: string | null | undefined): string | null {
  const significant = (phone ?? '').replace(/\D/g, '').replace(/^0+/, '');
  return significant.length < PHONE_DIGITS_MIN ? null : significant.slice(-PHONE_DIGITS_MAX);
}

function emailKey(email: string | null | undefined): string | null {
  return email?.trim().toLowerCase() || null;
}

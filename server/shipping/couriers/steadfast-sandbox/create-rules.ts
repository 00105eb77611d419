import { z } from 'zod';
import type { NewParcel } from './parcels';

/** Letters that Steadfast stores as spaces. */
const REPLACED = /[{}<>;$]/g;
const LIMITS = { invoice: 100, name: 100, address: 490, note: 480, description: 255 };
const COD_MAX = 1_000_000;

const phone = z.string().regex(/^01\d{9}$/, 'The recipient phone format is invalid.');
/** Too long a text is cut without a word, as transcriptions of the guide say. */
const stored = (max: number) =>
  z
    .string()
    .trim()
    .transform((text) => text.replace(REPLACED, ' ').slice(0, max));
const required = (field: string, max: number) => stored(max).pipe(z.string().min(1, `The ${field} field is required.`));

const createBody = z.object({
  invoice: z
    .string('The invoice field is required.')
    .min(1, 'The invoice field is required.')
    .max(LIMITS.invoice, `The invoice may not be greater than ${LIMITS.invoice} characters.`)
    .regex(/^[A-Za-z0-9_-]+$/, 'The invoice may only contain letters, numbers, dashes and underscores.'),
  recipient_name: required('recipient name', LIMITS.name),
  recipient_phone: phone,
  recipient_address: required('recipient address', LIMITS.address),
  cod_amount: z
    .number('The cod amount must be a number.')
    .min(0, 'The cod amount must be at least 0.')
    .max(COD_MAX, `The cod amount may not be greater than ${COD_MAX}.`),
  note: stored(LIMITS.note).nullish(),
  alternative_phone: phone.nullish(),
  recipient_email: z.email('The recipient email must be a valid email address.').nullish(),
  item_description: stored(LIMITS.description).nullish(),
  total_lot: z.number().nullish(),
});

/** The parcel, or each field with what is wrong with it, in the way Steadfast says it. */
export function readCreateBody(body: unknown): { parcel: NewParcel } | { errors: Record<string, string[]> } {
  const read = createBody.safeParse(body);
  if (read.success) {
    const { note, alternative_phone, recipient_email, item_description, total_lot, ...rest } = read.data;
    return {
      parcel: {
        ...rest,
        note: note ?? null,
        alternative_phone: alternative_phone ?? null,
        recipient_email: recipient_email ?? null,
        item_description: item_description ?? null,
        total_lot: total_lot ?? 1,
      },
    };
  }
  const errors: Record<string, string[]> = {};
  for (const { path, message } of read.error.issues) {
    const field = String(path[0] ?? 'request');
    errors[field] = [...(errors[field] ?? []), message];
  }
  return { errors };
}

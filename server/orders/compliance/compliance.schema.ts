import { z } from 'zod';
import { words } from '../orders.schema';
import { DOCUMENT_KINDS } from './compliance.models';

const AGE_MAX = 120;

const ageFields = {
  /** The years that were asked for; missing: what the goods of the order need. */
  minimumAge: z
    .int('The age is a whole number of years.')
    .min(1, 'The age is at least 1.')
    .max(AGE_MAX, `The age is at most ${AGE_MAX}.`)
    .optional(),
  documentKind: z.enum(DOCUMENT_KINDS, { error: `documentKind is one of ${DOCUMENT_KINDS.join(', ')}.` }),
  birthDate: z.iso.date({ error: 'birthDate is a day such as 1990-05-31.' }).optional(),
  confirmed: z.boolean({ error: 'confirmed is true (of age) or false (too young).' }).optional(),
  note: words('The note', 500).default(''),
};

const ageCheck = z.strictObject({ kind: z.literal('age'), ...ageFields });

const permissionCheck = z.strictObject({
  kind: z.literal('permission'),
  document: words('The document', 200).min(1, 'Name the document that permits it, such as a licence and its number.'),
  note: words('The note', 500).min(3, 'Say why it may be sold.'),
});

export const complianceCheckInput = z
  .discriminatedUnion('kind', [ageCheck, permissionCheck], { error: 'kind is age or permission.' })
  .superRefine((check, issues) => {
    if (check.kind !== 'age' || (check.birthDate === undefined) !== (check.confirmed === undefined)) return;
    const path = [check.birthDate === undefined ? 'confirmed' : 'birthDate'];
    const message = 'Give the date of birth, or confirmed: true after looking at the document; one of the two.';
    issues.addIssue({ code: 'custom', path, message });
  });

export type AgeCheckInput = Omit<z.input<typeof ageCheck>, 'kind'>;
export type PermissionInput = Omit<z.output<typeof permissionCheck>, 'kind'>;

export const complianceCheckView = z.object({
  id: z.string(),
  kind: z.enum(['age', 'permission']),
  verdict: z.enum(['passed', 'refused']),
  minimumAge: z.int().nullable(),
  documentKind: z.string().nullable(),
  document: z.string().nullable(),
  covers: z.array(z.string()),
  note: z.string(),
  actorName: z.string(),
  actorRole: z.string(),
  at: z.string(),
});

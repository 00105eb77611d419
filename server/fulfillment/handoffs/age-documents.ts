/** What the age of somebody who stands before us is read from, as people call it. */
export const ageDocuments = {
  national_id: 'National identity card',
  passport: 'Passport',
  driving_licence: 'Driving licence',
  birth_certificate: 'Birth certificate',
} as const;
export type AgeDocument = keyof typeof ageDocuments;
export const AGE_DOCUMENTS = Object.keys(ageDocuments) as AgeDocument[];

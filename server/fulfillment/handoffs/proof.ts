import { ConflictError, type FieldError } from '../../platform/errors';

export const CONFIRM_BY = ['code', 'signature', 'none'] as const;
export type ConfirmBy = (typeof CONFIRM_BY)[number];

/** How it was proved that the right person has the goods; `move`: somebody moved the order by hand. */
export const CONFIRMED_WITH = ['code', 'signature', 'manager', 'none', 'move'] as const;
export type ConfirmedWith = (typeof CONFIRMED_WITH)[number];

/** Six digits are guessed in a million tries, not in so many. */
export const WRONG_TRIES_MAX = 5;

export interface Proof {
  confirmBy: ConfirmBy;
  wrongTries: number;
  /** Without an address nobody could tell the customer a code. */
  customerHasMail: boolean;
}

export interface GivenProof {
  /** Undefined when none was given. */
  codeIsRight?: boolean;
  signedBy?: string;
  note?: string;
  isManager: boolean;
}

/** Whether the code may still be used. */
export function takesCode({ confirmBy, wrongTries }: Proof): boolean {
  return confirmBy === 'code' && wrongTries < WRONG_TRIES_MAX;
}

/** Whether a signature is taken: where it is asked for, and where a code can't be. */
export function takesSignature(proof: Proof): boolean {
  return (
    proof.confirmBy === 'signature' || (proof.confirmBy === 'code' && (!takesCode(proof) || !proof.customerHasMail))
  );
}

/**
 * What proves the hand-off, or `wrong_code`, which is to be counted.
 * Throws 409 CODE_TRIES_USED_UP, HANDOFF_CODE_MISSING, HANDOFF_SIGNATURE_MISSING or HANDOFF_NOTE_MISSING.
 */
export function judgeProof(proof: Proof, given: GivenProof): ConfirmedWith | 'wrong_code' {
  if (proof.confirmBy === 'none') return 'none';
  if (given.signedBy && takesSignature(proof)) return 'signature';
  if (given.codeIsRight !== undefined && takesCode(proof)) return given.codeIsRight ? 'code' : 'wrong_code';
  if (given.isManager && given.codeIsRight === undefined) return byManager(given);
  throw missing(proof, given);
}

function byManager({ note }: GivenProof): ConfirmedWith {
  if (note) return 'manager';
  throw new ConflictError(
    'HANDOFF_NOTE_MISSING',
    'A manager may confirm without a code or a signature, and writes in a note who took the goods.',
    fieldToFill('note', 'HANDOFF_NOTE_MISSING', 'Say who took the goods.'),
  );
}

function missing(proof: Proof, given: GivenProof): ConflictError {
  if (proof.confirmBy === 'code' && !takesCode(proof)) {
    const code = given.codeIsRight === undefined ? 'HANDOFF_SIGNATURE_MISSING' : 'CODE_TRIES_USED_UP';
    const message = `The code was wrong ${WRONG_TRIES_MAX} times and is not taken any more. Have the customer sign, or ask a store manager to confirm.`;
    return new ConflictError(code, message, {
      ...fieldToFill('signedBy', code, 'Write who signed.'),
      facts: { wrongTries: proof.wrongTries, triesLeft: 0 },
    });
  }
  if (takesSignature(proof)) {
    const message =
      'Have the customer sign: write the name of whoever takes the goods, with the signature if there is one.';
    const field = fieldToFill('signedBy', 'HANDOFF_SIGNATURE_MISSING', 'Write who signed.');
    return new ConflictError('HANDOFF_SIGNATURE_MISSING', message, field);
  }
  return new ConflictError(
    'HANDOFF_CODE_MISSING',
    'Ask the customer for the six digits in the message that told them to come, and type them in.',
    fieldToFill('code', 'HANDOFF_CODE_MISSING', 'Send the six digits.'),
  );
}

/** The field of a request, for programs; on the page the sentence is enough. */
function fieldToFill(path: string, code: string, message: string): { errors: FieldError[] } {
  return { errors: [{ path, code, message }] };
}

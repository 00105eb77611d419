import { createHmac, timingSafeEqual } from 'node:crypto';

const CODE_DIGITS = 6;
const HEX_LENGTH = 12;
export const CODE_PATTERN = new RegExp(`^\\d{${CODE_DIGITS}}$`);

/** Six digits that stand for one hand-off. Made from its id each time they are needed, so that nothing keeps them. */
export function handOffCode(handOffId: string, secret: string): string {
  const hex = createHmac('sha256', secret).update(`hand-off-code:${handOffId}`).digest('hex').slice(0, HEX_LENGTH);
  return String(parseInt(hex, 16) % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0');
}

/** Spaces and dashes are how people write digits. Takes the same time wherever a code differs. */
export function isCodeOf(handOffId: string, given: string, secret: string): boolean {
  const digits = given.replace(/[\s-]/g, '');
  const wanted = handOffCode(handOffId, secret);
  return digits.length === wanted.length && timingSafeEqual(Buffer.from(digits), Buffer.from(wanted));
}

import { type PostalPattern, readPattern, sizeOf } from '../../../server/shipping/rates/postal-patterns';
import { isWhole, plainCity, type Reach } from '../../../server/shipping/rates/zone-match';
import { groundOf, sharedGround as sharedGroundOf } from '../../../server/shipping/rates/zone-overlap';

export const sharedGround = (one: Reach, other: Reach): string | undefined =>
  sharedGroundOf(groundOf(one), groundOf(other));

/** Both cover some code, and neither wins it. */
export function areTied(one: PostalPattern, other: PostalPattern): boolean {
  if (one.kind === 'code' && other.kind === 'code') return one.code === other.code;
  if (one.kind === 'beginning' && other.kind === 'beginning') return one.beginning === other.beginning;
  if (one.kind !== 'range' || other.kind !== 'range' || one.from.length !== other.from.length) return false;
  return sizeOf(one) === sizeOf(other) && one.from <= other.to && other.from <= one.to;
}

/** What the fast check must answer, said plainly: each city against each, each pattern against each. */
export function overlapsPlainly(one: Reach, other: Reach): boolean {
  if (one.country !== other.country) return false;
  if (isWhole(one) && isWhole(other)) return true;
  const isShared = other.cities.some((name) => one.cities.some((own) => plainCity(own) === plainCity(name)));
  return isShared || other.postalPatterns.some((text) => one.postalPatterns.some((own) => areWrittenTied(own, text)));
}

function areWrittenTied(one: string, other: string): boolean {
  const [left, right] = [readPattern(one), readPattern(other)];
  return left !== undefined && right !== undefined && areTied(left, right);
}

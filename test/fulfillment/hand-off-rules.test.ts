import fc from 'fast-check';
import { handOffCode, isCodeOf } from '../../server/fulfillment/handoffs/hand-off-code';
import {
  assertHandOffMove,
  endedBy,
  HAND_OFF_METHODS,
  HAND_OFF_STATUSES,
  handOffMethods,
  type HandOffMove,
  handOffMoves,
} from '../../server/fulfillment/handoffs/hand-off-moves';
import {
  CONFIRM_BY,
  type GivenProof,
  judgeProof,
  type Proof,
  WRONG_TRIES_MAX,
} from '../../server/fulfillment/handoffs/proof';
import { orderMoves } from '../../server/orders';

describe('A hand-off’s moves', () => {
  it('start at open alone, and nothing leaves an end', () => {
    for (const move of Object.keys(handOffMoves) as HandOffMove[]) {
      for (const status of HAND_OFF_STATUSES) {
        const go = (): void => assertHandOffMove(status, move);
        if (status === 'open') expect(go).not.toThrow();
        else expect(go).toThrow(`The hand-off is ${status}`);
      }
    }
  });

  it('go by moves that orders can make from where they wait', () => {
    for (const method of HAND_OFF_METHODS) {
      const { waitsIn, opens, confirms } = handOffMethods[method];
      expect(orderMoves[opens].to).toBe(waitsIn);
      expect(orderMoves[confirms].from).toContain(waitsIn);
    }
  });

  it('are ended by every move by which an order leaves where it waits, a cancellation by its tasks', () => {
    const waiting = new Set<string>(HAND_OFF_METHODS.map((method) => handOffMethods[method].waitsIn));
    const leaving = Object.entries(orderMoves).filter(([, { from }]) =>
      (from as readonly string[]).some((one) => waiting.has(one)),
    );
    const ending = new Set(Object.values(endedBy).map(({ orderMove }) => orderMove as string));
    expect(leaving.map(([move]) => move).filter((move) => !ending.has(move))).toEqual(['cancel']);
    for (const [topic, { orderMove }] of Object.entries(endedBy)) expect(orderMoves[orderMove].event).toBe(topic);
  });
});

describe('A hand-off’s code', () => {
  const id = fc.stringMatching(/^[0-9A-Z]{26}$/);
  const secret = fc.string({ minLength: 16 });

  it('is six digits, the same each time, and opens its own hand-off only', () => {
    fc.assert(
      fc.property(id, id, secret, (one, other, key) => {
        const code = handOffCode(one, key);
        expect(code).toMatch(/^\d{6}$/);
        expect(isCodeOf(one, code, key)).toBe(true);
        expect(isCodeOf(one, ` ${code.slice(0, 3)}-${code.slice(3)} `, key)).toBe(true);
        expect(isCodeOf(other, code, key)).toBe(handOffCode(other, key) === code);
      }),
    );
  });

  it('is no other text', () => {
    fc.assert(
      fc.property(id, secret, fc.string(), (one, key, text) => {
        const digits = text.replace(/[\s-]/g, '');
        expect(isCodeOf(one, text, key)).toBe(digits === handOffCode(one, key));
      }),
    );
  });
});

describe('The proof of a hand-off', () => {
  const proofs = fc.record<Proof>({
    confirmBy: fc.constantFrom(...CONFIRM_BY),
    wrongTries: fc.integer({ min: 0, max: WRONG_TRIES_MAX }),
    customerHasMail: fc.boolean(),
  });
  const givens = fc.record<GivenProof>({
    codeIsRight: fc.constantFrom(undefined, true, false),
    signedBy: fc.constantFrom(undefined, 'Rahima'),
    note: fc.constantFrom(undefined, 'Known to us.'),
    isManager: fc.boolean(),
  });
  const judged = (proof: Proof, given: GivenProof): string => {
    try {
      return judgeProof(proof, given);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('is never a wrong code, and no code at all once five were wrong', () => {
    fc.assert(
      fc.property(proofs, givens, (proof, given) => {
        const verdict = judged(proof, given);
        if (verdict === 'code') {
          expect(given.codeIsRight).toBe(true);
          expect(proof).toMatchObject({ confirmBy: 'code' });
          expect(proof.wrongTries).toBeLessThan(WRONG_TRIES_MAX);
        }
        if (verdict === 'signature') expect(given.signedBy).toBeDefined();
        if (verdict === 'manager') expect([given.isManager, given.note]).toEqual([true, 'Known to us.']);
        if (verdict === 'none') expect(proof.confirmBy).toBe('none');
      }),
    );
  });

  it('is not a signature while a code was told and can still be typed in', () => {
    const proof: Proof = { confirmBy: 'code', wrongTries: 0, customerHasMail: true };
    expect(judged(proof, { signedBy: 'Anybody', isManager: false })).toBe('HANDOFF_CODE_MISSING');
    expect(judged({ ...proof, customerHasMail: false }, { signedBy: 'Selim', isManager: false })).toBe('signature');
    expect(judged({ ...proof, wrongTries: WRONG_TRIES_MAX }, { signedBy: 'Selim', isManager: false })).toBe(
      'signature',
    );
  });
});

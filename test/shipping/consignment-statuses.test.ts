import {
  CONSIGNMENT_STATUSES,
  consignmentStatuses,
  isEnded,
  judge,
  POLLED_STATUSES,
} from '../../server/shipping/consignment-statuses';
import { STEADFAST_STATUSES } from '../../server/shipping/couriers/steadfast-statuses';
import { ORDER_FOLLOWS } from '../../server/fulfillment/consignments/consignment-news';

describe('The statuses of a consignment', () => {
  it('can all be reached from booking, and all but the ends can be left', () => {
    const reached = new Set(['booking']);
    for (const status of reached) {
      for (const next of consignmentStatuses[status as 'booking'].next) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...CONSIGNMENT_STATUSES].sort());
    const dead = CONSIGNMENT_STATUSES.filter((status) => consignmentStatuses[status].next.length === 0);
    expect(dead).toEqual(['rejected', 'delivered', 'partially_delivered', 'returned']);
    expect(dead.every(isEnded)).toBe(true);
  });

  it('judge every pair: what may follow is news, what cannot be true together a contradiction, the rest nothing', () => {
    const ends = ['rejected', 'delivered', 'partially_delivered', 'cancelled', 'returned'];
    for (const from of CONSIGNMENT_STATUSES) {
      for (const to of CONSIGNMENT_STATUSES) {
        const verdict = judge(from, to);
        const harmless = [`returned>cancelled`, `partially_delivered>returned`].includes(`${from}>${to}`);
        const wanted = (consignmentStatuses[from].next as readonly string[]).includes(to)
          ? 'news'
          : ends.includes(from) && ends.includes(to) && from !== to && !harmless
            ? 'contradiction'
            : 'nothing';
        expect(`${from} > ${to}: ${verdict}`).toBe(`${from} > ${to}: ${wanted}`);
      }
    }
  });

  it('never go back to review, nor from an outcome to being under way', () => {
    for (const from of CONSIGNMENT_STATUSES.filter((status) => consignmentStatuses[status].phase !== 'asking')) {
      expect(judge(from, 'in_review')).toBe('nothing');
    }
    for (const from of CONSIGNMENT_STATUSES.filter(isEnded)) expect(judge(from, 'pending')).toBe('nothing');
  });

  it('move an order only when they are final', () => {
    expect(Object.keys(ORDER_FOLLOWS).every((status) => isEnded(status as 'delivered'))).toBe(true);
    for (const [word, status] of Object.entries(STEADFAST_STATUSES)) {
      if (word.includes('approval_pending')) expect(ORDER_FOLLOWS[status]).toBeUndefined();
    }
  });

  it('are asked for while the parcel is out or on its way back', () => {
    expect(POLLED_STATUSES).toEqual([
      'in_review',
      'pending',
      'on_hold',
      'awaiting_approval',
      'cancelled',
      'exception',
      'unknown',
    ]);
  });
});

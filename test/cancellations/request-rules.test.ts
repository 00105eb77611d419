import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cancelsAlone, requestMoves } from '../../server/cancellations/requests/request-rules';
import { REQUEST_STATUSES } from '../../server/cancellations/requests/requests.models';
import { ORDER_STATUSES } from '../../server/orders';
import { restsWhileAsked } from '../../server/fulfillment/tasks/stop-work';
import { TASK_KINDS } from '../../server/fulfillment/tasks/task-kinds';
import type { Role } from '../../server/platform/context';
import { projectRoot } from '../../server/platform/paths';

describe('who cancels without asking', () => {
  const alone: Record<Role, readonly string[]> = {
    system: ORDER_STATUSES,
    admin: ORDER_STATUSES,
    store_manager: ORDER_STATUSES,
    customer_service: ['pending', 'confirmed'],
    fulfillment_specialist: [],
    cashier: [],
    reporting: [],
  };
  for (const role of Object.keys(alone) as Role[]) {
    it(`${role}: ${alone[role].length} of ${ORDER_STATUSES.length} statuses`, () => {
      expect(ORDER_STATUSES.filter((status) => cancelsAlone(role, status))).toEqual(alone[role]);
    });
  }
});

describe('the moves of a request', () => {
  it('lead from the one open status to every other, and nowhere from there', () => {
    const moves = Object.values(requestMoves);
    expect(moves.flatMap(({ from }) => from)).toEqual(moves.map(() => 'requested'));
    expect(['requested', ...moves.map(({ to }) => to)].sort()).toEqual([...REQUEST_STATUSES].sort());
  });

  it('stand in the README as they are', () => {
    const readme = readFileSync(join(projectRoot, 'server/cancellations/README.md'), 'utf8');
    for (const [move, { from, to }] of Object.entries(requestMoves))
      expect(readme).toContain(`| ${move} | ${from.join(', ')} | ${to} |`);
  });
});

it('all work on an order rests while its cancellation is asked for, but not what has to be done in any case', () => {
  expect(TASK_KINDS.filter((kind) => !restsWhileAsked(kind))).toEqual([
    'count',
    'put_back',
    'manual_refund',
    'manual_message',
    'stock_decision',
    'cancellation_decision',
  ]);
});

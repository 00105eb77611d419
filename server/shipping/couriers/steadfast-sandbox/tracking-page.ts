import { Router } from 'express';
import { date, render } from '../../../platform/render';
import type { ConsignmentStatus } from '../../consignment-statuses';
import { readSteadfastStatus } from '../steadfast-statuses';
import type { Parcels } from './parcels';

/** Where a parcel stands, in a customer's words. */
const WORDS: Readonly<Partial<Record<ConsignmentStatus, string>>> = {
  in_review: 'The courier was told of the parcel.',
  pending: 'The parcel is on its way.',
  on_hold: 'The parcel waits at the courier.',
  awaiting_approval: 'The rider has reported; the courier’s office has yet to confirm it.',
  delivered: 'The parcel was delivered.',
  partially_delivered: 'A part of the parcel was taken; the rest goes back to the shop.',
  cancelled: 'The parcel was not taken and goes back to the shop.',
  returned: 'The parcel is back at the shop.',
};
const NOBODY_KNOWS = 'The courier cannot say where the parcel is.';

/** What a customer of the demonstration sees behind "Follow your parcel"; nothing of who it is for. */
export function trackingPage(parcels: Parcels): Router {
  const router = Router();
  router.get('/:code', (request, response) => {
    const code = request.params.code.toUpperCase();
    const parcel = parcels.find(({ tracking_code }) => tracking_code === code);
    response
      .status(parcel ? 200 : 404)
      .set('X-Robots-Tag', 'noindex, nofollow')
      .type('html');
    response.send(
      render('console/sandbox-parcel', {
        code,
        isKnown: parcel !== undefined,
        words: parcel ? (WORDS[readSteadfastStatus(parcel.status)] ?? NOBODY_KNOWS) : null,
        since: parcel ? `${date(parcel.updated_at, 'utc')} UTC` : null,
      }),
    );
  });
  return router;
}

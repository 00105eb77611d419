import { command, query, Reply, type Route } from '../../platform/http/route';
import { readIncidents, reportIncidents, resolveIncidents } from '../rights';
import { eventIdOf } from './event-id';
import { listIncidents, reportIncident, resolveIncident } from './incidents';
import type { IncidentRow } from './recovery.models';
import {
  incidentInput,
  incidentList,
  incidentParams,
  incidentQuery,
  incidentView,
  resolveInput,
} from './recovery.schema';

const tag = 'fulfillment';

export const recoveryRoutes: Route[] = [
  command({
    method: 'post',
    path: '/incidents',
    tag,
    summary: 'Report a run that failed; the same run again is the same incident',
    permission: reportIncidents,
    body: incidentInput,
    response: incidentView,
    status: 201,
    run: async (ctx, { body }) => {
      const eventId = eventIdOf(body.eventId ?? ctx.execution.eventId);
      const told = { ...body, eventId, kind: 'failed' as const, reference: body.executionId };
      const { incident, isNew } = await reportIncident(ctx, told);
      return new Reply(isNew ? 201 : 200, viewIncident(incident));
    },
  }),
  query({
    method: 'get',
    path: '/incidents',
    tag,
    summary: 'Runs that failed or stood still, newest first',
    permission: readIncidents,
    query: incidentQuery,
    response: incidentList,
    run: async (ctx, { query: filter }) => {
      const { items, nextCursor } = await listIncidents(ctx, filter);
      return { items: items.map(viewIncident), nextCursor };
    },
  }),
  command({
    method: 'post',
    path: '/incidents/:id/resolve',
    tag,
    summary: 'Close an incident a person has dealt with',
    permission: resolveIncidents,
    params: incidentParams,
    body: resolveInput,
    response: incidentView,
    run: async (ctx, { params, body }) => viewIncident(await resolveIncident(ctx, params.id, body.note ?? null)),
  }),
];

function viewIncident({ reference: _reference, ...rest }: IncidentRow) {
  return rest;
}

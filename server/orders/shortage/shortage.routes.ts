import { z } from 'zod';
import type { ReadContext } from '../../platform/context';
import { command, query, Reply, type Route } from '../../platform/http/route';
import { readOrders } from '../order-state';
import { viewOrder } from '../order-view';
import { viewResolution } from './resolutions';
import { answerNamed, answerShortages, type Resolved, resolveShortage } from './resolve-shortage';
import {
  backordersInput, resolvedView, shortageInput, shortageView, shortLinesInput, substitutionInput,
} from './shortage.schema'; // prettier-ignore
import { viewShortage } from './shortage-view';

const tag = 'orders';
const params = z.object({ id: z.string().min(1).max(80) });
/** One date for all lines; what else is wrong is wrong with a line. */
const inLines = (n: number) => (field: string) => (field === 'expectedAt' ? field : `lines[${n}].${field}`);
/** A substitution names its one line beside the rest. */
const atTop = (field: string): string => (field === 'id' ? 'lineId' : field);

/** 200 when the same run was given the same answers before. */
function replyOf(resolved: Resolved, ctx: ReadContext): Reply {
  return new Reply(resolved.changed ? 201 : 200, viewResolved(resolved, ctx));
}

function viewResolved({ state, rows, resolution, changed }: Resolved, ctx: ReadContext) {
  return { resolution, changed, lines: rows.map(viewResolution), order: viewOrder(state, ctx) };
}

const whole: Route[] = [
  query({
    method: 'get',
    path: '/orders/:id/shortage',
    tag,
    summary: 'What is missing of an order, and what each answer to it would come to',
    permission: readOrders,
    params,
    response: shortageView,
    run: (ctx, { params: { id } }) => viewShortage(ctx, id),
  }),
  command({
    method: 'post',
    path: '/orders/:id/shortage',
    tag,
    summary: 'Answer for everything that is missing: let it wait, replace it, or take it off the bill',
    permission: answerShortages,
    params,
    body: shortageInput,
    response: resolvedView,
    status: 201,
    run: async (ctx, { params: { id }, body }) => replyOf(await resolveShortage(ctx, id, body), ctx),
  }),
];

const byAnswer: Route[] = [
  command({
    method: 'post',
    path: '/orders/:id/backorders',
    tag,
    summary: 'Let units of lines give up their promise and wait for goods, first come, first served',
    permission: answerShortages,
    params,
    body: backordersInput,
    response: resolvedView,
    status: 201,
    run: async (ctx, { params: { id }, body: { lines, reason, expectedAt, version } }) => {
      const resolution = 'backorder' as const;
      const answers = lines.map(({ id: lineId, quantity }, n) => ({
        lineId,
        quantity,
        resolution,
        expectedAt,
        path: inLines(n),
      }));
      const { eventId: event } = ctx.execution;
      return replyOf(await answerNamed(ctx, id, { answers, reason, event, version }), ctx);
    },
  }),
  command({
    method: 'post',
    path: '/orders/:id/substitutions',
    tag,
    summary: 'Let another product take the place of units of a line',
    permission: answerShortages,
    params,
    body: substitutionInput,
    response: resolvedView,
    status: 201,
    run: async (ctx, { params: { id }, body: { reason, version, ...answer } }) => {
      const answers = [{ ...answer, resolution: 'substitute' as const, path: atTop }];
      const { eventId: event } = ctx.execution;
      return replyOf(await answerNamed(ctx, id, { answers, reason, event, version }), ctx);
    },
  }),
  command({
    method: 'post',
    path: '/orders/:id/short_lines',
    tag,
    summary: 'Take units of lines that will not come off the order and off the bill',
    permission: answerShortages,
    params,
    body: shortLinesInput,
    response: resolvedView,
    status: 201,
    run: async (ctx, { params: { id }, body: { lines, reason, version } }) => {
      const answers = lines.map(({ id: lineId, quantity }, n) => ({
        lineId,
        quantity,
        resolution: 'refund' as const,
        path: inLines(n),
      }));
      const { eventId: event } = ctx.execution;
      return replyOf(await answerNamed(ctx, id, { answers, reason, event, version }), ctx);
    },
  }),
];

export const shortageRoutes: Route[] = [...whole, ...byAnswer];

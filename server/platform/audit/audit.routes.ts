import { z } from 'zod';
import { permission } from '../auth/permissions';
import type { ReadContext } from '../context';
import { listOf, page, pageQuery, readCursor } from '../http/paging';
import { query, type Route } from '../http/route';
import { masked, PERSONAL_FIELDS } from '../masking';
import { auditRows, type AuditRow } from './audit.models';
import { verifyAudit } from './verify';

const readAudit = permission('audit.read', ['store_manager', 'reporting']);

const auditQuery = pageQuery.extend({
  orderId: z.string().max(26).optional(),
  actor: z.string().max(191).optional().describe('The id or the name of who did it.'),
  action: z.string().max(80).optional().describe('Exact, or a family such as `order.*`.'),
  from: z.iso.datetime({ offset: true }).optional().describe('From this moment on.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this moment.'),
});
type AuditQuery = z.output<typeof auditQuery>;

const auditView = z.object({
  id: z.string(),
  at: z.string(),
  action: z.string(),
  subject: z.object({ type: z.string(), id: z.string() }),
  storeId: z.string().nullable(),
  orderId: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string(), role: z.string() }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  note: z.string().nullable(),
  requestId: z.string(),
  execution: z.object({
    workflowId: z.string().nullable(),
    executionId: z.string().nullable(),
    node: z.string().nullable(),
  }),
  sealNumber: z.number().nullable(),
  seal: z.string().nullable(),
});

const verification = z.object({
  ok: z.boolean(),
  sealed: z.number(),
  unsealed: z.number(),
  oldestUnsealedAt: z.string().nullable(),
  head: z.object({ number: z.number(), seal: z.string() }),
  broken: z.object({ id: z.number(), sealNumber: z.number(), reason: z.string(), message: z.string() }).nullable(),
});

export const auditRoutes: readonly Route[] = [
  query({
    method: 'get',
    path: '/audit',
    summary: 'Who did what, newest first',
    tag: 'audit',
    permission: readAudit,
    query: auditQuery,
    response: listOf(auditView),
    run: (ctx, request) => listAudit(ctx, request.query),
  }),
  query({
    method: 'get',
    path: '/audit/verify',
    summary: 'Whether the chain of sealed rows is whole',
    tag: 'audit',
    permission: readAudit,
    response: verification,
    run: (ctx) => verifyAudit(ctx),
  }),
];

async function listAudit(ctx: ReadContext, filter: AuditQuery) {
  const { conditions, params } = conditionsOf(ctx, filter);
  const where = conditions.length > 0 ? conditions.join(' AND ') : '1 = 1';
  const rows = await ctx.find(auditRows, `${where} ORDER BY id DESC LIMIT ${filter.limit + 1}`, params);
  const { items, nextCursor } = page(rows, filter.limit, (row) => [Number(row.id)]);
  return { items: items.map((row) => viewOf(row, ctx.actor.role === 'reporting')), nextCursor };
}

function conditionsOf(ctx: ReadContext, filter: AuditQuery) {
  const { storeIds } = ctx.actor;
  const utc = (time: string | undefined) => time && new Date(time).toISOString();
  const family = filter.action?.endsWith('.*') ?? false;
  const terms: [unknown, string, Record<string, unknown>][] = [
    // An empty list would be no SQL; no store has an empty id.
    [storeIds !== 'all', 'store_id IN (:storeIds)', { storeIds: storeIds.length > 0 ? storeIds : [''] }],
    [filter.orderId, 'order_id = :orderId', { orderId: filter.orderId }],
    [filter.actor, '(actor_id = :actor OR actor_name = :actor)', { actor: filter.actor }],
    [filter.action && !family, 'action = :action', { action: filter.action }],
    // `order.` up to `order/`, the next character: a range that an index can serve.
    [family, 'action >= :familyFrom AND action < :familyTo', familyRange(filter.action ?? '')],
    [filter.from, 'at >= :from', { from: utc(filter.from) }],
    [filter.to, 'at < :to', { to: utc(filter.to) }],
    [filter.after, 'id < :after', { after: filter.after && readCursor(filter.after, 1)[0] }],
  ];
  const used = terms.filter(([wanted]) => wanted);
  return {
    conditions: used.map(([, sql]) => sql),
    params: Object.assign({}, ...used.map(([, , params]) => params)) as Record<string, unknown>,
  };
}

function familyRange(action: string): { familyFrom: string; familyTo: string } {
  const stem = action.slice(0, -2);
  return { familyFrom: `${stem}.`, familyTo: `${stem}/` };
}

/** Roles that read figures don't need to know who the customer is. */
function viewOf(row: AuditRow, hidePersons: boolean): z.output<typeof auditView> {
  const values = (all: AuditRow['beforeValues']) =>
    hidePersons ? (masked(all, PERSONAL_FIELDS) as AuditRow['beforeValues']) : all;
  return {
    id: String(row.id),
    at: row.at,
    action: row.action,
    subject: { type: row.subjectType, id: row.subjectId },
    storeId: row.storeId,
    orderId: row.orderId,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName, role: row.role },
    before: values(row.beforeValues),
    after: values(row.afterValues),
    note: row.note,
    requestId: row.requestId,
    execution: { workflowId: row.workflowId, executionId: row.executionId, node: row.node },
    sealNumber: row.sealNumber === null ? null : Number(row.sealNumber),
    seal: row.seal,
  };
}

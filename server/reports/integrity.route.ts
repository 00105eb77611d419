import { z } from 'zod';
import { permission } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { query, type Route } from '../platform/http/route';
import type { Registry } from '../platform/registry';

const readIntegrity = permission('integrity.read', ['store_manager', 'reporting']);

const integrityView = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), broken: z.array(z.looseObject({})) })),
});

/** Runs every slice's checks: do counters, movements, reservations, values and books tell the same story? */
export async function checkIntegrity(ctx: ReadContext, registry: Registry): Promise<z.output<typeof integrityView>> {
  const checks = [];
  for (const { name, run } of registry.checks) {
    const broken = await run(ctx);
    checks.push({ name, ok: broken.length === 0, broken });
  }
  return { ok: checks.every((check) => check.ok), checks };
}

export function integrityRoute(registry: Registry): Route {
  return query({
    method: 'get',
    path: '/integrity',
    tag: 'trust',
    summary: 'Whether the ledger contradicts itself',
    permission: readIntegrity,
    response: integrityView,
    run: (ctx) => checkIntegrity(ctx, registry),
  });
}

import { z } from 'zod';
import { command, type Route } from '../../platform/http/route';
import { viewCheck } from './compliance-section';
import { complianceCheckInput, complianceCheckView } from './compliance.schema';
import { checkAges, recordAgeCheck, recordPermission } from './record-check';

export const complianceRoutes: Route[] = [
  command({
    method: 'post',
    path: '/orders/:id/compliance_checks',
    tag: 'orders',
    summary: 'Record an age check, or a permission for restricted goods',
    permission: checkAges,
    params: z.object({ id: z.string().min(1).max(80) }),
    body: complianceCheckInput,
    // Not even a trace of it is kept.
    volatileFields: ['birthDate'],
    response: complianceCheckView,
    status: 201,
    run: async (ctx, { params, body }) => {
      if (body.kind === 'permission') return viewCheck(ctx, await recordPermission(ctx, params.id, body));
      return viewCheck(ctx, await recordAgeCheck(ctx, params.id, body));
    },
  }),
];

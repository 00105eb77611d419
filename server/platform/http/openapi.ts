import { extendZodWithOpenApi, OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Route } from './route';

extendZodWithOpenApi(z);

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

/** OpenAPI 3.1 from the very schemas that check the requests. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  for (const route of routes) registry.registerPath(pathOf(route) as Parameters<typeof registry.registerPath>[0]);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Orderloom',
      version: '1',
      description:
        'Orders, stock and money in one ledger. Every write takes an Idempotency-Key; `?dryRun=true` previews it; refusals are problem documents with a stable code.',
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ apiKey: [] }],
  });
}

function pathOf(route: Route): object {
  const { method, path, summary, tag, params, query, body, response, produces, status = 200 } = route.definition;
  const idempotencyKey = z
    .string()
    .openapi({ description: 'One value for one intention; the same when you try again.' });
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    summary,
    tags: [tag],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(route.kind !== 'query' ? { headers: z.object({ 'Idempotency-Key': idempotencyKey }) } : {}),
      ...(body ? { body: { content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: {
      [status]: { description: 'Done', content: contentOf(produces ?? ['application/json'], response) },
      default: { description: 'Refused', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}

function contentOf(mediaTypes: readonly string[], schema: z.ZodType): object {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]));
}

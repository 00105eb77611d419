import { Router, static as serveStatic } from 'express';
import { dirname } from 'node:path';
import type { Route } from './route';
import { openApiDocument } from './openapi';

/** The API's contract for programs at /openapi.json and for people at /docs. */
export function docsRouter(routes: readonly Route[], publicUrl: string): Router {
  const router = Router();
  let document: object | undefined;
  router.get('/openapi.json', (_request, response) => {
    document ??= openApiDocument(routes, publicUrl);
    response.json(document);
  });
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response
      .type('text/javascript')
      .send(
        "window.onload = () => { window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true }); };",
      );
  });
  router.use('/docs', serveStatic(dirname(require.resolve('swagger-ui-dist/package.json'))));
  return router;
}

import express, { type Express } from 'express';
import helmet from 'helmet';
import { NotFoundError } from './platform/errors';
import { apiRouter, type Authenticate } from './platform/http/api';
import { docsRouter } from './platform/http/docs';
import { operationRouter } from './platform/http/operation';
import { problemHandler } from './platform/http/problem';
import { keyRateLimit } from './platform/http/rate-limit';
import { requestId } from './platform/http/request-id';
import type { Logger } from './platform/logger';
import type { Workroom } from './platform/workroom';

export const BODY_LIMIT_BYTES = 1024 * 1024;

/** The Express app: middleware in the order a request meets it. What the slices offer hangs in the registry. */
export function createApp(workroom: Workroom, authenticate: Authenticate, logger: Logger): Express {
  const { registry, database } = workroom;
  const app = express();
  app.set('trust proxy', 1);
  app.use(requestId);
  app.use(helmet({ contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } }, hsts: false }));
  app.use(operationRouter(database));
  app.use(docsRouter(registry.routes, registry.config.publicUrl));
  for (const page of registry.pages) app.use(page.path, page.router);
  app.use('/api/v1', keyRateLimit(registry.config.rateLimitPerSecond));
  app.use('/api/v1', express.json({ limit: BODY_LIMIT_BYTES, strict: true, type: () => true }));
  app.use('/api/v1', apiRouter(workroom, authenticate));
  app.use((request, _response, next) => {
    next(new NotFoundError('ROUTE_NOT_FOUND', `There is no ${request.method} ${request.path}. See /docs.`));
  });
  app.use(problemHandler(logger));
  return app;
}

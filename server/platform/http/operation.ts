import { Router } from 'express';
import { collectDefaultMetrics, Histogram, Registry as Metrics } from 'prom-client';
import { QueryTypes } from 'sequelize';
import type { Database } from '../database/database';
import { migrations } from '../database/migrate';

/** What those who run the service look at: alive, ready, figures. */
export function operationRouter(database: Database): Router {
  const router = Router();
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method and status',
    labelNames: ['method', 'status'],
    registers: [metrics],
  });
  router.use((request, response, next) => {
    const stop = durations.startTimer({ method: request.method });
    response.on('finish', () => stop({ status: String(response.statusCode) }));
    next();
  });
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await database.sequelize.query('SELECT 1', { type: QueryTypes.SELECT });
      const waiting = await migrations(database).pending();
      const ready = waiting.length === 0;
      response
        .status(ready ? 200 : 503)
        .json({ status: ready ? 'ready' : 'migrations waiting', waiting: waiting.length });
    } catch {
      response.status(503).json({ status: 'database down' });
    }
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  return router;
}

import type { RequestHandler } from 'express';
import { newId } from '../ids';

/** Every request gets an id that stands in its answer, its log lines and its audit rows. */
export const requestId: RequestHandler = (_request, response, next) => {
  const id = newId();
  response.locals.requestId = id;
  response.setHeader('X-Request-Id', id);
  next();
};

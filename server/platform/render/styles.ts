import { type Router, static as serveStatic } from 'express';
import { join } from 'node:path';
import { templatesFolder } from '../paths';

const STYLES_KEPT_MS = 3_600_000;

/** Style sheets at /styles, since the pages' content security policy allows none inside a page. */
export function stylesRouter(): Router {
  return serveStatic(join(templatesFolder, 'styles'), { maxAge: STYLES_KEPT_MS, index: false }) as unknown as Router;
}

import express, { type Response, Router } from 'express';
import { basename, dirname, join } from 'node:path';
import { templatesFolder } from '../../platform/paths';

const SCRIPT_KEPT_MS = 3_600_000;
/** What keeps the open page at hand; it may serve the pages of tasks and waves, not only what lies beside it. */
const WORKER = 'worker.js';

/** The page's scripts, and the reader of barcodes for browsers that have none; nothing comes from another site. */
export function pageAssets(): Router {
  const router = Router();
  const scripts = join(templatesFolder, 'console', 'scripts');
  router.use(express.static(scripts, { maxAge: SCRIPT_KEPT_MS, index: false, setHeaders: letWorkerReach }));
  const reader = readerFolders();
  router.use('/reader', express.static(reader.script, { maxAge: SCRIPT_KEPT_MS, index: false }));
  router.use('/reader', express.static(reader.wasm, { maxAge: SCRIPT_KEPT_MS, index: false }));
  return router;
}

function letWorkerReach(response: Response, path: string): void {
  if (basename(path) === WORKER) response.set('Service-Worker-Allowed', '/');
}

/** The detector as one script, and the compiled reader of exactly the version that it was made for. */
function readerFolders(): { script: string; wasm: string } {
  const detector = require.resolve('barcode-detector/ponyfill');
  const wasm = require.resolve('zxing-wasm/reader/zxing_reader.wasm', { paths: [dirname(detector)] });
  return { script: join(dirname(dirname(detector)), 'iife'), wasm: dirname(wasm) };
}

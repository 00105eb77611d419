import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Says on every answer of the page what the link stands for now, so that its script knows a page of ours from another's. */
export const TASK_STATE = 'X-Task-State';

/** Reading barcodes compiles WebAssembly, and a picture is shown before it is sent. */
const contentPolicy = helmet.contentSecurityPolicy({
  directives: {
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'upgrade-insecure-requests': null,
  },
});

/** The address is the key, so it goes into no cache, no index and no other site's log; of the device, only the camera is asked for. */
export const pagePolicy: RequestHandler = (request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  });
  contentPolicy(request, response, next);
};

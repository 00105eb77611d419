import { setTimeout as sleep } from 'node:timers/promises';
import { json, type NextFunction, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock';
import { STEADFAST_STATUSES } from '../steadfast-statuses';
import { readCreateBody } from './create-rules';
import { Faults, faultsInput } from './faults';
import { Parcels, type SandboxParcel } from './parcels';
import { trackingPage } from './tracking-page';

export const SANDBOX_PATH = '/sandbox/steadfast';
export const SANDBOX_API_PATH = `${SANDBOX_PATH}/api/v1`;
/** Where a customer of the demonstration follows a parcel. */
const TRACKING_PATH = '/t';
export const SANDBOX_KEYS = { apiKey: 'sandbox-api-key', secretKey: 'sandbox-secret-key' } as const;

interface SandboxOptions {
  file: string;
  clock: Clock;
  /** Where people reach the service. */
  publicUrl: string;
}

interface Sandbox {
  parcels: Parcels;
  faults: Faults;
  clock: Clock;
}

/**
 * A courier that speaks Steadfast's contract and carries nothing: `/api/v1` as Steadfast's, `/t/:code` for customers,
 * `/control` for its puppeteer.
 */
export function steadfastSandbox({ file, clock, publicUrl }: SandboxOptions): Router {
  const parcels = new Parcels(file, `${publicUrl}${SANDBOX_PATH}${TRACKING_PATH}`);
  const sandbox = { parcels, faults: new Faults(), clock };
  const router = Router();
  router.use(TRACKING_PATH, trackingPage(parcels));
  router.use(json({ limit: '100kb', type: () => true }));
  router.use('/api/v1', courierApi(sandbox));
  router.use('/control', control(sandbox));
  return router;
}

function courierApi(sandbox: Sandbox): Router {
  const { parcels, clock } = sandbox;
  const api = Router();
  api.get('/ping', (_request, response) => {
    response.json({ status: 200, message: 'pong', service: 'steadfast-api', version: 'v1', time: clock.now() });
  });
  api.use(checkKeys);
  api.post('/create_order', (request, response) => createOrder(sandbox, request, response));
  const byId = (id: string) => parcels.find(({ consignment_id }) => String(consignment_id) === id);
  const tells = (path: string, find: (id: string) => SandboxParcel | undefined): void => {
    api.get(`${path}/:id`, (request, response) => answerStatus(response, find(String(request.params.id))));
  };
  tells('/status_by_cid', byId);
  tells('/status_with_return_status_by_cid', byId);
  tells('/status_by_invoice', (invoice) => parcels.get(invoice));
  tells('/status_by_trackingcode', (code) => parcels.find(({ tracking_code }) => tracking_code === code));
  api.get('/trackings_by_invoice/:invoice', (request, response) => {
    const parcel = parcels.get(request.params.invoice);
    if (!parcel) return void notFound(response);
    const { consignment_id, created_at } = parcel;
    const text = 'Consignment created by Sender(API).';
    response.json({ status: 200, tracking: [{ consignment_id, tracking_type: 1, text, created_at }] });
  });
  return api;
}

function checkKeys(request: Request, response: Response, next: NextFunction): void {
  const { apiKey, secretKey } = SANDBOX_KEYS;
  if (request.get('api-key') === apiKey && request.get('secret-key') === secretKey) return next();
  response.status(401).json({ message: 'Unauthenticated.' });
}

async function createOrder(sandbox: Sandbox, request: Request, response: Response): Promise<void> {
  const { parcels, faults, clock } = sandbox;
  const fault = faults.next();
  if (fault?.kind === 'error_500') return void response.status(500).send('<html>Server Error</html>');
  if (fault?.kind === 'unauthorised') return void response.status(401).json({ message: 'Unauthenticated.' });
  if (fault?.kind === 'rejected') return refuse(response, { recipient_address: ['The delivery area is not served.'] });
  const read = readCreateBody(request.body);
  if ('errors' in read) return refuse(response, read.errors);
  if (parcels.get(read.parcel.invoice)) return refuse(response, { invoice: ['The invoice has already been taken.'] });
  const consignment = parcels.add(read.parcel, clock.now());
  if (fault?.kind === 'lost_reply') return void request.socket.destroy();
  if (fault?.kind === 'slow') await sleep(fault.delayMs);
  response.json({ status: 200, message: 'Consignment has been created successfully.', consignment });
}

function refuse(response: Response, errors: Record<string, string[]>): void {
  response.status(422).json({ status: 422, message: 'The given data was invalid.', errors });
}

function answerStatus(response: Response, parcel: SandboxParcel | undefined): void {
  if (!parcel) return notFound(response);
  response.json({ status: 200, delivery_status: parcel.status });
}

function notFound(response: Response): void {
  response.status(404).json({ status: 404, message: 'Consignment not found.' });
}

const statusInput = z.strictObject({
  status: z.string().refine((status) => Object.hasOwn(STEADFAST_STATUSES, status), {
    error: `status is one of ${Object.keys(STEADFAST_STATUSES).join(', ')}.`,
  }),
});

/** For demonstrations and tests: what the courier has, what happens to it, and what goes wrong next. */
function control({ parcels, faults, clock }: Sandbox): Router {
  const router = Router();
  router.get('/parcels', (_request, response) => {
    response.json({ items: parcels.list() });
  });
  router.put('/parcels/:invoice', (request, response) => {
    const read = statusInput.safeParse(request.body);
    if (!read.success) return void malformed(response, read.error);
    const parcel = parcels.setStatus(request.params.invoice, read.data.status, clock.now());
    if (!parcel) return notFound(response);
    response.json(parcel);
  });
  router.put('/faults', (request, response) => {
    const read = faultsInput.safeParse(request.body);
    if (!read.success) return void malformed(response, read.error);
    faults.set(read.data.faults);
    response.json({ faults: faults.list() });
  });
  return router;
}

function malformed(response: Response, error: z.ZodError): void {
  const message = error.issues.map(({ path, message: said }) => `${path.join('.')}: ${said}`).join(' ');
  response.status(400).json({ status: 400, message });
}

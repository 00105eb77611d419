import { join } from 'node:path';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Registry } from '../platform/registry';
import { BOOK_JOB, bookingJob, takeUpOverdueBookings } from './booking.jobs';
import { Couriers } from './couriers';
import { manualCourier } from './couriers/manual';
import { Steadfast, type SteadfastAccess } from './couriers/steadfast';
import { SANDBOX_API_PATH, SANDBOX_KEYS, SANDBOX_PATH, steadfastSandbox } from './couriers/steadfast-sandbox';
import { pollDue } from './polling';
import { rateRoutes } from './rates';

export {
  askAgain,
  bookConsignment,
  canWithdraw,
  type ConsignmentSource,
  openConsignment,
  withdrawConsignment,
} from './book-consignment';
export {
  COD_OUTDATED,
  codProblem,
  confirmCod,
  isCodOutdated,
  lockOpenConsignments,
  markAlerted,
  setCodDue,
} from './cod-amount';
export { type ConsignmentStatus, CONSIGNMENT_STATUSES, isAsking, isEnded } from './consignment-statuses';
export type { Courier, Parcel } from './courier';
export { Couriers } from './couriers';
export {
  type ConsignmentFilter,
  consignmentsOf,
  listConsignments,
  lockConsignment,
  readConsignment,
  readConsignments,
} from './find-consignments';
export { askForNews } from './polling';
export { type Asking, quoteIfZoned, quoteShipping, quoteView, type QuoteView, readShipping } from './rates';
export { reportStatus } from './report-status';
export { changeConsignment, consignmentFacts, emitConsignment, flagProblem } from './shipping.events';
export type { ConsignmentRow } from './shipping.models';

const STEADFAST_URL = 'https://portal.packzy.com/api/v1';
const BOOKINGS_EVERY_MS = 15_000;
const POLL_SWEEP_EVERY_MS = 30_000;

/** `serviceUrl` answers where the service listens, which is known only after it does. Answers the couriers there are. */
export function install(
  registry: Registry,
  { clock, serviceUrl }: { clock: Clock; serviceUrl: () => string },
): Couriers {
  const { config } = registry;
  registry.addRoutes(...rateRoutes);
  const access = usesSandbox(config) ? () => sandboxAccess(serviceUrl()) : () => accessOf(config);
  const couriers = new Couriers([new Steadfast(access, config.steadfastTimeoutMs), manualCourier]);
  if (config.demo) {
    const file = join(config.dataFolder, 'steadfast-sandbox.jsonl');
    registry.addPages(SANDBOX_PATH, steadfastSandbox({ file, clock, publicUrl: config.publicUrl }));
  }
  const { handle, options } = bookingJob(couriers, config.steadfastTimeoutMs);
  registry.job(BOOK_JOB, handle, options);
  registry.every('shipping.overdue_bookings', BOOKINGS_EVERY_MS, takeUpOverdueBookings);
  registry.every('shipping.poll', POLL_SWEEP_EVERY_MS, (job) => pollDue(job, couriers));
  return couriers;
}

/** A demonstration without an account of its own sends its parcels to the service itself. */
function usesSandbox({ demo, steadfastBaseUrl, steadfastApiKey, steadfastSecretKey }: Config): boolean {
  return demo && !steadfastBaseUrl && !steadfastApiKey && !steadfastSecretKey;
}

function sandboxAccess(serviceUrl: string): SteadfastAccess {
  return { baseUrl: serviceUrl + SANDBOX_API_PATH, ...SANDBOX_KEYS };
}

function accessOf(config: Config): SteadfastAccess | undefined {
  const { steadfastApiKey: apiKey, steadfastSecretKey: secretKey } = config;
  return apiKey && secretKey ? { baseUrl: config.steadfastBaseUrl || STEADFAST_URL, apiKey, secretKey } : undefined;
}
